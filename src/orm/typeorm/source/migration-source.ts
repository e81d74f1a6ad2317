import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import type { Query, SourcePlace } from '../child/child.ts';
import { type Constants, constantList, constantsIn, constantText, literalOf } from './constants.ts';

/** The text of a file that holds migrations, taken apart. */
export interface MigrationSource {
  readonly path: string;
  readonly text: string;
  readonly ast: ts.SourceFile;
  /** In the order of the file. */
  readonly classes: readonly WrittenMigration[];
}

/** A class with a way up, as it is written. */
export interface WrittenMigration {
  /** Undefined for `export default class {}`. */
  readonly className: string | undefined;
  /** Its `name`, else that of the class: what TypeORM knows it by. */
  readonly name: string | undefined;
  readonly transaction: boolean | undefined;
  /** Of `transaction`, else of the class. */
  readonly place: SourcePlace;
  readonly up: WrittenMethod;
  /** The code of the way up with all that the file has around its classes, comments left out: equal where it does the same. */
  readonly code: () => string;
  /** Place of the way back, where there is one. */
  readonly down: SourcePlace | undefined;
}

export interface WrittenMethod {
  readonly place: SourcePlace;
  /** What it runs, where nothing but constant queries stand in it; undefined where it has to be run to be known. */
  readonly queries: readonly Query[] | undefined;
  /** The constant queries in it, whether and how often they run: what can be said where it cannot be run. */
  readonly constants: readonly Query[];
}

/** Reads the migrations of a TypeScript or JavaScript file. Never throws: what is no migration is left out. */
export function readMigrationSource(path: string, text: string): MigrationSource {
  const ast = parseText(path, text);
  const constants = constantsIn(ast.statements.flatMap((statement) => [statement]));
  const classes: WrittenMigration[] = [];
  const visit = (node: ts.Node): void => {
    const read = ts.isClassLike(node) ? readClass(node, ast, constants) : undefined;
    if (read) classes.push(read);
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return { path, text, ast, classes };
}

/** The place of an offset, from 1. */
export function placeAt(ast: ts.SourceFile, offset: number): SourcePlace {
  const { line, character } = ast.getLineAndCharacterOfPosition(offset);
  return { line: line + 1, column: character + 1 };
}

function readClass(
  node: ts.ClassLikeDeclaration,
  ast: ts.SourceFile,
  constants: Constants,
): WrittenMigration | undefined {
  const up = memberOf(node, 'up');
  const body = up && functionOf(up);
  if (!up || !body) return undefined;
  const name = propertyOf(node, 'name');
  const transaction = propertyOf(node, 'transaction')?.kind;
  const down = memberOf(node, 'down');
  const className = node.name?.text;
  return {
    className,
    name: (name && constantText(name, constants)) ?? className,
    transaction:
      transaction === ts.SyntaxKind.TrueKeyword
        ? true
        : transaction === ts.SyntaxKind.FalseKeyword
          ? false
          : undefined,
    place: placeAt(ast, (memberOf(node, 'transaction') ?? node).getStart(ast)),
    code: () => printed([...ast.statements.filter(isAround), up], ast),
    down: down && placeAt(ast, down.getStart(ast)),
    up: {
      place: placeAt(ast, up.getStart(ast)),
      queries: constantQueries(body, ast, constants),
      constants: anyQueries(body, ast, constants),
    },
  };
}

/** What a class may use, and is none itself. */
function isAround(statement: ts.Statement): boolean {
  return (
    !ts.isImportDeclaration(statement) &&
    !ts.isClassDeclaration(statement) &&
    !ts.isExportAssignment(statement)
  );
}

function printed(nodes: readonly ts.Node[], ast: ts.SourceFile): string {
  const printer = ts.createPrinter({ removeComments: true });
  return nodes.map((node) => printer.printNode(ts.EmitHint.Unspecified, node, ast)).join('\n');
}

function memberOf(node: ts.ClassLikeDeclaration, name: string): ts.ClassElement | undefined {
  return node.members.find(
    (member) =>
      member.name !== undefined &&
      (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)) &&
      member.name.text === name,
  );
}

