import { ts } from '../compiler.cjs';
import { bare, calleeName, literalText, readChain } from './chain.ts';
import type {
  CreatorModel,
  CustomTypeModel,
  Declared,
  EnumModel,
  EnumValues,
  SchemaObjectModel,
  TableFactory,
  TableModel,
} from './model.ts';
import { contentSpan, spanOf } from '../parse.ts';
import { pgCoreName } from './pg-core-name.ts';
import type { SchemaFile } from '../source-file.ts';

/** What the other files of the project give a file: factories that it imports, constants that hold names. */
export interface Surroundings {
  readonly schemas: readonly SchemaObjectModel[];
  readonly creators: readonly CreatorModel[];
  /** The text of an imported constant, or of a member of one. */
  readonly constant: (file: SchemaFile, name: string, member?: string) => string | undefined;
}

/** A top-level `const x = <chain of calls>` of a file. */
interface Candidate {
  readonly declared: Declared;
  readonly root: ts.CallExpression;
}

/** The pgSchema objects and custom types of a file: what other files build on, beside its `creators`. */
export function readFactories(file: SchemaFile) {
  const candidates = candidatesOf(file);
  return {
    schemas: candidates.flatMap((candidate) => readSchemaObject(candidate, file)),
    customTypes: candidates.flatMap((candidate) => readCustomType(candidate, file)),
  };
}

/** The tables and enums that a file declares at its top level. Names held by a variable are followed; others are left out. */
export function readDeclarations(
  file: SchemaFile,
  around: Surroundings,
): { tables: TableModel[]; enums: EnumModel[] } {
  const candidates = candidatesOf(file);
  return {
    tables: candidates.flatMap((candidate) => readTable(candidate, file, around)),
    enums: candidates.flatMap((candidate) => readEnum(candidate, file, around)),
  };
}

function candidatesOf(file: SchemaFile): Candidate[] {
  return constantsOf(file).flatMap(({ declared, value }) => {
    const chain = readChain(value, file);
    return chain === undefined ? [] : [{ declared, root: chain.rootCall }];
  });
}

/** Every top-level `const x = value` of a file. */
export function constantsOf(file: SchemaFile): { declared: Declared; value: ts.Expression }[] {
  const exported = exportedNames(file.ast);
  return file.ast.statements.filter(ts.isVariableStatement).flatMap((statement) =>
    statement.declarationList.declarations.flatMap(({ name, initializer }) => {
      if (!ts.isIdentifier(name) || initializer === undefined) return [];
      return [{ declared: declaredAs(name, statement, { file, exported }), value: initializer }];
    }),
  );
}

/** Every top-level `function x(…) { … }` of a file. */
export function functionsOf(file: SchemaFile): { declared: Declared; value: ts.FunctionDeclaration }[] {
  const exported = exportedNames(file.ast);
  return file.ast.statements.filter(ts.isFunctionDeclaration).flatMap((value) => {
    if (value.name === undefined) return [];
    return [{ declared: declaredAs(value.name, value, { file, exported }), value }];
  });
}

function declaredAs(
  name: ts.Identifier,
  statement: ts.VariableStatement | ts.FunctionDeclaration,
  { file, exported }: { file: SchemaFile; exported: ReadonlySet<string> },
): Declared {
  const hasExport =
    statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
  return {
    file,
    variable: name.text,
    variableSpan: spanOf(name, file.ast),
    statement: spanOf(statement, file.ast),
    isExported: hasExport || exported.has(name.text),
  };
}

function exportedNames(ast: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of ast.statements) {
    if (ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression))
      names.add(statement.expression.text);
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) continue;
    if (statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const element of statement.exportClause.elements)
        names.add((element.propertyName ?? element.name).text);
    }
  }
  return names;
}

