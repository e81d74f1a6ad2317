import { dirname, resolve } from 'node:path';
import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import type { TransactionMode } from '../../../review/rule.ts';
import { isOn } from './synchronize-option.ts';
import { type Constants, constantsIn, constantText } from './constants.ts';

/** What a data source's text says in plain words; nothing of it has been run. */
export interface SaidOptions {
  /** Globs of migrations, absolute. */
  readonly migrations: readonly string[];
  readonly transactionMode: TransactionMode;
  readonly synchronize: boolean;
}

const MODES: ReadonlySet<string> = new Set(['all', 'each', 'none']);

/**
 * Reads the options of the one `new DataSource({…})` of a file, where they are literals and globs all through. `root`:
 * where relative globs begin. Undefined for everything that only running the file can tell.
 */
export function saidOptions(path: string, text: string, root: string): SaidOptions | undefined {
  const ast = parseText(path, text);
  const constants = constantsIn([...ast.statements]);
  const [made, ...others] = dataSourcesIn(ast);
  const options = made && objectOf(made.arguments?.[0], constants);
  if (!options || others.length > 0) return undefined;
  const given = new Map<string, ts.Expression>();
  for (const property of options.properties) {
    // What is spread in may say anything.
    if (!ts.isPropertyAssignment(property)) {
      if (ts.isSpreadAssignment(property)) return undefined;
      if (property.name && ts.isIdentifier(property.name) && WANTED.has(property.name.text)) return undefined;
      continue;
    }
    if (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))
      given.set(property.name.text, property.initializer);
  }
  const migrations = globsIn(given.get('migrations'), { file: path, root, constants });
  const mode = given.has('migrationsTransactionMode')
    ? constantText(given.get('migrationsTransactionMode')!, constants)
    : 'all';
  const synchronize = given.get('synchronize');
  if (!migrations || mode === undefined || !MODES.has(mode)) return undefined;
  return {
    migrations,
    transactionMode: mode as TransactionMode,
    synchronize: synchronize !== undefined && isOn(synchronize),
  };
}

/**
 * The globs of every list of migrations in a file: of options between which its environment chooses, only those that it has
 * chosen are loaded. Undefined where one of several lists is not said in plain words.
 */
export function saidMigrations(path: string, text: string, root: string): readonly string[] | undefined {
  const ast = parseText(path, text);
  const constants = constantsIn([...ast.statements]);
  const lists: (readonly string[] | undefined)[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText(ast) === 'migrations')
      lists.push(globsIn(node.initializer, { file: path, root, constants }));
    ts.forEachChild(node, visit);
  };
  visit(ast);
  const said = lists.filter((list) => list !== undefined);
  return said.length < lists.length && lists.length > 1 ? undefined : said.flat();
}

const WANTED: ReadonlySet<string> = new Set(['migrations', 'migrationsTransactionMode', 'synchronize']);

function dataSourcesIn(ast: ts.SourceFile): ts.NewExpression[] {
  const found: ts.NewExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'DataSource')
      found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return found;
}

function objectOf(
  node: ts.Expression | undefined,
  constants: Constants,
): ts.ObjectLiteralExpression | undefined {
  if (!node || ts.isObjectLiteralExpression(node)) return node;
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return objectOf(node.expression, constants);
  return ts.isIdentifier(node) ? objectOf(constants.get(node.text), new Map()) : undefined;
}

interface Paths {
  readonly file: string;
  readonly root: string;
  readonly constants: Constants;
}

function globsIn(node: ts.Expression | undefined, paths: Paths): string[] | undefined {
  if (!node || !ts.isArrayLiteralExpression(node)) return undefined;
  const globs = node.elements.map((element) => pathOf(element, paths));
  return globs.every((glob) => glob !== undefined)
    ? globs.map((glob) => resolve(paths.root, glob))
    : undefined;
}

/** A path that is put together of constants and the folder of the file. */
function pathOf(node: ts.Expression, paths: Paths): string | undefined {
  const constant = constantText(node, paths.constants);
  if (constant !== undefined) return constant;
  if (isFolder(node)) return dirname(paths.file);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return joined([pathOf(node.left, paths), pathOf(node.right, paths)], '');
  if (ts.isTemplateExpression(node))
    return joined(
      [
        node.head.text,
        ...node.templateSpans.flatMap(({ expression, literal }) => [pathOf(expression, paths), literal.text]),
      ],
      '',
    );
  if (ts.isCallExpression(node) && isJoin(node.expression))
    return joined(
      node.arguments.map((argument) => pathOf(argument, paths)),
      '/',
    );
  return undefined;
}

/** `__dirname`, `import.meta.dirname`. */
function isFolder(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return node.text === '__dirname';
  return (
    ts.isPropertyAccessExpression(node) && ts.isMetaProperty(node.expression) && node.name.text === 'dirname'
  );
}

function isJoin(node: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  return ts.isIdentifier(name) && (name.text === 'join' || name.text === 'resolve');
}

function joined(parts: readonly (string | undefined)[], by: string): string | undefined {
  return parts.every((part) => part !== undefined) ? parts.join(by) : undefined;
}
