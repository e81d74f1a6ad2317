import { ts } from '../../../schema/compiler.cjs';
import type { CrudProject } from '../../crud-project.ts';
import { guardFrom } from '../../guard.ts';
import { type CodePlace, declarationOf, OF_PACKAGES, refusesStrangers } from '../../refuses.ts';
import { bare, textOf } from '../../chains.ts';
import { calledName, type Dialect, type Link, type Passing, pathCode, pathOf } from '../servers/routers.ts';
import { callsOf, type Decorated, decoratorsOf } from './decorators.ts';

/** The hooks that run before a handler. */
const HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler'];
const ROUTE = /^(get|post|put|patch|delete|all|route)$/;

/** Fastify: `app.register(userRoutes, { prefix: '/users' })`. `decorator`: where routes find their database, if not in their options. */
export function fastifyDialect(project: CrudProject, decorator: string | undefined): Dialect {
  const decorators = decoratorsOf(project);
  const refuses: Dialect['refuses'] = (node, place, of) =>
    refusesStrangers(node, place, of) || membersOf(node).some((name) => memberRefuses(name, decorators, of));
  return {
    hint: /fastify/i,
    makes,
    makesApplication: makes,
    mountOf(link, of) {
      const [target, options] = link.arguments;
      if (link.method !== 'register' || target === undefined) return undefined;
      return isPlugin(target, link, of)
        ? { path: prefixOf(options, link) ?? '/', target, guards: [] }
        : undefined;
    },
    passesOf: (link, of) => hooksOf(link, of),
    refuses,
    guardOf(node, { name, place }, of) {
      const own = new RegExp(`\\b${name}\\.`, 'g');
      const text = node.getText(place.ast);
      // What the application is decorated with is there in every plugin.
      if (membersOf(node).length > 0 && own.test(text))
        return { imports: [], text: text.replaceAll(own, 'fastify.') };
      return guardFrom(node, place, of);
    },
    guards: () =>
      decorators
        .filter(({ name, node, place }) => refusesStrangers(node, place, project) || OF_PACKAGES.test(name))
        .map(({ name }) => ({ name, guard: { imports: [], text: `fastify.${name}` } })),
    routeOf({ method, arguments: given }) {
      if (!ROUTE.test(method) || given.length === 0) return undefined;
      const options = given.find(ts.isObjectLiteralExpression);
      const path = method === 'route' ? options && member(options, 'url') : given[0];
      return {
        path: textOf(path),
        before: options === undefined ? [] : HOOKS.flatMap((hook) => listed(member(options, hook))),
      };
    },
    write({ on, isAwaited, url, routes, database, guard, eol, indent }) {
      const given = decorator === undefined ? (database === 'db' ? ', db' : `, db: ${database}`) : '';
      const register = `${on}.register(${routes}, { prefix: ${pathCode(url)}${given} })`;
      const wait = isAwaited ? 'await ' : '';
      if (guard === undefined) return wait + register;
      const lines = [`${on}.${hookCode(guard.text, on, project)}`, `await ${register}`];
      return `${wait}${on}.register(async (${on}) => {${lines.map((line) => `${eol}${indent}${line};`).join('')}${eol}})`;
    },
  };
}

function makes(node: ts.Expression): boolean {
  return (
    ts.isCallExpression(node) && ts.isIdentifier(node.expression) && /^fastify$/i.test(node.expression.text)
  );
}

/** `addHook('onRequest', app.authenticate)`: at the moment at which the application's other routes have it. */
export function hookCode(guard: string, on: string, { sources }: CrudProject): string {
  const name = /\w+(?=\W*$)/.exec(guard)?.[0] ?? '';
  const at = (hook: string): boolean => {
    const used = new RegExp(`\\b${hook}['"]?\\s*[:,]\\s*\\[?[^\\n;]*\\b${name}\\b`);
    return [...sources.values()].some((text) => used.test(text));
  };
  const hook = HOOKS.find(at) ?? 'onRequest';
  return `addHook('${hook}', ${guard.replaceAll(/\bfastify\./g, `${on}.`)})`;
}

/** Whether what is registered has a scope of its own, and so routes: neither a package's nor wrapped by fastify-plugin. */
function isPlugin(target: ts.Expression, { router }: Link, project: CrudProject): boolean {
  const own = bare(target);
  if (ts.isFunctionLike(own)) return true;
  const name = calledName(own);
  if (name === undefined) return false;
  const declared = declarationOf(name, router.place, project);
  if (declared === 'package') return isOfProject(name, router.place.ast);
  return declared === undefined || !isShared(declared.node);
}

/** Whether a name comes from a file beside, though that is not written yet. */
function isOfProject(name: string, ast: ts.SourceFile): boolean {
  return ast.statements.some((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return false;
    const bindings = statement.importClause?.namedBindings;
    const names =
      bindings && ts.isNamedImports(bindings) ? bindings.elements.map((each) => each.name.text) : [];
    return names.includes(name) && statement.moduleSpecifier.text.startsWith('.');
  });
}

/** `fp(async (fastify) => …)`: what it adds is added where it is registered. */
function isShared(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && /^(fp|fastifyPlugin|plugin)$/.test(calledName(node) ?? '');
}

function hooksOf(link: Link, project: CrudProject): Passing | undefined {
  const { method, arguments: given, router } = link;
  const [first, second] = given;
  if (first === undefined) return undefined;
  if (method === 'addHook')
    return HOOKS.includes(textOf(first) ?? '') && second !== undefined
      ? { path: '/', through: [{ node: second, place: router.place }] }
      : undefined;
  const name = method === 'register' ? calledName(first) : undefined;
  const declared = name === undefined ? undefined : declarationOf(name, router.place, project);
  if (declared === undefined || declared === 'package' || !isShared(declared.node)) return undefined;
  return { path: '/', through: addedHooks(declared.node, declared.place) };
}

/** The hooks that a plugin adds. */
export function addedHooks(node: ts.Node, place: CodePlace): Passing['through'] {
  return callsOf(node, 'addHook').flatMap(({ arguments: [event, hook] }) =>
    HOOKS.includes(textOf(event) ?? '') && hook !== undefined ? [{ node: hook, place }] : [],
  );
}

function prefixOf(options: ts.Expression | undefined, { router }: Link): string | undefined {
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return undefined;
  return pathOf(member(options, 'prefix'), router.place.ast);
}

/** The value of a property. */
export function member(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of object.properties) {
    if (property.name === undefined || !ts.isIdentifier(property.name) || property.name.text !== name)
      continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
}

function listed(node: ts.Expression | undefined): readonly ts.Expression[] {
  if (node === undefined) return [];
  return ts.isArrayLiteralExpression(node) ? [...node.elements] : [node];
}

/** What of an application a hook is made of: `authenticate` of `fastify.authenticate` and of `fastify.auth([fastify.authenticate])`. */
function membersOf(node: ts.Node): readonly string[] {
  if (ts.isFunctionLike(node)) return [];
  const inner: string[] = [];
  ts.forEachChild(node, (child) => {
    inner.push(...membersOf(child));
  });
  return ts.isPropertyAccessExpression(node) ? [node.name.text, ...inner] : inner;
}

function memberRefuses(name: string, decorators: readonly Decorated[], project: CrudProject): boolean {
  const own = decorators.filter((each) => each.name === name);
  return own.length === 0
    ? OF_PACKAGES.test(name)
    : own.some(({ node, place }) => refusesStrangers(node, place, project));
}
