import { capitalise, pluralName, singularName } from '../../../schema/word-names.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { DomainNames } from '../../domain.ts';
import { isTest } from '../../find-database.ts';

export const OPERATIONS = ['create', 'getAll', 'getById', 'update', 'delete'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What a class of a domain is for. */
export type Role = `${Operation}UseCase` | `${Operation}Controller` | 'entity' | 'port' | 'adapter' | 'dto';

/** A class of a domain that the project has already, and whose it is. */
export interface Neighbour {
  readonly role: Role;
  readonly path: string;
  readonly className: string;
  /** One of them, in PascalCase: `User`. */
  readonly subject: string;
  /** A port that no class is, but a type. */
  readonly isInterface?: boolean | undefined;
}

const CLASS = /\bclass\s+([A-Z]\w*)(?:\s+(?:extends|implements)\s+([A-Z]\w*))?/g;
const PORT = /\binterface\s+([A-Z]\w*Repository)\b/g;
const VERBS: readonly (readonly [Operation, RegExp])[] = [
  ['create', /^(?:Create|Add)(\w+)$/],
  ['getAll', /^(?:GetAll|ListAll|List|FindAll|FindMany|Search)(\w+)$/],
  ['getById', /^(?:Get|Find|Show|Read)(?:One)?(\w+?)(?:ById)?$/],
  ['update', /^(?:Update|Edit|Change)(\w+?)(?:ById)?$/],
  ['delete', /^(?:Delete|Remove)(\w+?)(?:ById)?$/],
];

/** The classes of domains that a project has, by what they are named and where they lie. */
export function findNeighbours({ sources }: CrudProject): readonly Neighbour[] {
  return [...sources].filter(([path]) => !isTest(path)).flatMap(([path, text]) => neighboursIn(path, text));
}

function neighboursIn(path: string, text: string): Neighbour[] {
  const classes = [...text.matchAll(CLASS)];
  const found = classes.flatMap(([, className = '', base]): Neighbour[] => {
    const role = roleOf({ path, text, className, base });
    return role === undefined ? [] : [{ path, className, ...role }];
  });
  const ports = [...text.matchAll(PORT)].map(([, className = '']): Neighbour => ({
    role: 'port',
    path,
    className,
    subject: repositorySubject(className),
    isInterface: true,
  }));
  const all = [...found, ...ports];
  return /\.dto\.[cm]?ts$/.test(path) ? [...all, ...dtoOf(path)] : all;
}

interface NamedClass {
  readonly path: string;
  readonly text: string;
  readonly className: string;
  readonly base: string | undefined;
}

function roleOf({
  path,
  text,
  className,
  base,
}: NamedClass): Pick<Neighbour, 'role' | 'subject'> | undefined {
  const kind = /(UseCase|Usecase|Controller)$/.exec(className)?.[1];
  if (kind !== undefined) return operationOf(className.slice(0, -kind.length), kind);
  if (/Repository\w*$/.test(className)) {
    const isAdapter = /['"]drizzle-orm['"/]/.test(text);
    return {
      role: isAdapter ? 'adapter' : 'port',
      subject: repositorySubject(isAdapter ? (base ?? className) : className),
    };
  }
  return /\/entit(y|ies)\/|\.entity\.[cm]?ts$/.test(path)
    ? { role: 'entity', subject: className.replace(/Entity$/, '') }
    : undefined;
}

function operationOf(verb: string, kind: string): Pick<Neighbour, 'role' | 'subject'> | undefined {
  for (const [operation, pattern] of VERBS) {
    const subject = pattern.exec(verb)?.[1];
    if (subject !== undefined)
      return {
        role: `${operation}${kind === 'Controller' ? kind : 'UseCase'}`,
        subject: singularName(subject),
      };
  }
  return undefined;
}

function repositorySubject(className: string): string {
  return singularName(className.replace(/Repository\w*$|^I(?=[A-Z][a-z])|Drizzle|Postgres|Pg/g, ''));
}

function dtoOf(path: string): Neighbour[] {
  const name = /([\w-]+)\.dto\.[cm]?ts$/.exec(path)?.[1];
  const subject = name?.split('-').map(capitalise).join('');
  return subject === undefined ? [] : [{ role: 'dto', path, className: '', subject: singularName(subject) }];
}

/** A name with a neighbour's subject in it, made ours: in the case and number in which it stands there. */
export function renamed(
  name: string,
  subject: string,
  { singular, plural }: DomainNames,
): string | undefined {
  const forms = [
    [pluralName(subject), plural],
    [subject, singular],
  ] as const;
  for (const [theirs, ours] of forms) {
    const camel = theirs.charAt(0).toLowerCase() + theirs.slice(1);
    const upper = theirs.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
    if (/^[A-Z0-9_]+$/.test(name) && name.includes(upper))
      return name.replace(upper, ours.snake.toUpperCase());
    if (name.includes(theirs)) return name.replace(theirs, ours.pascal);
    if (name.startsWith(camel)) return name.replace(camel, ours.camel);
  }
  return undefined;
}
