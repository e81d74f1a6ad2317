import { ts } from '../compiler.cjs';
import { bare, literalText } from './chain.ts';
import { companionsOf } from './companions.ts';
import type { TableModel } from './model.ts';
import { bindingNames, contentSpan, spanOf } from '../parse.ts';
import type { Names, Use } from './uses.ts';
import type { SchemaFile } from '../source-file.ts';

/** What is known of names while a file is walked. */
interface Walk {
  readonly file: SchemaFile;
  readonly table: TableModel;
  readonly names: Names;
  /** Zod schemas and row types that are made of the table. */
  readonly schemas: ReadonlySet<string>;
  readonly rows: ReadonlySet<string>;
  readonly found: Use[];
}

/** Names that mean something else, or the table, inside a function. */
interface Scope {
  /** Names that a parameter has taken. */
  readonly shadowed: ReadonlySet<string>;
  /** Parameters that stand for the table. */
  readonly owners: ReadonlySet<string>;
}

/** Walks a file and finds what means the table in it: imports and exports aside. */
export function usesIn(file: SchemaFile, table: TableModel, names: Names): Use[] {
  const companions = [...names.locals].flatMap((local) => companionsOf(file.ast, local));
  const of = (kind: 'value' | 'type') =>
    new Set(companions.filter((each) => each.kind === kind).map((each) => each.name));
  const walk: Walk = { file, table, names, schemas: of('value'), rows: of('type'), found: [] };
  const scope = { shadowed: new Set<string>(), owners: new Set<string>() };
  for (const statement of statementsWith(file, [
    ...names.locals,
    ...names.namespaces,
    ...walk.schemas,
    ...walk.rows,
  ])) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement))
      visit(walk, statement, scope);
  }
  return walk.found;
}

function visit(walk: Walk, node: ts.Node, scope: Scope): void {
  if (ts.isCallExpression(node)) readSchemaKeys(walk, node, scope);
  if (node === walk.table.call) return visitTable(walk, walk.table.call, scope);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
    const inner = inside(node, scope);
    return ts.forEachChild(node, (child) => visit(walk, child, inner));
  }
  if (ts.isPropertyAccessExpression(node)) return visitAccess(walk, node, scope);
  if (ts.isPropertyAssignment(node)) return visit(walk, node.initializer, scope);
  if (ts.isTypeQueryNode(node)) return visitTypeQuery(walk, node, scope);
  if (ts.isIdentifier(node)) return identifier(walk, node, scope, { isType: false });
  if (ts.isTypeReferenceNode(node) || ts.isIndexedAccessTypeNode(node)) readTypeKeys(walk, node);
  if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) pushText(walk, node.literal);
  ts.forEachChild(node, (child) => visit(walk, child, scope));
}

function pushText(walk: Walk, literal: ts.StringLiteral): void {
  const span = contentSpan(literal, walk.file.ast);
  const isKnown = walk.found.some((use) => use.kind === 'key' && use.span.start === span.start);
  if (!isKnown) walk.found.push({ kind: 'text', file: walk.file, span, key: literal.text });
}

/** `Pick<Product, 'brandId'>`, `Omit<typeof products.$inferSelect, …>`, `Product['brandId']`. */
function readTypeKeys(walk: Walk, node: ts.TypeReferenceNode | ts.IndexedAccessTypeNode): void {
  const isPick =
    ts.isTypeReferenceNode(node) &&
    ts.isIdentifier(node.typeName) &&
    /^(Pick|Omit)$/.test(node.typeName.text);
  const [row, keys] = ts.isIndexedAccessTypeNode(node)
    ? [node.objectType, node.indexType]
    : isPick
      ? (node.typeArguments ?? [])
      : [];
  if (row === undefined || keys === undefined || !isRow(walk, row)) return;
  for (const type of ts.isUnionTypeNode(keys) ? keys.types : [keys]) {
    if (!ts.isLiteralTypeNode(type) || !ts.isStringLiteral(type.literal)) continue;
    walk.found.push({
      kind: 'key',
      file: walk.file,
      span: contentSpan(type.literal, walk.file.ast),
      key: type.literal.text,
    });
  }
}

function isRow(walk: Walk, type: ts.TypeNode): boolean {
  if (ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName))
    return walk.rows.has(type.typeName.text);
  if (!ts.isTypeQueryNode(type) || !ts.isQualifiedName(type.exprName)) return false;
  return ts.isIdentifier(type.exprName.left) && walk.names.locals.has(type.exprName.left.text);
}

function identifier(
  walk: Walk,
  node: ts.Identifier,
  { shadowed }: Scope,
  use: { readonly isType: boolean },
): void {
  if (!walk.names.locals.has(node.text) || shadowed.has(node.text)) return;
  walk.found.push({
    kind: 'variable',
    file: walk.file,
    span: spanOf(node, walk.file.ast),
    ...use,
    isAliased: !walk.names.unaliased.has(node.text),
  });
}

/** `typeof products.$inferSelect`, `typeof schema.products`. */
function visitTypeQuery(walk: Walk, node: ts.TypeQueryNode, scope: Scope): void {
  const visitName = (name: ts.EntityName): void => {
    if (ts.isIdentifier(name)) return identifier(walk, name, scope, { isType: true });
    const isMeant =
      ts.isIdentifier(name.left) &&
      walk.names.namespaces.has(name.left.text) &&
      name.right.text === walk.table.variable;
    if (isMeant)
      walk.found.push({
        kind: 'variable',
        file: walk.file,
        span: spanOf(name.right, walk.file.ast),
        isType: true,
        isAliased: false,
      });
    visitName(name.left);
  };
  visitName(node.exprName);
}

