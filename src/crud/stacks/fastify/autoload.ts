import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathLike } from '../../../schema/path-template.ts';
import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import type { CrudDomain } from '../../domain.ts';
import { isTest } from '../../find-database.ts';
import { type Closing, closingAt, ownClosing } from '../servers/closed.ts';
import { accessAt, isUsuallyOpen, type Neighbour } from '../servers/mounting.ts';
import { type Application, calledName, type Link, type Mount } from '../servers/routers.ts';
import { addedHooks, member } from './dialect.ts';

/** A folder whose files @fastify/autoload registers, each below the names of the folders it is in. */
interface AutoloadedFolder {
  readonly folder: string;
  readonly link: Link;
  /** The options that every plugin gets. */
  readonly options: ts.ObjectLiteralExpression | undefined;
  readonly hasAutoHooks: boolean;
  /** The names of folders are no part of paths. */
  readonly isFlat: boolean;
  /** Files with the routes of domains. */
  readonly routes: readonly string[];
}

export interface AutoloadPlan extends ReturnType<typeof accessAt> {
  /** The folder of the domain; absolute. */
  readonly folder: string;
  /** The path that the plugin has to be given, where folders give none. */
  readonly prefix: string | undefined;
  /** The option in which every plugin gets the database. */
  readonly database: string | undefined;
}

/** Where the routes of a domain are loaded from; undefined where the application loads no folder with routes. */
export function planAutoload(domain: CrudDomain, application: Application): AutoloadPlan | undefined {
  const { kebab } = domain.names.plural;
  const loaded = foldersOf(application).find(({ routes }) => routes.length > 0);
  if (loaded === undefined) return undefined;
  const isOwn = (path: string): boolean =>
    dirname(path) === join(loaded.folder, kebab) || basename(dirname(path)) === kebab;
  const neighbours = loaded.routes
    .filter((path) => !isOwn(path))
    .map((path) => neighbourOf(path, loaded, application))
    .filter(({ mount }) => !isUsuallyOpen(mount));
  const { authentication } = domain;
  const isClosed = ({ own, closing }: Neighbour): boolean => own !== undefined || closing !== undefined;
  const alike = neighbours.filter((each) =>
    authentication === 'public' ? !isClosed(each) : each.closing !== undefined,
  );
  const beside = (alike.length > 0 ? alike : neighbours).map(({ mount }) => mount.inner!.place.path);
  const like = pathLike(
    beside.map((path) => ({ path, names: [isIndex(path) ? basename(dirname(path)) : stemOf(path)] })),
    { name: domain.table.name, domain: undefined },
  );
  const folder =
    like === undefined
      ? join(loaded.folder, kebab)
      : isIndex(like)
        ? dirname(like)
        : join(dirname(like), stemOf(like));
  const closing = closingOf(folder, loaded, application);
  const database = ['db', 'database'].find(
    (name) => loaded.options !== undefined && member(loaded.options, name) !== undefined,
  );
  const prefix = loaded.isFlat ? `${topOf(neighbours, application)}/${kebab}` : undefined;
  return {
    folder,
    prefix,
    database,
    ...accessAt(domain, { application, neighbours, closing, isMounted: true }),
  };
}

/** What stands before the names of domains in their own paths: `/api/v1` of `/api/v1/users` and `/api/v1/users/:id`. */
function topOf(neighbours: readonly Neighbour[], { dialect }: Application): string {
  const tops = neighbours.map(({ mount }) => {
    const paths = (mount.inner?.links ?? []).flatMap((link) => dialect.routeOf(link)?.path ?? []);
    const [shortest = ''] = paths.map((path) => path.split('/:')[0]!).toSorted((a, b) => a.length - b.length);
    return shortest.slice(0, Math.max(0, shortest.lastIndexOf('/')));
  });
  const [first = ''] = tops;
  return tops.every((top) => top === first) ? first : '';
}

