import { ts } from '../compiler.cjs';
import { spanOf } from '../parse.ts';
import type { SchemaFile, Span } from '../source-file.ts';

/** A list of entities in a source: what a data source is given, what a Nest module provides. */
export interface EntityList {
  readonly file: SchemaFile;
  /** The brackets and what is between them. */
  readonly span: Span;
  readonly kind: 'entities' | 'feature' | 'constant';
  /** An object literal (`{ User, Post }`), which is handed over as Object.values(…). */
  readonly isObject: boolean;
  /** Names that the items have in the files they come from; undefined for a spread, a string and the like. */
  readonly items: readonly (string | undefined)[];
  /** Names in the lists of the same file that are spread into it. */
  readonly spread: readonly string[];
}

/** Finds the lists of a file that hold one of these classes. */
export function entityListsIn(file: SchemaFile, classes: ReadonlySet<string>): readonly EntityList[] {
  const lists: EntityList[] = [];
  const known = nameIn(file);
  const add = (node: ts.Expression | undefined, kind: EntityList['kind']): void => {
    const literal = node && bare(node);
    if (literal === undefined) return;
    const isObject = ts.isObjectLiteralExpression(literal);
    if (!isObject && !ts.isArrayLiteralExpression(literal)) return;
    const nodes: readonly ts.Node[] = isObject ? literal.properties : literal.elements;
    const items = nodes.map((item) => known(item));
    if (items.some((item) => item !== undefined && classes.has(item)))
      lists.push({
        file,
        span: spanOf(literal, file.ast),
        kind,
        isObject,
        items,
        spread: spreadInto(literal),
      });
  };
  const spreadInto = (literal: ts.ObjectLiteralExpression | ts.ArrayLiteralExpression): readonly string[] =>
    spreadsOf(literal).flatMap((each) => {
      const found = declared(each, file.ast);
      const inner = found && bare(found);
      if (inner === undefined || !(ts.isObjectLiteralExpression(inner) || ts.isArrayLiteralExpression(inner)))
        return [];
      const nodes: readonly ts.Node[] = ts.isObjectLiteralExpression(inner)
        ? inner.properties
        : inner.elements;
      return nodes.flatMap((item) => known(item) ?? []);
    });
  const called = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && nameOf(node.name) === 'entities') {
      add(declared(node.initializer, file.ast) ?? node.initializer, 'entities');
      called.add(calledIn(node.initializer) ?? '');
    } else if (ts.isCallExpression(node) && /\bforFeature$/.test(node.expression.getText(file.ast)))
      add(node.arguments[0], 'feature');
    ts.forEachChild(node, visit);
  };
  visit(file.ast);
  const visitFunctions = (node: ts.Node): void => {
    const name = functionName(node);
    if (name !== undefined && (called.has(name) || LIST_NAME.test(name)))
      for (const each of returnedBy(node))
        add(declared(each, node) ?? declared(each, file.ast) ?? each, 'constant');
    ts.forEachChild(node, visitFunctions);
  };
  visitFunctions(file.ast);
  for (const statement of file.ast.statements) {
    const names = exportedNames(statement);
    const items = (names?.elements ?? []).map((each) => known((each.propertyName ?? each.name) as ts.Node));
    if (names !== undefined && items.some((item) => item !== undefined && classes.has(item)))
      lists.push({
        file,
        span: spanOf(names, file.ast),
        kind: 'constant',
        isObject: true,
        items,
        spread: [],
      });
  }
  for (const statement of file.ast.statements)
    for (const each of constantsOf(statement)) add(each, 'constant');
  return lists.filter(
    (list, index) => lists.findIndex((other) => other.span.start === list.span.start) === index,
  );
}

/** `export { User, Post };` of what is imported above it. */
function exportedNames(statement: ts.Statement): ts.NamedExports | undefined {
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) return undefined;
  const { exportClause } = statement;
  return exportClause !== undefined && ts.isNamedExports(exportClause) ? exportClause : undefined;
}

