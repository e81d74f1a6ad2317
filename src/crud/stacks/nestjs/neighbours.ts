import { posix } from 'node:path';
import { ts } from '../../../schema/compiler.cjs';
import { parseFile } from '../../../schema/parse.ts';
import type { SchemaFile } from '../../../schema/source-file.ts';
import { USUALLY_OPEN } from '../../access.ts';
import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';
import { moduleFiles } from './layout.ts';

/** A module of the application that answers requests, in a folder of its own. */
export interface NeighbourModule {
  /** `products`, of `products.module.ts`. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** `products.module.ts`; absolute. */
  readonly path: string;
  /** Its files, relative to the folder. */
  readonly files: readonly string[];
}

/** The modules beside which a new one goes; those of logins, health checks and the like show nothing. */
export function neighbourModules(project: CrudProject): readonly NeighbourModule[] {
  const paths = [...project.sources.keys()];
  return moduleFiles(project).flatMap((path): NeighbourModule[] => {
    const name = posix.basename(path).replace(/\.module\.[cm]?ts$/, '');
    const folder = posix.dirname(path);
    const files = paths
      .filter((each) => each.startsWith(`${folder}/`))
      .map((each) => posix.relative(folder, each));
    const answers = files.some((file) => /(\.|\/)controller\.[cm]?ts$/.test(file));
    return !answers || USUALLY_OPEN.test(name) || posix.basename(folder) !== name
      ? []
      : [{ name, folder, path, files }];
  });
}

/**
 * How most modules are laid out: in layers (`domain`, `application`, `infrastructure`), or as `nest g resource` makes them.
 * Where there are none, as Nest's documentation has it.
 */
export function moduleLayout(project: CrudProject): 'hexagonal' | 'standard' {
  const modules = neighbourModules(project);
  const layered = modules.filter(isLayered);
  return layered.length * 2 > modules.length ? 'hexagonal' : 'standard';
}

function isLayered({ files }: NeighbourModule): boolean {
  const has = (folder: string): boolean => files.some((file) => file.startsWith(`${folder}/`));
  return has('domain') && (has('application') || has('infrastructure') || has('presenters'));
}

/** What more values are than any other; undefined where there are none. */
export function mostOf<T>(values: readonly T[]): T | undefined {
  const count = (value: T): number => values.filter((other) => other === value).length;
  return values.toSorted((a, b) => count(b) - count(a))[0];
}

/** The application's own sources that mention one of some words, parsed; tests, and what helps them, left out. */
export function filesWith(project: CrudProject, words: RegExp): readonly SchemaFile[] {
  return [...project.sources].flatMap(([path, text]) =>
    isTest(path) || path.includes('/testing/') || !words.test(text)
      ? []
      : [parseFile(path, text, (from, specifier) => project.resolveImport(from, specifier))],
  );
}

/** A decorator as it is called: `ApiTags`, and its arguments. */
export interface DecoratorCall {
  readonly name: string;
  readonly arguments: readonly ts.Expression[];
}

/** The decorators of a class, a member or a parameter that are calls of a name. */
export function decoratorsOf(node: ts.Node): readonly DecoratorCall[] {
  const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
  return decorators.flatMap(({ expression }) =>
    ts.isCallExpression(expression) && ts.isIdentifier(expression.expression)
      ? [{ name: expression.expression.text, arguments: expression.arguments }]
      : [],
  );
}

/** The classes of a file that have a decorator. */
export function classesWith({ ast }: SchemaFile, decorator: string): readonly ts.ClassDeclaration[] {
  return ast.statements
    .filter(ts.isClassDeclaration)
    .filter((node) => decoratorsOf(node).some(({ name }) => name === decorator));
}
