import { ts } from '../../../../schema/compiler.cjs';
import type { CrudProject } from '../../../crud-project.ts';
import { guardFrom, type GuardImport } from '../../../guard.ts';
import { declarationOf } from '../../../refuses.ts';
import { closes, HOOKS, isClosingMacro, type Reading } from '../closed.ts';
import type { Mount } from './mounts.ts';

/** How a plugin keeps strangers from its routes itself. */
export interface OwnGuard {
  /** As it stands in the code: `.use(auth)`, `{ isSignedIn: true }`. */
  readonly text: string;
  /** Some of its routes are open. */
  readonly isPartial: boolean;
  /** What closes another plugin in the same way; undefined where that cannot be had elsewhere. */
  readonly copy: GuardCopy | undefined;
}

/** Links of a chain, and what their names are imported from. */
export interface GuardCopy {
  readonly links: readonly string[];
  readonly imports: readonly GuardImport[];
}

const ROUTE = /^(get|post|put|patch|delete|all)$/;

/** What closes the routes of a plugin in its own code; undefined where nothing that was seen does. */
export function ownGuard({ declared }: Mount, project: CrudProject): OwnGuard | undefined {
  const reading = { place: declared.place, project };
  const links = linksIn(declared.node);
  const first = links.findIndex((link) => isRoute(link) || link.name === 'group');
  const before = links.slice(0, first === -1 ? undefined : first).filter(({ name }) => HOOKS.test(name));
  const closing = before.filter(({ node }) => node.arguments.some((each) => closes(each, reading)));
  if (closing.length > 0)
    return {
      text: closing.map(({ node }) => linkText(node, reading)).join(''),
      isPartial: false,
      copy: copyOf(
        [...providers(before, reading), ...closing].map(({ node }) => node),
        [],
        reading,
      ),
    };
  const routes = links.filter(isRoute).map(({ node }) => guardOption(node, reading));
  const options = [
    ...new Set(routes.filter((each) => each !== undefined).map((each) => each.getText(declared.place.ast))),
  ];
  const [option] = routes.filter((each) => each !== undefined);
  if (option === undefined) return undefined;
  const isWhole = routes.every((each) => each !== undefined) && options.length === 1;
  const nodes = providers(before, reading).map(({ node }) => node);
  return {
    text: `{ ${options.join(', ')} }`,
    isPartial: routes.includes(undefined),
    copy: isWhole || options.length === 1 ? copyOf(nodes, [option], reading) : undefined,
  };
}

interface Link {
  readonly name: string;
  readonly node: ts.CallExpression;
}

/** `.get('/:id', …)`, but not `headers.get(name)`. */
function isRoute({
  name,
  node: {
    arguments: [path, handler],
  },
}: Link): boolean {
  return ROUTE.test(name) && path !== undefined && ts.isStringLiteralLike(path) && handler !== undefined;
}

/** The calls of the chains that begin with `new Elysia` or a parameter, in the order in which they run. */
function linksIn(node: ts.Node): readonly Link[] {
  const found: Link[] = [];
  const visit = (each: ts.Node): void => {
    // The object is called before the call itself.
    ts.forEachChild(each, visit);
    if (ts.isCallExpression(each) && ts.isPropertyAccessExpression(each.expression))
      found.push({ name: each.expression.name.text, node: each });
  };
  visit(node);
  return found.toSorted((a, b) => nameOffset(a.node) - nameOffset(b.node));
}

function nameOffset({ expression }: ts.CallExpression): number {
  return ts.isPropertyAccessExpression(expression) ? expression.name.pos : expression.pos;
}

/** `.use(auth)` of the project's own plugins that give names to the context, or macros: a guard may stand on them. */
function providers(links: readonly Link[], { place, project }: Reading): readonly Link[] {
  return links.filter(({ name, node }) => {
    const [given] = node.arguments;
    const target = given && ts.isCallExpression(given) ? given.expression : given;
    if (name !== 'use' || target === undefined || !ts.isIdentifier(target)) return false;
    const declared = declarationOf(target.text, place, project);
    return (
      declared !== undefined &&
      declared !== 'package' &&
      /\.(macro|derive|resolve)\(/.test(declared.node.getText(declared.place.ast))
    );
  });
}

/** The option of a route that closes it: `beforeHandle`, or a macro. */
function guardOption(route: ts.CallExpression, reading: Reading): ts.PropertyAssignment | undefined {
  const options = route.arguments.findLast((each) => ts.isObjectLiteralExpression(each));
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return undefined;
  return options.properties.filter(ts.isPropertyAssignment).find((property) => {
    const name = property.name.getText(reading.place.ast);
    return name === 'beforeHandle'
      ? closes(property.initializer, reading)
      : isClosingMacro(property, reading.project);
  });
}

/** The same links for another file; undefined where one of their names is no import of this one. */
function copyOf(
  calls: readonly ts.CallExpression[],
  options: readonly ts.PropertyAssignment[],
  reading: Reading,
): GuardCopy | undefined {
  const { place, project } = reading;
  const unique = [...new Set(calls)];
  const parts = [...unique.flatMap(argumentsOf), ...options.map(({ initializer }) => initializer)];
  const guards = parts.map((part) => guardFrom(part, place, project));
  if (!guards.every((guard) => guard !== undefined)) return undefined;
  const option = options.map((each) => `.guard({ ${each.getText(place.ast)} })`);
  return {
    links: [...unique.map((call) => linkText(call, reading)), ...option],
    imports: guards.flatMap((guard) => guard.imports),
  };
}

/** Without the function in which a guard holds: in the copy it holds for all that follows. */
function argumentsOf(call: ts.CallExpression): readonly ts.Expression[] {
  return call.arguments.filter((each, index) => index === 0 || !ts.isFunctionLike(each));
}

function linkText(call: ts.CallExpression, { place }: Reading): string {
  const { expression } = call;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
  return `.${name}(${argumentsOf(call)
    .map((each) => each.getText(place.ast))
    .join(', ')})`;
}