/** What is spread into a list. */
function spreadsOf(
  literal: ts.ObjectLiteralExpression | ts.ArrayLiteralExpression,
): readonly ts.Expression[] {
  return ts.isObjectLiteralExpression(literal)
    ? literal.properties.filter(ts.isSpreadAssignment).map(({ expression }) => expression)
    : literal.elements.filter(ts.isSpreadElement).map(({ expression }) => expression);
}

const LIST_NAME = /entit|record|model|schema/i;

/** The function that `getEntities()` or `this.lists.entities()` calls. */
function calledIn(expression: ts.Expression): string | undefined {
  if (!ts.isCallExpression(expression)) return undefined;
  const { expression: callee } = expression;
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
}

/** The name of a function, a method, or a function that a variable or a property holds. */
function functionName(node: ts.Node): string | undefined {
  const isFunction = ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isGetAccessor(node);
  const isHolder = ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node);
  const held = isHolder ? node.initializer : undefined;
  const holdsFunction = held !== undefined && (ts.isArrowFunction(held) || ts.isFunctionExpression(held));
  if (!isFunction && !(isHolder && holdsFunction)) return undefined;
  return node.name !== undefined && ts.isIdentifier(node.name) ? node.name.text : undefined;
}

/** What a variable that is declared in a function, or at the top of a file, begins with. */
function declared(expression: ts.Expression, scope: ts.Node): ts.Expression | undefined {
  if (!ts.isIdentifier(expression)) return undefined;
  let found: ts.Expression | undefined;
  const visit = (each: ts.Node): void => {
    if (ts.isVariableDeclaration(each) && ts.isIdentifier(each.name) && each.name.text === expression.text)
      found ??= each.initializer;
    if (each === scope || !(ts.isFunctionLike(each) || ts.isClassLike(each))) ts.forEachChild(each, visit);
  };
  visit(scope);
  return found;
}

/** What a function returns, not what functions in it do. */
function returnedBy(node: ts.Node): readonly ts.Expression[] {
  const own = ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) ? node.initializer : node;
  if (own === undefined || !ts.isFunctionLike(own) || !('body' in own) || own.body === undefined) return [];
  if (!ts.isBlock(own.body)) return ts.isExpression(own.body) ? [own.body] : [];
  const found: ts.Expression[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isReturnStatement(each) && each.expression) found.push(each.expression);
    if (!ts.isFunctionLike(each) && !ts.isClassLike(each)) ts.forEachChild(each, visit);
  };
  ts.forEachChild(own.body, visit);
  return found;
}

/** Constants that are called as if they were lists of entities. */
function constantsOf(statement: ts.Statement): readonly ts.Expression[] {
  if (ts.isExportAssignment(statement)) return [statement.expression];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    initializer !== undefined && ts.isIdentifier(name) && LIST_NAME.test(name.text) ? [initializer] : [],
  );
}

function nameOf(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined;
}

/** `[…] as const`, `Object.values({…})`. */
function bare(expression: ts.Expression): ts.Expression {
  if (
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isParenthesizedExpression(expression)
  )
    return bare(expression.expression);
  const [argument] = ts.isCallExpression(expression) ? expression.arguments : [];
  return argument ?? expression;
}

/** The name that an item has where it is declared: `U` of `import { User as U }` is User, `entities.User` too. */
function nameIn(file: SchemaFile): (item: ts.Node) => string | undefined {
  const aliases = new Map(
    file.imports.flatMap((each) =>
      (each.names?.items ?? []).map(({ alias, name }) => [alias, name] as const),
    ),
  );
  return (item) => {
    if (ts.isShorthandPropertyAssignment(item)) return aliases.get(item.name.text) ?? item.name.text;
    const value = ts.isPropertyAssignment(item) ? item.initializer : item;
    if (ts.isIdentifier(value)) return aliases.get(value.text) ?? value.text;
    return ts.isPropertyAccessExpression(value) ? value.name.text : undefined;
  };
}
