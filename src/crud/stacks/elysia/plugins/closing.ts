import { ts } from '../../../../schema/compiler.cjs';
import type { CrudProject } from '../../../crud-project.ts';
import { closes, closingOfMaker, closingOfVariable, hookIn, type Reading, unwound } from '../closed.ts';
import { type Mount, type Mounts, usesOf } from './mounts.ts';
import type { FirstPlace } from './place.ts';

/** How far applications are followed that use each other. */
const DEEPEST = 5;

/**
 * What keeps strangers from a plugin by the place where it is used: guards around it, hooks before it, and the same of the plugins
 * that it is used in. Undefined where nothing that was seen does. One that is used twice is as open as the more open place.
 */
export function closingOf(mount: Mount, mounts: Mounts, project: CrudProject, depth = 0): string | undefined {
  if (depth > DEEPEST) return undefined;
  const here = closingAt(mount.call, mount, { place: mount.place, project });
  if (here !== undefined) return here;
  const outer = usesOf(mount, mounts.all).map((each) => closingOf(each, mounts, project, depth + 1));
  return outer.every((each) => each !== undefined) ? outer[0] : undefined;
}

/** In its own file: the chain before the call, then what the function around it is given to. */
function closingAt(call: ts.CallExpression, mount: Mount, reading: Reading): string | undefined {
  const own = closingOfChain(call, reading);
  if (own !== undefined) return own;
  const { above } = mount;
  const index = above.indexOf(call);
  const outer = above.slice(0, index === -1 ? undefined : index);
  const callback = outer.findLast((node) => ts.isArrowFunction(node) || ts.isFunctionExpression(node));
  const around = callback && outer[outer.indexOf(callback) - 1];
  if (callback === undefined || around === undefined || !ts.isCallExpression(around)) return undefined;
  const guard = around.arguments.find((each) => each !== callback && closes(each, reading));
  return guard?.getText(reading.place.ast) ?? closingAt(around, mount, reading);
}

function closingOfChain(call: ts.CallExpression, reading: Reading): string | undefined {
  const { root, links } = unwound(call.expression);
  const hook = hookIn(links, reading);
  if (hook !== undefined) return hook;
  // `registerRoutes(app.use(auth))`: it is called on what it is given.
  const [given] = call.arguments;
  if (ts.isIdentifier(call.expression) && given !== undefined) return closingOfExpression(given, reading);
  return ts.isIdentifier(root)
    ? closingOfVariable(root.text, call.pos, reading)
    : closingOfMaker(root, reading);
}

function closingOfExpression(node: ts.Expression, reading: Reading): string | undefined {
  if (ts.isIdentifier(node)) return closingOfVariable(node.text, node.pos, reading);
  if (!ts.isCallExpression(node)) return undefined;
  return closingOfChain(node, reading) ?? hookIn([{ name: linkName(node), node }], reading);
}

function linkName({ expression }: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
}

/** What closes a place that no domain is used at yet: what the application has before it. */
export function closingOfPlace(
  { call, path, ast, isListen }: FirstPlace,
  project: CrudProject,
): string | undefined {
  if (!ts.isCallExpression(call)) return undefined;
  const reading = { place: { path, ast }, project };
  return isListen ? closingOfChain(call, reading) : closingOfExpression(call, reading);
}
