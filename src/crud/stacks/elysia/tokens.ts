import { parseText } from '../../../schema/parse.ts';
import { ts } from '../../../schema/compiler.cjs';
import { insertItem } from '../../../schema/list-edit.ts';
import { readStyle } from '../../../schema/style.ts';
import { applyEdits } from '../../../schema/text-edit.ts';
import { spanOf } from '../../../schema/parse.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { DomainNames } from '../../domain.ts';
import type { Layout } from './layout.ts';
import { type Neighbour, renamed } from './neighbours.ts';
import type { WiringTargets } from './targets.ts';

/** How a class is asked for: `TOKENS.OrderItemRepository`, `ORDER_ITEM_REPOSITORY`, `'OrderItemRepository'`. */
export interface Token {
  /** As it stands in `@inject(…)`. */
  readonly code: string;
  /** The last name in it, which `tokens.ts` declares. */
  readonly name: string | undefined;
  /** It is a text, which nothing declares. */
  readonly isText?: boolean | undefined;
  /** What is imported for it, and from which file. */
  readonly imports: readonly { readonly name: string; readonly path: string }[];
  /** The neighbour's, after which it is modelled, and whose that is. */
  readonly like: { readonly name: string; readonly subject: string } | undefined;
}

/** The token of the domain's repository, in the form in which other domains ask for theirs. */
export function repositoryToken(
  names: DomainNames,
  layout: Layout,
  project: CrudProject,
  { tokens, container }: WiringTargets,
): Token {
  const registrations = container === undefined ? '' : (project.sources.get(container) ?? '');
  const isOfRepository = ({ role }: Neighbour): boolean => role === 'port' || role === 'adapter';
  for (const port of layout.neighbours.filter(isOfRepository)) {
    const code =
      port.role === 'port'
        ? injectedAs(project, port.className)
        : registeredAs(registrations, port.className);
    if (code === undefined) continue;
    // An abstract class is no token to tsyringe's types.
    if (code === port.className) continue;
    const like = code.split('.').at(-1)!;
    const name = renamed(like.replace(/^['"]|['"]$/g, ''), port.subject, names);
    if (name === undefined) continue;
    if (/^['"]/.test(code))
      return {
        code: `'${name}'`,
        name,
        imports: [],
        like: { name: like.slice(1, -1), subject: port.subject },
        isText: true,
      };
    const [root = code] = code.split('.');
    const own = code.includes('.') ? `${code.slice(0, code.lastIndexOf('.'))}.${name}` : name;
    return {
      code: own,
      name,
      imports: tokens === undefined ? [] : [{ name: code.includes('.') ? root : name, path: tokens }],
      like: { name: like, subject: port.subject },
    };
  }
  return usualToken(layout, project, tokens);
}

/** The text in `@inject(…)` before a parameter of a type. */
function injectedAs({ sources }: CrudProject, type: string): string | undefined {
  const pattern = new RegExp(
    `@inject\\(\\s*([^)]+?)\\s*\\)\\s*(?:(?:private|public|protected|readonly)\\s+)*\\w+\\s*:\\s*${type}\\b`,
  );
  for (const text of sources.values()) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined && /^(['"]\w+['"]|[\w$.]+)$/.test(found)) return found;
  }
  return undefined;
}

/** The first argument of the registration of a class: `registerSingleton(TOKENS.IUserRepository, UserDrizzleRepository)`. */
function registeredAs(text: string, className: string): string | undefined {
  const pattern = new RegExp(
    `\\.register\\w*(?:<[^(]*>)?\\(\\s*([\\w$.]+|['"]\\w+['"])\\s*,\\s*(?:\\{\\s*useClass:\\s*)?${className}\\b`,
  );
  return pattern.exec(text)?.[1];
}

/** Without an example: a member of the first object that `tokens.ts` exports, else a text. */
function usualToken({ classes }: Layout, { sources }: CrudProject, tokens: string | undefined): Token {
  const name = classes.port;
  const object = tokens && /export const (\w+)\s*=\s*\{/.exec(sources.get(tokens) ?? '')?.[1];
  return tokens === undefined || !object
    ? { code: `'${name}'`, name: undefined, imports: [], like: undefined }
    : { code: `${object}.${name}`, name, imports: [{ name: object, path: tokens }], like: undefined };
}

/** Adds a token to the first object of a file, in the form of the member before it. Undefined where there is none. */
export function addTokenMember(path: string, text: string, name: string): string | undefined {
  const ast = parseText(path, text);
  const object = ast.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) =>
      declarationList.declarations.map(({ initializer }) => bare(initializer)),
    )
    .find((node) => node !== undefined && ts.isObjectLiteralExpression(node));
  if (object === undefined || !ts.isObjectLiteralExpression(object)) return undefined;
  const { eol, quote } = readStyle(text);
  const members = object.properties.map((each) => spanOf(each, ast));
  const isFor = !/\bSymbol\(/.test(text);
  const item = `${name}: Symbol${isFor ? '.for' : ''}(${quote}${name}${quote})`;
  const list = { open: object.getStart(ast), close: object.end - 1, items: members };
  return applyEdits(text, [insertItem(text, list, members.length, item, eol)]);
}

/** `{ … } as const` without what stands behind it. */
function bare(node: ts.Expression | undefined): ts.Expression | undefined {
  return node !== undefined && (ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    ? bare(node.expression)
    : node;
}