function propertyOf(node: ts.ClassLikeDeclaration, name: string): ts.Expression | undefined {
  const member = memberOf(node, name);
  return member && ts.isPropertyDeclaration(member) ? member.initializer : undefined;
}

type Body = Pick<ts.FunctionLikeDeclaration, 'parameters' | 'body'>;

/** A method, or a property that holds a function. */
function functionOf(member: ts.ClassElement): Body | undefined {
  if (ts.isMethodDeclaration(member)) return member;
  const value = ts.isPropertyDeclaration(member) ? member.initializer : undefined;
  return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

/** The queries of a body in which nothing else happens: no condition, no loop, no other API. */
function constantQueries(
  { parameters, body }: Body,
  ast: ts.SourceFile,
  outer: Constants,
): Query[] | undefined {
  const [runner] = parameters;
  if (!body || !ts.isBlock(body)) return undefined;
  if (body.statements.length > 0 && (!runner || !ts.isIdentifier(runner.name))) return undefined;
  const name = runner && ts.isIdentifier(runner.name) ? runner.name.text : '';
  const constants = new Map([...outer, ...constantsIn(body.statements)]);
  const queries: Query[] = [];
  for (const statement of body.statements) {
    if (ts.isEmptyStatement(statement) || isConstantDeclaration(statement, constants)) continue;
    const isLast = statement === body.statements.at(-1);
    const expression =
      ts.isExpressionStatement(statement) || (isLast && ts.isReturnStatement(statement))
        ? statement.expression
        : undefined;
    const call = expression && ts.isAwaitExpression(expression) ? expression.expression : expression;
    if (!call || !ts.isCallExpression(call)) return undefined;
    if (isTalk(call, ast)) continue;
    const query = constantQuery(call, name, constants);
    if (!query) return undefined;
    queries.push({ ...query, at: placeAt(ast, statement.getStart(ast)) });
  }
  return queries;
}

/** Every call of `….query('…')` with a constant text. */
function anyQueries({ body }: Body, ast: ts.SourceFile, outer: Constants): Query[] {
  const found: Query[] = [];
  const visit = (node: ts.Node, outside: Constants): void => {
    const scope = ts.isBlock(node) ? new Map([...outside, ...constantsIn([...node.statements])]) : outside;
    const isQuery =
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === 'query';
    const text = isQuery ? node.arguments[0] : undefined;
    const sql = text && constantText(text, scope);
    if (sql !== undefined) found.push({ sql, at: placeAt(ast, node.getStart(ast)) });
    ts.forEachChild(node, (child) => visit(child, scope));
  };
  if (body) visit(body, outer);
  return found;
}

function isConstantDeclaration(statement: ts.Statement, constants: Constants): boolean {
  if (!ts.isVariableStatement(statement)) return false;
  const names = constantsIn([statement]);
  return (
    names.size === statement.declarationList.declarations.length &&
    [...names.values()].every((value) => constantText(value, constants) !== undefined)
  );
}

/** `console.log(…)`, `this.logger.log(…)`: what it says is of no interest. */
function isTalk({ expression }: ts.CallExpression, ast: ts.SourceFile): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    /^(this\.)?(console|logger)$/i.test(expression.expression.getText(ast).trim())
  );
}

function constantQuery(call: ts.CallExpression, runner: string, constants: Constants): Query | undefined {
  const { expression, arguments: given } = call;
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'query') return undefined;
  if (!ts.isIdentifier(expression.expression) || expression.expression.text !== runner) return undefined;
  const [text, list, ...more] = given;
  const sql = text && constantText(text, constants);
  const parameters = list ? constantList(list) : [];
  if (sql === undefined || parameters === undefined || more.length > 0) return undefined;
  return { sql, ...(parameters.length > 0 && { parameters }) };
}

/** The literals of a file that may be a query, constants that stand for one included. */
export function literalsIn(
  node: ts.Node,
  constants: Constants,
): (ts.StringLiteralLike | ts.TemplateExpression)[] {
  const found: (ts.StringLiteralLike | ts.TemplateExpression)[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isStringLiteralLike(child) || ts.isTemplateExpression(child)) found.push(child);
    const meant = ts.isIdentifier(child) ? literalOf(child, constants) : undefined;
    if (meant) found.push(meant);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}
