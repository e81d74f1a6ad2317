import { TableplanError } from '../../../errors.ts';
import { ts } from '../../../schema/compiler.cjs';
import { parseFile } from '../../../schema/parse.ts';
import type { SchemaFile } from '../../../schema/source-file.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { Authentication, CrudDomain } from '../../domain.ts';

/** What keeps strangers out, as the project's own controllers have it. */
export interface GuardUse {
  /** `@UseGuards(JwtAuthGuard)`, `@Roles('admin')`. */
  readonly decorators: readonly string[];
  /** The guards, as they stand in the decorator. */
  readonly guards: readonly string[];
  readonly imports: readonly GuardImport[];
}

export interface GuardImport {
  readonly name: string;
  readonly from: { readonly module: string } | { readonly path: string };
}

const NONE: GuardUse = { decorators: [], guards: [], imports: [] };

/** The guard that a domain asks for, found in the project. Throws `answer-needed` where there is none: none is invented. */
export function guardsFor({ authentication, names }: CrudDomain, project: CrudProject): GuardUse {
  const isGuarded = hasGlobalGuard(project);
  if (authentication === 'public') return (isGuarded ? publicDecorator(project) : undefined) ?? NONE;
  const uses = guardUses(project);
  const found =
    authentication === 'admin'
      ? uses.find(isForAdmins)
      : isGuarded
        ? NONE
        : (mostUsed(uses.filter((use) => use.decorators.length === 1 && !isForAdmins(use))) ??
          guardClass(project));
  if (found !== undefined) return found;
  throw new TableplanError(
    'answer-needed',
    `${names.plural.words} shall be ${authentication}, and the project has no guard for that.`,
    {
      hint: 'Nothing was written. tableplan uses the guard that a project has and invents none.',
      missing: [missingGuard(authentication)],
    },
  );
}

function missingGuard(authentication: Authentication) {
  return {
    field: 'authentication',
    question:
      authentication === 'admin'
        ? 'No controller has a guard and a role of admins to follow. Who may use the routes?'
        : 'No controller has @UseGuards, and no class implements CanActivate. Who may use the routes?',
    supply: '--authentication public',
  };
}

/** A guard of the whole application that looks after who somebody is. */
function hasGlobalGuard({ sources }: CrudProject): boolean {
  return [...sources.values()].some((text) =>
    [...text.matchAll(/\bprovide:\s*APP_GUARD\s*,\s*use(?:Class|Existing):\s*(\w+)/g)].some(
      ([, name = '']) => !OTHER_GUARDS.test(name),
    ),
  );
}

/** Guards that ask something else than who somebody is. */
const OTHER_GUARDS = /role|admin|throttl|rate|permission|polic/i;

/** The decorator by which the project opens single routes. */
function publicDecorator({ sources }: CrudProject): GuardUse | undefined {
  for (const [path, text] of sources) {
    const name = /\bexport\s+(?:const|function)\s+(Public|IsPublic|SkipAuth|NoAuth|AllowAnonymous)\b/.exec(
      text,
    )?.[1];
    if (name !== undefined)
      return { decorators: [`@${name}()`], guards: [], imports: [{ name, from: { path } }] };
  }
  return undefined;
}

function isForAdmins({ decorators }: GuardUse): boolean {
  return decorators.some((decorator) => /admin/i.test(decorator));
}

function mostUsed(uses: readonly GuardUse[]): GuardUse | undefined {
  const count = ({ decorators }: GuardUse): number =>
    uses.filter((other) => other.decorators.join() === decorators.join()).length;
  return uses.toSorted((a, b) => count(b) - count(a))[0];
}

/** Every `@UseGuards(…)` of the project's controllers, with the decorators of roles that stand beside it. */
function guardUses(project: CrudProject): readonly GuardUse[] {
  return [...project.sources]
    .filter(([, text]) => text.includes('@UseGuards(') && text.includes('@Controller('))
    .flatMap(([path, text]) => usesIn(parse(project, path, text)));
}

function parse(project: CrudProject, path: string, text: string): SchemaFile {
  return parseFile(path, text, (from, specifier) => project.resolveImport(from, specifier));
}

function usesIn(file: SchemaFile): readonly GuardUse[] {
  return file.ast.statements.filter(ts.isClassDeclaration).flatMap((controller) => {
    const ofClass = decoratorsOf(controller);
    const ofMembers = controller.members.map((member) => decoratorsOf(member));
    return [ofClass, ...ofMembers.map((own) => [...ofClass, ...own])].flatMap(
      (decorators) => useOf(decorators, file) ?? [],
    );
  });
}

interface Decorator {
  readonly name: string;
  readonly arguments: readonly ts.Expression[];
}

function decoratorsOf(node: ts.Node): readonly Decorator[] {
  const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
  return decorators.flatMap(({ expression }) =>
    ts.isCallExpression(expression) && ts.isIdentifier(expression.expression)
      ? [{ name: expression.expression.text, arguments: expression.arguments }]
      : [],
  );
}

function useOf(decorators: readonly Decorator[], file: SchemaFile): GuardUse | undefined {
  const kept = decorators.filter(
    ({ name }) => name === 'UseGuards' || /^(Require|Has|With)?Roles?$/.test(name),
  );
  const guards = kept.filter(({ name }) => name === 'UseGuards').flatMap((each) => each.arguments);
  const imports = [
    ...kept.map(({ name }) => name),
    ...kept.flatMap((each) => each.arguments.flatMap(namesIn)),
  ]
    .filter((name, index, all) => name !== 'UseGuards' && all.indexOf(name) === index)
    .map((name) => importOf(name, file));
  const isAboutPeople = guards.some((guard) => !/throttl|rate/i.test(guard.getText(file.ast)));
  if (!isAboutPeople || !imports.every((each) => each !== undefined)) return undefined;
  const textOf = (node: ts.Node): string => node.getText(file.ast);
  return {
    decorators: kept.map((each) => `@${each.name}(${each.arguments.map(textOf).join(', ')})`),
    guards: guards.map(textOf),
    imports,
  };
}

function namesIn(node: ts.Node): readonly string[] {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isPropertyAccessExpression(node)) return namesIn(node.expression);
  const names: string[] = [];
  ts.forEachChild(node, (child) => void names.push(...namesIn(child)));
  return names;
}

function importOf(name: string, file: SchemaFile): GuardImport | undefined {
  const line = file.imports.find((each) =>
    each.names?.items.some((item) => item.alias === name && item.name === name),
  );
  if (line === undefined) return undefined;
  return { name, from: line.path === undefined ? { module: line.module } : { path: line.path } };
}

/** The one class of the project that implements CanActivate and looks after who somebody is. */
function guardClass(project: CrudProject): GuardUse | undefined {
  const found = [...project.sources].flatMap(([path, text]) =>
    [...text.matchAll(/export class (\w+)[^{]*\bimplements\b[^{]*\bCanActivate\b/g)].map(([, name = '']) => ({
      name,
      path,
    })),
  );
  const candidates = found.filter(({ name }) => !OTHER_GUARDS.test(name));
  const [only] = candidates;
  if (only === undefined || candidates.length > 1) return undefined;
  return {
    decorators: [`@UseGuards(${only.name})`],
    guards: [only.name],
    imports: [{ name: only.name, from: { path: only.path } }],
  };
}
