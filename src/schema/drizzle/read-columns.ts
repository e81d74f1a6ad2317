import { ts } from '../compiler.cjs';
import { bare, literalText, readChain } from './chain.ts';
import { casedName } from '../case.ts';
import type { BuilderAccess, ColumnModel, ColumnsModel, TableModel } from './model.ts';
import { contentSpan, spanOf } from '../parse.ts';
import { initializerOf, returned } from './read.ts';
import type { SchemaFile } from '../source-file.ts';

export type Casing = 'camelCase' | 'snake_case' | undefined;

/** The columns of a table as they are listed; undefined when the second argument is no literal that can be edited. */
export function readColumns(table: TableModel, casing: Casing): ColumnsModel | undefined {
  const argument = table.call.arguments[1];
  if (argument === undefined) return undefined;
  const { object, builders } = columnsObject(bare(argument), table);
  return object && readObject(object, { file: table.file, casing, builders });
}

function columnsObject(
  argument: ts.Expression,
  table: TableModel,
): { object: ts.ObjectLiteralExpression | undefined; builders: BuilderAccess } {
  const { file } = table;
  if (ts.isArrowFunction(argument) || ts.isFunctionExpression(argument)) {
    const body = ts.isBlock(argument.body) ? returned(argument.body) : argument.body;
    return { object: asObject(body), builders: callbackBuilders(argument.parameters[0]?.name, file) };
  }
  const named = ts.isIdentifier(argument) ? ownObject(argument.text, file) : argument;
  return { object: asObject(named), builders: importedBuilders(file) };
}

/** A constant that only this table has: what others use as well changes for all of them. */
function ownObject(name: string, file: SchemaFile): ts.Expression | undefined {
  const uses = file.text.match(
    new RegExp(`(?<![\\w$.])${name.replaceAll('$', String.raw`\$`)}(?![\\w$])`, 'g'),
  );
  return uses?.length === 2 ? initializerOf(file, name) : undefined;
}

function asObject(node: ts.Expression | undefined): ts.ObjectLiteralExpression | undefined {
  const inner = node && bare(node);
  return inner !== undefined && ts.isObjectLiteralExpression(inner) ? inner : undefined;
}

function callbackBuilders(parameter: ts.BindingName | undefined, file: SchemaFile): BuilderAccess {
  if (parameter === undefined) return importedBuilders(file);
  if (ts.isIdentifier(parameter)) return { kind: 'prefix', prefix: `${parameter.text}.`, isCallback: true };
  const items = [...(parameter as ts.ObjectBindingPattern).elements].map((element) => ({
    ...spanOf(element, file.ast),
    name: (element.propertyName ?? element.name).getText(file.ast),
    alias: element.name.getText(file.ast),
    isType: false,
  }));
  return {
    kind: 'destructured',
    names: { open: parameter.getStart(file.ast), close: parameter.end - 1, items },
  };
}

/** `import * as t` unless builders are imported by name as well. */
export function importedBuilders(file: SchemaFile): BuilderAccess {
  const imports = file.imports.filter((each) => each.module === 'drizzle-orm/pg-core' && !each.isTypeOnly);
  const namespace = imports.find((each) => each.namespace !== undefined)?.namespace;
  const hasNames = imports.some((each) => each.names?.items.some((item) => !item.isType));
  return namespace !== undefined && !hasNames
    ? { kind: 'prefix', prefix: `${namespace}.`, isCallback: false }
    : { kind: 'named' };
}

interface Place {
  readonly file: SchemaFile;
  readonly casing: Casing;
  readonly builders: BuilderAccess;
}

function readObject(object: ts.ObjectLiteralExpression, place: Place): ColumnsModel {
  const { ast } = place.file;
  const properties = [...object.properties];
  const list = {
    open: object.getStart(ast),
    close: object.end - 1,
    items: properties.map((property) => spanOf(property, ast)),
  };
  const spreads = properties.flatMap((property, index) =>
    ts.isSpreadAssignment(property) ? [{ index, node: property.expression }] : [],
  );
  const columns = properties.flatMap((property, index) => readColumn(property, index, place));
  return { list, columns, spreads, builders: place.builders };
}

