import { ts } from '../../../schema/compiler.cjs';
import { parseFile } from '../../../schema/parse.ts';
import type { SchemaFile } from '../../../schema/source-file.ts';
import { USUALLY_OPEN } from '../../access.ts';
import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';
import { importOf } from './application.ts';
import { type ComposedDecorator, composedDecorators, globalGuards } from './global-guards.ts';
import type { GuardUse } from './guards.ts';

/** A controller of the project and what its routes are guarded with. */
export interface GuardedController {
  readonly className: string;
  /** Whether every route of it is guarded. */
  readonly isClosed: boolean;
  readonly uses: readonly GuardUse[];
}

/** All controllers but those that are open in most applications (health, login); all, where there are no others. */
export function neighbourControllers(project: CrudProject): readonly GuardedController[] {
  const composed = composedDecorators(project);
  const all = [...project.sources]
    .filter(([path, text]) => !isTest(path) && text.includes('@Controller('))
    .flatMap(([path, text]) => {
      const file = parseFile(path, text, (from, specifier) => project.resolveImport(from, specifier));
      return file.ast.statements
        .filter(ts.isClassDeclaration)
        .flatMap((node) => controllerOf(node, { file, composed, hasGlobal: hasGlobalRoles(project) }) ?? []);
    });
  const others = all.filter(({ className }) => !USUALLY_OPEN.test(className.replace(/Controller$/, '')));
  return others.length > 0 ? others : all;
}

/** The roles of routes are looked after by a guard of the whole application. */
function hasGlobalRoles(project: CrudProject): boolean {
  return globalGuards(project).some(({ name }) => /role|admin|permission/i.test(name));
}

interface Reading {
  readonly file: SchemaFile;
  readonly composed: readonly ComposedDecorator[];
  readonly hasGlobal: boolean;
}

const ROUTE = /^(Get|Post|Put|Patch|Delete|All|Options|Head|Sse)$/;

function controllerOf(node: ts.ClassDeclaration, reading: Reading): GuardedController | undefined {
  const ofClass = decoratorsOf(node);
  if (node.name === undefined || !ofClass.some(({ name }) => name === 'Controller')) return undefined;
  const ofRoutes = node.members
    .map((member) => decoratorsOf(member))
    .filter((decorators) => decorators.some(({ name }) => ROUTE.test(name)));
  const byClass = useOf(ofClass, reading);
  const byRoute = ofRoutes.map((own) => useOf([...ofClass, ...own], reading));
  return {
    className: node.name.text,
    isClosed: byClass !== undefined || (byRoute.length > 0 && byRoute.every((use) => use !== undefined)),
    uses: [byClass, ...byRoute].filter((use) => use !== undefined),
  };
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

function useOf(
  decorators: readonly Decorator[],
  { file, composed, hasGlobal }: Reading,
): GuardUse | undefined {
  const madeOf = (name: string): GuardUse | undefined => composed.find((each) => each.name === name)?.use;
  const kept = decorators.filter(
    ({ name }) =>
      name === 'UseGuards' || /^(Require|Has|With)?Roles?$/.test(name) || madeOf(name) !== undefined,
  );
  const textOf = (node: ts.Node): string => node.getText(file.ast);
  const named = kept.filter(({ name }) => name === 'UseGuards').flatMap((each) => each.arguments.map(textOf));
  const within = kept.flatMap(({ name }) => madeOf(name) ?? []);
  const guards = [...named, ...within.flatMap((use) => use.guards)];
  const imports = [
    ...kept.map(({ name }) => name),
    ...kept.flatMap((each) => each.arguments.flatMap(namesIn)),
  ]
    .filter((name, index, all) => name !== 'UseGuards' && all.indexOf(name) === index)
    .map((name) => importOf(name, file));
  const isAboutPeople =
    guards.some((guard) => !/throttl|rate/i.test(guard)) ||
    (hasGlobal && kept.some(({ name }) => name !== 'UseGuards'));
  if (!isAboutPeople || !imports.every((each) => each !== undefined)) return undefined;
  const ofTests = within.flatMap((use) => use.imports.filter(({ name }) => use.guards.includes(name)));
  return {
    decorators: kept.map((each) => `@${each.name}(${each.arguments.map(textOf).join(', ')})`),
    guards,
    imports: [...imports, ...ofTests.filter(({ name }) => !imports.some((each) => each.name === name))],
  };
}

function namesIn(node: ts.Node): readonly string[] {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isPropertyAccessExpression(node)) return namesIn(node.expression);
  const names: string[] = [];
  ts.forEachChild(node, (child) => void names.push(...namesIn(child)));
  return names;
}

/** The middleware by which single controllers are guarded: `consumer.apply(AuthMiddleware).forRoutes(UsersController)`. */
export function controllersMiddleware({ sources }: CrudProject): string | undefined {
  for (const [path, text] of sources) {
    if (isTest(path) || !text.includes('.forRoutes(')) continue;
    const found = [...text.matchAll(/\.apply\(([^)]*)\)[^;]*?\.forRoutes\(([^)]*)\)/g)].find(
      ([, middleware = '', routes = '']) =>
        /auth(?!or)|jwt|session|guard|login|user/i.test(middleware) && /\b\w+Controller\b/.test(routes),
    );
    if (found !== undefined) return found[1]!.trim();
  }
  return undefined;
}
