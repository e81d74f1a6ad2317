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
  /** The text of an imported constant. */
  readonly constant: (file: SchemaFile, name: string) => string | undefined;
}

/** A top-level `const x = <chain of calls>` of a file. */
interface Candidate {
  readonly declared: Declared;
  readonly root: ts.CallExpression;
}

/** The pgSchema objects, table creators and custom types of a file: what other files build on. */
export function readFactories(file: SchemaFile) {
  const candidates = candidatesOf(file);
  return {
    schemas: candidates.flatMap((candidate) => readSchemaObject(candidate, file)),
    creators: candidates.flatMap((candidate) => readCreator(candidate, file)),
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
  const exported = exportedNames(file.ast);
  return file.ast.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    const hasExport =
      statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
    return statement.declarationList.declarations.flatMap((declaration) => {
      const chain = declaration.initializer && readChain(declaration.initializer, file);
      if (!ts.isIdentifier(declaration.name) || chain === undefined) return [];
      const variable = declaration.name.text;
      const declared = {
        file,
        variable,
        variableSpan: spanOf(declaration.name, file.ast),
        statement: spanOf(statement, file.ast),
        isExported: hasExport || exported.has(variable),
      };
      return [{ declared, root: chain.rootCall }];
    });
  });
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
  if (ts.isIdentifier(callee)) {
    const creator = around.creators.find((each) => isVisible(each, callee.text, file));
    if (creator) return { kind: 'creator', creator };
  }
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

function physicalName(factory: TableFactory, written: string) {
  switch (factory.kind) {
    case 'pgTable':
      return { schema: 'public', name: written };
    case 'schema':
      return { schema: factory.object.name, name: written };
    case 'creator':
      return { schema: 'public', name: factory.creator.prefix + written + factory.creator.suffix };
  }
}

function constantText(
  node: ts.Expression | undefined,
  file: SchemaFile,
  around: Surroundings,
): string | undefined {
  if (node === undefined || !ts.isIdentifier(node)) return undefined;
  return ownConstant(file, node.text) ?? around.constant(file, node.text);
}

/** The text of `const NAME = 'text'` at the top of a file. */
export function ownConstant(file: SchemaFile, name: string): string | undefined {
  const declarations = file.ast.statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) => [...statement.declarationList.declarations]);
  const found = declarations.find(
    (declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === name,
  );
  return found?.initializer && literalText(bare(found.initializer));
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

function readCreator({ declared, root }: Candidate, file: SchemaFile): CreatorModel[] {
  if (pgCoreName(root.expression, file) !== 'pgTableCreator') return [];
  const affixes = creatorAffixes(root.arguments[0], file);
  return affixes === undefined ? [] : [{ ...declared, ...affixes }];
}

/** `(name) => `shop_${name}`` and `(name) => 'shop_' + name`: what stands around the name. */
function creatorAffixes(
  callback: ts.Expression | undefined,
  file: SchemaFile,
): { prefix: string; suffix: string } | undefined {
  if (callback === undefined || !ts.isArrowFunction(callback)) return undefined;
  const parameter = callback.parameters[0]?.name.getText(file.ast);
  const body = ts.isBlock(callback.body) ? returned(callback.body) : callback.body;
  const parts = body && textParts(bare(body));
  const at = parts?.findIndex((part) => typeof part === 'object' && part.identifier === parameter) ?? -1;
  if (parts === undefined || at === -1) return undefined;
  const texts = parts.map((part) => (typeof part === 'string' ? part : ownConstant(file, part.identifier)));
  if (texts.some((text, index) => index !== at && text === undefined)) return undefined;
  return { prefix: texts.slice(0, at).join(''), suffix: texts.slice(at + 1).join('') };
}

type TextPart = string | { readonly identifier: string };

function textParts(node: ts.Expression): TextPart[] | undefined {
  if (ts.isIdentifier(node)) return [{ identifier: node.text }];
  const literal = literalText(node);
  if (literal !== undefined) return [literal];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textParts(node.left), textParts(node.right)];
    return left && right && [...left, ...right];
  }
  if (!ts.isTemplateExpression(node)) return undefined;
  const spans = node.templateSpans.map((span) => [textParts(span.expression), span.literal.text] as const);
  if (spans.some(([parts]) => parts === undefined)) return undefined;
  return [node.head.text, ...spans.flatMap(([parts, text]) => [...parts!, text])];
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