function readTable({ declared, root }: Candidate, file: SchemaFile, around: Surroundings): TableModel[] {
  const factory = tableFactory(root.expression, file, around);
  const [first] = root.arguments;
  const literal = literalText(first);
  const written = literal ?? constantText(first, file, around);
  if (factory === undefined || written === undefined) return [];
  return [
    {
      ...declared,
      ...physicalName(factory, written),
      factory,
      callee: root.expression.getText(file.ast),
      call: root,
      nameLiteral: literal === undefined ? undefined : contentSpan(first!, file.ast),
    },
  ];
}

/** What a callee makes tables with; undefined when it makes none. */
export function tableFactory(
  callee: ts.Expression,
  file: SchemaFile,
  around: Surroundings,
): TableFactory | undefined {
  const called = calleeName(callee);
  const creators = around.creators.filter((each) => isVisible(each, called, file));
  const creator = creators.find((each) => isOwnOrImported(each, called, file)) ?? creators[0];
  if (creator && (ts.isIdentifier(callee) || isNamespaced(callee, file))) return { kind: 'creator', creator };
  if (pgCoreName(callee, file) === 'pgTable') return { kind: 'pgTable' };
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'table') return undefined;
  const object = callee.expression;
  const name = ts.isIdentifier(object) ? object.text : calleeName(object);
  const schema = around.schemas.find((each) => isVisible(each, name, file));
  return schema && { kind: 'schema', object: schema };
}

/** Whether a file's local name means this declaration: its own, or one imported under that name. */
export function isVisible(declared: Declared, local: string, file: SchemaFile): boolean {
  if (declared.file.path === file.path) return declared.variable === local;
  const items = file.imports
    .filter((each) => each.path !== undefined)
    .flatMap((each) => each.names?.items ?? []);
  const isImported = items.some((item) => item.alias === local && item.name === declared.variable);
  const throughNamespace =
    declared.variable === local &&
    file.imports.some((each) => each.namespace !== undefined && each.path !== undefined);
  return isImported || throughNamespace;
}

/** The very file that a name is imported from, where several declare one of that name. */
function isOwnOrImported(declared: Declared, local: string, file: SchemaFile): boolean {
  return (
    declared.file.path === file.path ||
    file.imports.some(
      (each) =>
        each.path === declared.file.path && each.names?.items.some((item) => item.alias === local) === true,
    )
  );
}

/** `t.createTable` with `import * as t`. */
function isNamespaced(callee: ts.Expression, file: SchemaFile): boolean {
  return (
    ts.isPropertyAccessExpression(callee) &&
    ts.isIdentifier(callee.expression) &&
    file.imports.some(({ namespace }) => namespace === (callee.expression as ts.Identifier).text)
  );
}

function physicalName(factory: TableFactory, written: string) {
  switch (factory.kind) {
    case 'pgTable':
      return { schema: 'public', name: written };
    case 'schema':
      return { schema: factory.object.name, name: written };
    case 'creator': {
      const { schema, prefix, suffix } = factory.creator;
      return { schema, name: prefix + written + suffix };
    }
  }
}

function constantText(
  node: ts.Expression | undefined,
  file: SchemaFile,
  around: Surroundings,
): string | undefined {
  const named = node && namedConstant(node);
  return named && (ownConstant(file, ...named) ?? around.constant(file, ...named));
}

/** `NAME`, `NAMES.users` or `NAMES['users']`: the constant, and its member. */
function namedConstant(node: ts.Expression): [name: string, member?: string] | undefined {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression))
    return [node.expression.text, node.name.text];
  if (!ts.isElementAccessExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const member = literalText(node.argumentExpression);
  return member === undefined ? undefined : [node.expression.text, member];
}