function foldersOf({ routers, project, dialect }: Application): readonly AutoloadedFolder[] {
  return routers.flatMap(({ links, place }) =>
    links.flatMap((link): AutoloadedFolder[] => {
      const [target, given] = link.arguments;
      if (link.method !== 'register' || target === undefined || !isAutoload(target, place.ast)) return [];
      if (given === undefined || !ts.isObjectLiteralExpression(given)) return [];
      const folder = folderOf(member(given, 'dir'), place.path);
      if (folder === undefined) return [];
      const options = member(given, 'options');
      const routes = routers.filter(
        (router) =>
          router.place.path.startsWith(`${folder}/`) &&
          router.links.some((each) => dialect.routeOf(each) !== undefined),
      );
      return [
        {
          folder,
          link,
          options: options !== undefined && ts.isObjectLiteralExpression(options) ? options : undefined,
          isFlat: member(given, 'dirNameRoutePrefix')?.kind === ts.SyntaxKind.FalseKeyword,
          hasAutoHooks: member(given, 'autoHooks')?.kind === ts.SyntaxKind.TrueKeyword,
          routes: [...new Set(routes.map(({ place: { path } }) => path))].filter(
            (path) => !isTest(path) && !/autohooks/.test(path) && project.sources.has(path),
          ),
        },
      ];
    }),
  );
}

function isAutoload(target: ts.Expression, ast: ts.SourceFile): boolean {
  const name = calledName(target);
  return ast.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      statement.moduleSpecifier.text === '@fastify/autoload' &&
      (statement.importClause?.name?.text === name ||
        (statement.importClause?.namedBindings !== undefined &&
          ts.isNamedImports(statement.importClause.namedBindings) &&
          statement.importClause.namedBindings.elements.some((each) => each.name.text === name))),
  );
}

/** `join(__dirname, 'routes')`, `new URL('./routes', import.meta.url)`: the texts in it, below the file's own folder. */
function folderOf(node: ts.Expression | undefined, path: string): string | undefined {
  const parts: string[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isStringLiteralLike(each)) parts.push(each.text);
    ts.forEachChild(each, visit);
  };
  if (node !== undefined) visit(node);
  return parts.length === 0 ? undefined : resolve(dirname(path), ...parts);
}

/** A file of the folder as if it were mounted by name. */
function neighbourOf(path: string, loaded: AutoloadedFolder, application: Application): Neighbour {
  const inner = application.routers.find(
    (router) =>
      router.place.path === path &&
      router.links.some((link) => application.dialect.routeOf(link) !== undefined),
  );
  const mount: Mount = {
    path: `/${relative(loaded.folder, isIndex(path) ? dirname(path) : path.replace(/\.\w+$/, '')).replaceAll('\\', '/')}`,
    target: loaded.link.arguments[0]!,
    guards: [],
    link: loaded.link,
    inner,
  };
  return {
    mount,
    closing: closingOf(dirname(path), loaded, application),
    own: ownClosing(mount, application),
  };
}

/** What closes a folder: hooks where it is loaded, or in `autohooks` files above it. */
function closingOf(
  folder: string,
  { link, folder: top, hasAutoHooks }: AutoloadedFolder,
  application: Application,
): Closing | undefined {
  const above = closingAt({ router: link.router, path: '/', at: link.start }, application);
  if (above !== undefined || !hasAutoHooks) return above;
  const { project, dialect } = application;
  for (const [path, text] of project.sources) {
    if (!/\/autohooks\.[cm]?[jt]s$/.test(path) || !path.startsWith(`${top}/`)) continue;
    if (folder !== dirname(path) && !folder.startsWith(`${dirname(path)}/`)) continue;
    const place = { path, ast: parseText(path, text) };
    const hook = addedHooks(place.ast, place).find(({ node }) => dialect.refuses(node, place, project));
    if (hook !== undefined) return { text: hook.node.getText(place.ast).split('\n')[0]! };
  }
  return undefined;
}

function isIndex(path: string): boolean {
  return /^index\.[cm]?[jt]s$/.test(basename(path));
}

function stemOf(path: string): string {
  return basename(path).replace(/(\.(routes?|plugin))?\.[cm]?[jt]s$/, '');
}
