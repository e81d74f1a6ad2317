import { toCase } from '../../../../schema/case.ts';
import { ts } from '../../../../schema/compiler.cjs';
import { parseText } from '../../../../schema/parse.ts';
import { baseOf } from '../../../../schema/path-template.ts';
import { directoryOf } from '../../../../schema/specifier.ts';
import { capitalise, singularName } from '../../../../schema/word-names.ts';
import { USUALLY_OPEN } from '../../../access.ts';
import type { CrudProject } from '../../../crud-project.ts';
import { isTest } from '../../../find-database.ts';
import { type CodePlace, declarationOf } from '../../../refuses.ts';

/** A plugin that an application uses: `.use(users)`, `.use(users(db))`, or a function that gets the application. */
export interface Mount {
  /** The variable or function: `users`. */
  readonly name: string;
  readonly call: ts.CallExpression;
  /** All nodes around the call, outermost first. */
  readonly above: readonly ts.Node[];
  readonly place: CodePlace;
  /** The arguments of `users(db)`; undefined where the plugin is no call. */
  readonly given: readonly ts.Expression[] | undefined;
  /** The plugin's own code. */
  readonly declared: { readonly node: ts.Node; readonly place: CodePlace };
  /** Whose routes they are, one of them in PascalCase: `User`. */
  readonly subject: string;
}

/** The plugins of the project's own that its applications use. */
export interface Mounts {
  readonly all: readonly Mount[];
  /** Those with the routes of one domain, but of no health check, login or the like. */
  readonly neighbours: readonly Mount[];
}

const ROUTES = /\.(get|post|put|patch|delete|all)\(\s*['"`]/;

/** Reads all uses of plugins; those of `ownSubject`, the domain that is written, are nobody's neighbours. */
export function readMounts(project: CrudProject, ownSubject: string): Mounts {
  const all = [...project.sources]
    .filter(([path, text]) => !isTest(path) && /\bElysia\b|\.use\(/.test(text))
    .flatMap(([path, text]) => mountsIn({ path, ast: parseText(path, text) }, project));
  const isOuter = ({ declared }: Mount): boolean =>
    all.some(
      (inner) =>
        hasRoutes(inner) && inner.place.path === declared.place.path && isWithin(inner.call, declared.node),
    );
  const leaves = all
    .filter((mount) => hasRoutes(mount) && !isOuter(mount))
    .flatMap((mount) => outermost(mount, all));
  const neighbours = [...new Set(leaves)].filter(
    ({ name, subject }) => subject !== ownSubject && ![subject, name].some((word) => USUALLY_OPEN.test(word)),
  );
  return { all, neighbours };
}

/** A domain may be put together of several plugins: the use of the whole counts. */
function outermost(mount: Mount, all: readonly Mount[], depth = 0): readonly Mount[] {
  const outer = usesOf(mount, all).filter(({ subject }) => subject === mount.subject);
  return outer.length === 0 || depth > 3 ? [mount] : outer.flatMap((each) => outermost(each, all, depth + 1));
}

function hasRoutes({ declared: { node, place } }: Mount): boolean {
  return ROUTES.test(node.getText(place.ast));
}

/** Whether a node lies within another of the same file, though both were parsed apart. */
function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}

function mountsIn(place: CodePlace, project: CrudProject): readonly Mount[] {
  const found: Mount[] = [];
  const visit = (node: ts.Node, above: readonly ts.Node[]): void => {
    if (ts.isCallExpression(node)) {
      const mount = mountOf(node, above, { place, project });
      if (mount !== undefined) found.push(mount);
    }
    ts.forEachChild(node, (child) => visit(child, [...above, node]));
  };
  visit(place.ast, []);
  return found;
}

interface Reading {
  readonly place: CodePlace;
  readonly project: CrudProject;
}

function mountOf(
  call: ts.CallExpression,
  above: readonly ts.Node[],
  { place, project }: Reading,
): Mount | undefined {
  const [target] = call.arguments;
  const { expression } = call;
  const isUse = isUseCall(call);
  const around = above.at(-1);
  // `.use(users(db))` is one mount.
  if (!isUse && around !== undefined && isUseCall(around)) return undefined;
  // `registerRoutes(app)`: what it puts on the application is used there too.
  const named = isUse ? target : ts.isIdentifier(expression) ? call : undefined;
  const identifier = named && ts.isCallExpression(named) ? named.expression : named;
  if (named === undefined || identifier === undefined || !ts.isIdentifier(identifier)) return undefined;
  const declared = declarationOf(identifier.text, place, project);
  if (declared === undefined || declared === 'package') return undefined;
  const code = declared.node.getText(declared.place.ast);
  if (!/\bElysia\b/.test(isUse ? code + declared.place.ast.text : code)) return undefined;
  const given = ts.isCallExpression(named) ? named.arguments : undefined;
  const name = identifier.text;
  return { name, call, above, place, given, declared, subject: subjectOf(name, declared.place.path) };
}

/** `.use(…)`. */
export function isUseCall(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'use'
  );
}

const KIND = /(Routes?|Router|Controller|Plugin|Module|Handlers?|Api|Group|Endpoints?)$/;
const GENERIC = /^(app|api|index|routes?|router|controllers?|plugin|module|default|server)$/i;

/** `User` of `usersController`; of what has no name of its own (`export default`), of its file or folder. */
function subjectOf(name: string, path: string): string {
  const file = baseOf(path).split('.')[0]!;
  const folder = baseOf(directoryOf(path));
  const word =
    [name.replace(/On$/, '').replace(KIND, ''), file, folder].find(
      (each) => each !== '' && !GENERIC.test(each),
    ) ?? name;
  return singularName(capitalise(toCase(word, 'camel')));
}

/** The declaration at a file's top level that a mount stands in: an application, a plugin, a function. */
function ownerOf({ above, place }: Mount): { readonly path: string; readonly node: ts.Node } | undefined {
  const statement = above[1];
  if (statement === undefined) return undefined;
  if (!ts.isVariableStatement(statement)) return { path: place.path, node: statement };
  const declaration = statement.declarationList.declarations.find((each) => above.includes(each));
  return declaration?.initializer && { path: place.path, node: declaration.initializer };
}

/** The uses of what a mount stands in: `.use(api)` for the `.use(users)` in `api`. */
export function usesOf(mount: Mount, all: readonly Mount[]): readonly Mount[] {
  const owner = ownerOf(mount);
  if (owner === undefined) return [];
  return all.filter(
    ({ declared }) =>
      declared.place.path === owner.path &&
      (isWithin(declared.node, owner.node) || isWithin(owner.node, declared.node)),
  );
}