function visitAccess(walk: Walk, node: ts.PropertyAccessExpression, scope: Scope): void {
  if (isTable(walk, node.expression, scope)) {
    walk.found.push({
      kind: 'key',
      file: walk.file,
      span: spanOf(node.name, walk.file.ast),
      key: node.name.text,
    });
  }
  if (isNamespaceAccess(walk, node))
    walk.found.push({
      kind: 'variable',
      file: walk.file,
      span: spanOf(node.name, walk.file.ast),
      isType: false,
      isAliased: false,
    });
  visit(walk, node.expression, scope);
}

function isTable(walk: Walk, node: ts.Expression, { owners, shadowed }: Scope): boolean {
  if (ts.isIdentifier(node))
    return owners.has(node.text) || (walk.names.locals.has(node.text) && !shadowed.has(node.text));
  return ts.isPropertyAccessExpression(node) && isNamespaceAccess(walk, node);
}

function isNamespaceAccess(walk: Walk, node: ts.PropertyAccessExpression): boolean {
  return (
    ts.isIdentifier(node.expression) &&
    walk.names.namespaces.has(node.expression.text) &&
    node.name.text === walk.table.variable
  );
}

/** In its own third argument the table is what the callback calls it. */
function visitTable(walk: Walk, call: ts.CallExpression, scope: Scope): void {
  for (const argument of call.arguments.slice(0, 2)) visit(walk, argument, scope);
  const callback = call.arguments[2] && bare(call.arguments[2]);
  if (callback === undefined || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) return;
  const [parameter] = callback.parameters;
  if (parameter && ts.isObjectBindingPattern(parameter.name)) readBindings(walk, parameter.name);
  const owners = new Set(parameter && ts.isIdentifier(parameter.name) ? [parameter.name.text] : []);
  visit(walk, callback.body, { shadowed: inside(callback, scope).shadowed, owners });
}

function readBindings(walk: Walk, pattern: ts.ObjectBindingPattern): void {
  for (const element of pattern.elements) {
    const name = element.propertyName ?? element.name;
    if (!ts.isIdentifier(name)) continue;
    walk.found.push({
      kind: 'binding',
      file: walk.file,
      span: spanOf(name, walk.file.ast),
      key: name.text,
      isRenamed: element.propertyName !== undefined,
    });
  }
}

/** `createInsertSchema(products, { brandId: … })` and `.omit({ brandId: true })` behind it or behind its variable. */
function readSchemaKeys(walk: Walk, call: ts.CallExpression, { shadowed }: Scope): void {
  const { expression } = call;
  if (ts.isIdentifier(expression)) {
    const [first, second] = call.arguments;
    const isOwn =
      /^create\w*Schema$/.test(expression.text) &&
      first !== undefined &&
      ts.isIdentifier(first) &&
      walk.names.locals.has(first.text) &&
      !shadowed.has(first.text);
    if (isOwn && second !== undefined) readKeys(walk, second);
  } else if (
    ts.isPropertyAccessExpression(expression) &&
    /^(pick|omit|extend|partial|required)$/.test(expression.name.text) &&
    isSchema(walk, expression.expression)
  ) {
    if (call.arguments[0] !== undefined) readKeys(walk, call.arguments[0]);
  }
}

function isSchema(walk: Walk, node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return walk.schemas.has(node.text);
  if (!ts.isCallExpression(node)) return false;
  if (ts.isPropertyAccessExpression(node.expression)) return isSchema(walk, node.expression.expression);
  const [first] = node.arguments;
  return (
    ts.isIdentifier(node.expression) &&
    /^create\w*Schema$/.test(node.expression.text) &&
    first !== undefined &&
    ts.isIdentifier(first) &&
    walk.names.locals.has(first.text)
  );
}

function readKeys(walk: Walk, node: ts.Expression): void {
  const object = bare(node);
  if (!ts.isObjectLiteralExpression(object)) return;
  const { ast } = walk.file;
  const list = {
    open: object.getStart(ast),
    close: object.end - 1,
    items: object.properties.map((property) => spanOf(property, ast)),
  };
  object.properties.forEach((property, index) => {
    const key = property.name && (literalText(property.name) ?? property.name.getText(ast));
    if (key === undefined || property.name === undefined) return;
    const span =
      literalText(property.name) === undefined ? spanOf(property.name, ast) : contentSpan(property.name, ast);
    walk.found.push({ kind: 'schema-key', file: walk.file, span, key, list, index });
  });
}

/** The statements in whose text one of the words stands: the others of a long file are not walked. */
function statementsWith({ ast, text }: SchemaFile, words: readonly string[]): readonly ts.Statement[] {
  const offsets = words.flatMap((word) => offsetsOf(text, word)).toSorted((a, b) => a - b);
  let next = 0;
  return ast.statements.filter((statement) => {
    while (next < offsets.length && offsets[next]! < statement.pos) next += 1;
    return next < offsets.length && offsets[next]! < statement.end;
  });
}

function offsetsOf(text: string, word: string): number[] {
  const offsets: number[] = [];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
    const isWhole = !/[\w$]/.test(text[at - 1] ?? '') && !/[\w$]/.test(text[at + word.length] ?? '');
    if (isWhole) offsets.push(at);
  }
  return offsets;
}

/** The scope inside a function: its parameters hide what has the same name outside. */
function inside(node: ts.ArrowFunction | ts.FunctionExpression, { shadowed, owners }: Scope): Scope {
  const taken = parameterNames(node);
  return {
    shadowed: new Set([...shadowed, ...taken]),
    owners: new Set([...owners].filter((owner) => !taken.has(owner))),
  };
}

/** The names that a function's parameters take, taken apart or not. */
export function parameterNames(node: ts.ArrowFunction | ts.FunctionExpression): ReadonlySet<string> {
  return new Set(node.parameters.flatMap((parameter) => bindingNames(parameter.name)));
}
