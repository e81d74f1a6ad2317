import { ts } from '../compiler.cjs';
import type { NameList } from '../barrel-model.ts';
import type { ListSpan } from '../list-edit.ts';
import type { SchemaFile, Span } from '../source-file.ts';

/** `relations(users, ({ one, many }) => ({ … }))`, declared at the top of a file. */
export interface RelationsBlock {
  readonly file: SchemaFile;
  readonly variable: string;
  readonly statement: Span;
  /** The table's name in this file: `users` or `schema.users`. */
  readonly table: string;
  readonly tableSpan: Span;
  readonly helpers: HelperAccess;
  readonly list: ListSpan;
  readonly entries: readonly RelationEntry[];
}

/** How `one` and `many` are called: taken apart, or as members of the parameter; none when there is no parameter. */
export type HelperAccess =
  | { readonly kind: 'destructured'; readonly names: NameList }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'none'; readonly parameters: Span };

export interface RelationEntry extends Span {
  readonly key: string;
  readonly kind: 'one' | 'many';
  /** The other table's name in this file. */
  readonly target: string;
  /** Keys of the columns: `userId` of `fields: [orders.userId]`. */
  readonly fields: readonly string[];
  readonly references: readonly string[];
  readonly relationName: string | undefined;
  /** The second argument broken over lines. */
  readonly isBroken: boolean;
  readonly hasConfig: boolean;
}

/** Finds the relations blocks at the top of a file. */
export function readRelations(file: SchemaFile): RelationsBlock[] {
  if (!file.text.includes('relations(')) return [];
  return file.ast.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    const [declaration] = statement.declarationList.declarations;
    const call = declaration?.initializer;
    if (
      declaration === undefined ||
      !ts.isIdentifier(declaration.name) ||
      call === undefined ||
      !ts.isCallExpression(call)
    )
      return [];
    const block = isRelationsCall(call) ? readBlock(call, file) : undefined;
    return block === undefined
      ? []
      : [{ ...block, file, variable: declaration.name.text, statement: span(statement, file) }];
  });
}

type Body = Pick<RelationsBlock, 'table' | 'tableSpan' | 'helpers' | 'list' | 'entries'>;

function isRelationsCall(call: ts.CallExpression): boolean {
  const callee = call.expression;
  return (
    (ts.isIdentifier(callee) && callee.text === 'relations') ||
    (ts.isPropertyAccessExpression(callee) && callee.name.text === 'relations')
  );
}

function readBlock(call: ts.CallExpression, file: SchemaFile): Body | undefined {
  const [table, callback] = call.arguments;
  if (table === undefined || !isName(table) || callback === undefined || !ts.isArrowFunction(callback))
    return undefined;
  const object = returnedObject(callback.body);
  if (object === undefined) return undefined;
  return {
    table: table.getText(file.ast),
    tableSpan: span(table, file),
    helpers: readHelpers(callback, file),
    list: {
      open: object.getStart(file.ast),
      close: object.end - 1,
      items: object.properties.map((property) => span(property, file)),
    },
    entries: object.properties.map((property) => readEntry(property, file)),
  };
}

function isName(node: ts.Expression): boolean {
  return ts.isIdentifier(node) || (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression));
}

function returnedObject(body: ts.ConciseBody): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(body)) return body;
  if (ts.isParenthesizedExpression(body)) return returnedObject(body.expression);
  if (!ts.isBlock(body)) return undefined;
  const returned = body.statements.find(ts.isReturnStatement)?.expression;
  return returned && returnedObject(returned);
}

function readHelpers(callback: ts.ArrowFunction, file: SchemaFile): HelperAccess {
  const name = callback.parameters[0]?.name;
  if (name === undefined) {
    const open = file.text.indexOf('(', callback.getStart(file.ast)) + 1;
    return { kind: 'none', parameters: { start: open, end: file.text.indexOf(')', open) } };
  }
  if (!ts.isObjectBindingPattern(name))
    return { kind: 'parameter', name: ts.isIdentifier(name) ? name.text : '' };
  const items = [...name.elements].map((element) => {
    const alias = element.name.getText(file.ast);
    return {
      ...span(element, file),
      name: element.propertyName?.getText(file.ast) ?? alias,
      alias,
      isType: false,
    };
  });
  return { kind: 'destructured', names: { open: name.getStart(file.ast), close: name.end - 1, items } };
}

function readEntry(property: ts.ObjectLiteralElementLike, file: SchemaFile): RelationEntry {
  const call =
    ts.isPropertyAssignment(property) && ts.isCallExpression(property.initializer)
      ? property.initializer
      : undefined;
  const [target, config] = call?.arguments ?? [];
  const options = config !== undefined && ts.isObjectLiteralExpression(config) ? config : undefined;
  return {
    ...span(property, file),
    key: property.name?.getText(file.ast) ?? '',
    kind: call !== undefined && /\bmany$/.test(call.expression.getText(file.ast)) ? 'many' : 'one',
    target: target?.getText(file.ast) ?? '',
    fields: columnKeys(options, 'fields', file),
    references: columnKeys(options, 'references', file),
    relationName: optionOf(options, 'relationName', file)?.getText(file.ast),
    isBroken: options?.getText(file.ast).includes('\n') ?? false,
    hasConfig: options !== undefined,
  };
}

function optionOf(
  options: ts.ObjectLiteralExpression | undefined,
  name: string,
  file: SchemaFile,
): ts.Expression | undefined {
  const property = options?.properties.find((candidate) => candidate.name?.getText(file.ast) === name);
  return property !== undefined && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

function columnKeys(
  options: ts.ObjectLiteralExpression | undefined,
  name: string,
  file: SchemaFile,
): string[] {
  const list = optionOf(options, name, file);
  if (list === undefined || !ts.isArrayLiteralExpression(list)) return [];
  return list.elements.map((element) =>
    ts.isPropertyAccessExpression(element) ? element.name.text : element.getText(file.ast),
  );
}

function span(node: ts.Node, file: SchemaFile): Span {
  return { start: node.getStart(file.ast), end: node.end };
}
