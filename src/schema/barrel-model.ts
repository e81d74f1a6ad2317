import { ts } from './compiler.cjs';
import type { ListSpan } from './list-edit.ts';

/** A name in a list of names: `users`, `users as userTable`, `type User`. Offsets are those of the whole item. */
export interface ListedName {
  readonly start: number;
  readonly end: number;
  /** The name in the module it comes from. */
  readonly name: string;
  /** The name it has here. */
  readonly alias: string;
  readonly isType: boolean;
}

export interface NameList extends ListSpan {
  readonly items: readonly ListedName[];
}

/** One `export … from` or `import … from` of a file of the project. */
export interface ModuleLine {
  readonly kind: 'export-star' | 'export-names' | 'import-names' | 'import-star';
  /** The statement without what stands around it. */
  readonly start: number;
  readonly end: number;
  readonly specifier: string;
  /** Offsets of the specifier's literal, quotes included. */
  readonly specifierStart: number;
  readonly specifierEnd: number;
  /** The file that it means. */
  readonly path: string;
  readonly isTypeOnly: boolean;
  readonly names?: NameList | undefined;
  /** The local name of `import * as x`. */
  readonly namespace?: string | undefined;
}

/** A member of an object that collects tables: `users`, `users: usersTable`, `...users`. */
export interface ObjectItem {
  readonly start: number;
  readonly end: number;
  readonly kind: 'shorthand' | 'pair' | 'spread';
  readonly key: string;
  readonly value: string;
}

export interface ObjectList extends ListSpan {
  readonly items: readonly ObjectItem[];
}

/** `export { users };` without a module. */
export interface LocalExports {
  readonly start: number;
  readonly end: number;
  readonly isTypeOnly: boolean;
  readonly names: NameList;
}

/** What a file passes on: the lines that name other files, its own export lists and the objects built of imports. */
export interface BarrelModel {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly ModuleLine[];
  readonly localExports: readonly LocalExports[];
  readonly objects: readonly ObjectList[];
}

/** Says which file of the project a module specifier means; undefined for packages and what cannot be found. */
export type ResolveImport = (fromPath: string, specifier: string) => string | undefined;

/** Reads what a source file passes on from other files of the project. */
export function readBarrel(path: string, source: ts.SourceFile, resolve: ResolveImport): BarrelModel {
  const lines: ModuleLine[] = [];
  const localExports: LocalExports[] = [];
  const objects: ObjectList[] = [];
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier === undefined) {
      localExports.push(...readLocalExports(statement, source));
    } else if (ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement)) {
      lines.push(...readModuleLine(statement, source, (specifier) => resolve(path, specifier)));
    } else {
      objects.push(...objectsOf(statement, source));
    }
  }
  const imported = new Set(lines.flatMap(localNames));
  const collecting = objects.filter((object) => object.items.some((item) => imported.has(item.value)));
  return { path, text: source.text, lines, localExports, objects: collecting };
}

/** The names that an import gives this file. */
export function localNames(line: ModuleLine): string[] {
  if (line.kind === 'import-star') return line.namespace === undefined ? [] : [line.namespace];
  return line.kind === 'import-names' ? (line.names?.items ?? []).map((name) => name.alias) : [];
}

function readModuleLine(
  statement: ts.ExportDeclaration | ts.ImportDeclaration,
  source: ts.SourceFile,
  resolve: (specifier: string) => string | undefined,
): ModuleLine[] {
  const specifier = statement.moduleSpecifier;
  const shape = shapeOf(statement, source);
  if (specifier === undefined || !ts.isStringLiteral(specifier) || shape === undefined) return [];
  const path = resolve(specifier.text);
  if (path === undefined) return [];
  return [
    {
      ...shape,
      ...span(statement, source),
      specifier: specifier.text,
      specifierStart: specifier.getStart(source),
      specifierEnd: specifier.end,
      path,
    },
  ];
}

type Shape = Pick<ModuleLine, 'kind' | 'isTypeOnly' | 'names' | 'namespace'>;

function shapeOf(
  statement: ts.ExportDeclaration | ts.ImportDeclaration,
  source: ts.SourceFile,
): Shape | undefined {
  if (ts.isExportDeclaration(statement)) return exportShape(statement, source);
  const bindings = statement.importClause?.namedBindings;
  const isTypeOnly = statement.importClause?.isTypeOnly ?? false;
  if (bindings === undefined) return undefined;
  if (ts.isNamespaceImport(bindings))
    return { kind: 'import-star', isTypeOnly, namespace: bindings.name.text };
  return { kind: 'import-names', isTypeOnly, names: readNames(bindings, source) };
}

/** `export * as x from` makes one namespace of a file: drizzle-kit does not look into those. */
function exportShape(statement: ts.ExportDeclaration, source: ts.SourceFile): Shape | undefined {
  const clause = statement.exportClause;
  if (clause === undefined) return { kind: 'export-star', isTypeOnly: statement.isTypeOnly };
  if (!ts.isNamedExports(clause)) return undefined;
  return { kind: 'export-names', isTypeOnly: statement.isTypeOnly, names: readNames(clause, source) };
}

function readNames(list: ts.NamedExports | ts.NamedImports, source: ts.SourceFile): NameList {
  const items = [...list.elements].map((element) => ({
    ...span(element, source),
    name: (element.propertyName ?? element.name).text,
    alias: element.name.text,
    isType: element.isTypeOnly,
  }));
  return { open: list.getStart(source), close: list.end - 1, items };
}

function readLocalExports(statement: ts.ExportDeclaration, source: ts.SourceFile): LocalExports[] {
  const clause = statement.exportClause;
  if (clause === undefined || !ts.isNamedExports(clause)) return [];
  return [{ ...span(statement, source), isTypeOnly: statement.isTypeOnly, names: readNames(clause, source) }];
}

function objectsOf(statement: ts.Statement, source: ts.SourceFile): ObjectList[] {
  if (ts.isExportAssignment(statement)) return objectOf(statement.expression, source);
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap((declaration) =>
    objectOf(declaration.initializer, source),
  );
}

function objectOf(expression: ts.Expression | undefined, source: ts.SourceFile): ObjectList[] {
  const object = expression && withoutAssertion(expression);
  if (object === undefined || !ts.isObjectLiteralExpression(object)) return [];
  const items = object.properties.map((property) => readObjectItem(property, source));
  return [{ open: object.getStart(source), close: object.end - 1, items }];
}

/** `{…} as const`, `{…} satisfies X`. */
function withoutAssertion(expression: ts.Expression): ts.Expression {
  const isWrapped =
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isParenthesizedExpression(expression);
  return isWrapped ? withoutAssertion(expression.expression) : expression;
}

function readObjectItem(property: ts.ObjectLiteralElementLike, source: ts.SourceFile): ObjectItem {
  const at = span(property, source);
  if (ts.isShorthandPropertyAssignment(property)) {
    return { ...at, kind: 'shorthand', key: property.name.text, value: property.name.text };
  }
  if (ts.isSpreadAssignment(property)) {
    return { ...at, kind: 'spread', key: '', value: property.expression.getText(source) };
  }
  const value = ts.isPropertyAssignment(property) ? property.initializer.getText(source) : '';
  return { ...at, kind: 'pair', key: property.name?.getText(source) ?? '', value };
}

function span(node: ts.Node, source: ts.SourceFile): { start: number; end: number } {
  return { start: node.getStart(source), end: node.end };
}