/** The text of `const NAME = 'text'` at the top of a file; with `member`, of that member of an object or an enum. */
export function ownConstant(file: SchemaFile, name: string, member?: string): string | undefined {
  const value = initializerOf(file, name);
  if (member === undefined) return value && literalText(bare(value));
  const object = value && bare(value);
  const enums = file.ast.statements.filter(ts.isEnumDeclaration);
  const members =
    object === undefined
      ? (enums.find((each) => each.name.text === name)?.members ?? [])
      : ts.isObjectLiteralExpression(object)
        ? object.properties.filter(ts.isPropertyAssignment)
        : [];
  const found = members.find((each) => nameOf(each.name) === member)?.initializer;
  return found && literalText(bare(found));
}

function nameOf(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) ? name.text : literalText(name);
}

function readEnum({ declared, root }: Candidate, file: SchemaFile, around: Surroundings): EnumModel[] {
  const schema = enumSchema(root.expression, file, around);
  const [first, second] = root.arguments;
  const name = literalText(first) ?? constantText(first, file, around);
  if (schema === undefined || name === undefined) return [];
  const nameLiteral = literalText(first) === undefined ? undefined : contentSpan(first!, file.ast);
  return [{ ...declared, schema, name, nameLiteral, values: second && readValues(second, file) }];
}

function enumSchema(callee: ts.Expression, file: SchemaFile, around: Surroundings): string | undefined {
  if (pgCoreName(callee, file) === 'pgEnum') return 'public';
  if (
    !ts.isPropertyAccessExpression(callee) ||
    callee.name.text !== 'enum' ||
    !ts.isIdentifier(callee.expression)
  )
    return undefined;
  const object = callee.expression.text;
  return around.schemas.find((each) => isVisible(each, object, file))?.name;
}

/** `['a', 'b']`, also `as const`, also in a constant of the same file. */
function readValues(node: ts.Expression, file: SchemaFile): EnumValues | undefined {
  const list = bare(node);
  if (ts.isIdentifier(list)) {
    const declared = initializerOf(file, list.text);
    return declared && readValues(declared, file);
  }
  if (!ts.isArrayLiteralExpression(list) || !list.elements.every(ts.isStringLiteralLike)) return undefined;
  const items = list.elements.map((element) => ({
    ...spanOf(element, file.ast),
    value: literalText(element) ?? '',
  }));
  return { open: list.getStart(file.ast), close: list.end - 1, items };
}

/** What a top-level constant of a file is set to. */
export function initializerOf(file: SchemaFile, name: string): ts.Expression | undefined {
  const declarations = file.ast.statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) => [...statement.declarationList.declarations]);
  return declarations.find(
    (declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === name,
  )?.initializer;
}

function readSchemaObject({ declared, root }: Candidate, file: SchemaFile): SchemaObjectModel[] {
  const name = literalText(root.arguments[0]);
  return pgCoreName(root.expression, file) === 'pgSchema' && name !== undefined
    ? [{ ...declared, name }]
    : [];
}

/** What a block returns, when its last statement does. */
export function returned(block: ts.Block): ts.Expression | undefined {
  const last = block.statements.findLast(ts.isReturnStatement);
  return last?.expression;
}

function readCustomType({ declared, root }: Candidate, file: SchemaFile): CustomTypeModel[] {
  if (pgCoreName(root.expression, file) !== 'customType') return [];
  const [options] = root.arguments;
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return [];
  const property = options.properties.find((each) => each.name?.getText(file.ast) === 'dataType');
  const dataType = property && dataTypeText(property);
  return dataType === undefined ? [] : [{ ...declared, dataType }];
}

/** `dataType() { return 'bytea' }`, `dataType: () => 'bytea'`. */
function dataTypeText(property: ts.ObjectLiteralElementLike): string | undefined {
  if (ts.isMethodDeclaration(property)) return property.body && literalText(returned(property.body));
  if (!ts.isPropertyAssignment(property)) return undefined;
  const value = bare(property.initializer);
  if (ts.isFunctionExpression(value)) return literalText(returned(value.body));
  if (!ts.isArrowFunction(value)) return undefined;
  return ts.isBlock(value.body) ? literalText(returned(value.body)) : literalText(bare(value.body));
}