function readColumn(property: ts.ObjectLiteralElementLike, index: number, place: Place): ColumnModel[] {
  const { file, casing } = place;
  if (ts.isSpreadAssignment(property) || property.name === undefined) return [];
  const key = literalText(property.name) ?? property.name.getText(file.ast);
  const initializer = ts.isPropertyAssignment(property) ? property.initializer : undefined;
  const chain = initializer && readChain(initializer, file);
  const first = chain?.rootCall.arguments[0];
  const written = literalText(first) ?? (initializer ? undefined : shorthandName(key, file));
  return [
    {
      ...spanOf(property, file.ast),
      index,
      key,
      keySpan: ts.isIdentifier(property.name)
        ? spanOf(property.name, file.ast)
        : contentSpan(property.name, file.ast),
      name: written ?? casedName(key, casing),
      nameLiteral: literalText(first) === undefined ? undefined : contentSpan(first!, file.ast),
      chain,
    },
  ];
}

/** `shared` in the list of columns, where the file has `const shared = text('shared_name')`. */
function shorthandName(key: string, file: SchemaFile): string | undefined {
  const initializer = initializerOf(file, key);
  const chain = initializer && readChain(initializer, file);
  return literalText(chain?.rootCall.arguments[0]);
}

/** What else must be known of a project to follow a spread. */
interface Following {
  readonly casing: Casing;
  readonly imported: Imported;
}

interface KeyedName {
  readonly key: string;
  readonly name: string;
}

/** The columns that a function of the project adds to the tables that it makes: key and name. */
export function addedColumns({ factory }: TableModel, around: Following): readonly KeyedName[] {
  const added = factory.kind === 'creator' ? (factory.creator.wrapper?.added ?? []) : [];
  return added.flatMap(({ node, file, given }) =>
    spreadColumns(node, file, around, (name) => name === given),
  );
}

/** Columns that a table gets from `...timestamps` or `...timestamps()`, as far as the source shows them: key and name. */
export function spreadColumns(
  node: ts.Expression,
  file: SchemaFile,
  around: Following,
  isGiven: (name: string) => boolean = () => false,
): readonly KeyedName[] {
  const target = bare(node);
  if (ts.isObjectLiteralExpression(target)) return columnsOfObject({ object: target, file }, around, isGiven);
  const callee = ts.isCallExpression(target) ? target.expression : target;
  if (!ts.isIdentifier(callee) || isGiven(callee.text)) return [];
  const own = declarationObject(file, callee.text);
  const found = own ? { object: own, file } : importedObject(callee.text, file, around.imported);
  return found === undefined ? [] : columnsOfObject(found, around, isGiven);
}

function columnsOfObject(
  { object, file }: { readonly object: ts.ObjectLiteralExpression; readonly file: SchemaFile },
  around: Following,
  isGiven: (name: string) => boolean,
): readonly KeyedName[] {
  const model = readObject(object, { file, casing: around.casing, builders: { kind: 'named' } });
  return [
    ...model.columns,
    ...model.spreads.flatMap((spread) => spreadColumns(spread.node, file, around, isGiven)),
  ];
}

/** The file that an import of a file means. */
export type Imported = (path: string) => SchemaFile | undefined;

function importedObject(local: string, file: SchemaFile, imported: Imported) {
  for (const each of file.imports) {
    const item = each.names?.items.find((name) => name.alias === local);
    const target = item && each.path !== undefined ? imported(each.path) : undefined;
    const object = target && declarationObject(target, item!.name);
    if (target && object) return { object, file: target };
  }
  return undefined;
}

/** The object that a constant is, or that a function of that name returns. */
function declarationObject(file: SchemaFile, name: string): ts.ObjectLiteralExpression | undefined {
  const declared = file.ast.statements.find(
    (each) => ts.isFunctionDeclaration(each) && each.name?.text === name,
  );
  if (declared && ts.isFunctionDeclaration(declared))
    return asObject(declared.body && returned(declared.body));
  const initializer = initializerOf(file, name);
  const value = initializer && bare(initializer);
  if (value === undefined) return undefined;
  if (!ts.isArrowFunction(value) && !ts.isFunctionExpression(value)) return asObject(value);
  return asObject(ts.isBlock(value.body) ? returned(value.body) : value.body);
}
