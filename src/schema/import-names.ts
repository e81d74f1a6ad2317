import { ts } from './compiler.cjs';
import type { WantedImport } from './import-line.ts';
import { isOrm } from './import-order.ts';
import { bindingNames } from './parse.ts';
import type { ImportModel, ImportRequest, SchemaFile } from './source-file.ts';

/** The name by which a file has what is asked for already; undefined when it must be imported. */
export function localName(
  file: SchemaFile,
  request: ImportRequest,
  isOtherTable: (path: string) => boolean,
): string | undefined {
  for (const each of file.imports) {
    const item = each.names?.items.find((name) => name.name === request.name);
    const isUsable = request.isType === true || !(each.isTypeOnly || item?.isType === true);
    const isSeen = item?.alias !== request.hiddenBy;
    if (item && isUsable && isSeen && isSource(each, request, isOtherTable)) return item.alias;
  }
  const namespace = file.imports.find(
    (each) =>
      each.namespace !== undefined && each.namespace !== request.hiddenBy && isExactSource(each, request),
  )?.namespace;
  const hasNames = file.imports.some(
    (each) => each.names !== undefined && !each.isTypeOnly && isExactSource(each, request),
  );
  return namespace !== undefined && !hasNames ? `${namespace}.${request.name}` : undefined;
}

function isExactSource(each: ImportModel, { from }: ImportRequest): boolean {
  return 'module' in from ? each.module === from.module : each.path === from.path;
}

/** A project name may come through a barrel, as long as no other declaration of that name is meant. */
function isSource(each: ImportModel, request: ImportRequest, isOther: (path: string) => boolean): boolean {
  return (
    isExactSource(each, request) || ('path' in request.from && each.path !== undefined && !isOther(each.path))
  );
}

/** The name itself, or another one where the file has it for something else. */
export function freeName(
  { name, hiddenBy }: ImportRequest,
  module: string,
  around: { readonly file: SchemaFile | undefined; readonly wanted: readonly WantedImport[] },
): string {
  const others = around.wanted.filter((want) => want.module !== module || want.name !== name);
  const taken = new Set([
    ...(around.file ? topLevelNames(around.file) : []),
    ...others.map(({ alias }) => alias),
  ]);
  if (hiddenBy !== undefined) taken.add(hiddenBy);
  const base = `${prefixFor(name, module)}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  for (let number = 1; taken.has(name); number += 1) {
    const alias = number === 1 ? base : `${base}${number}`;
    if (!taken.has(alias)) return alias;
  }
  return name;
}

/** `pgText`, `drizzleSql`, `importedUsers`. */
function prefixFor(name: string, module: string): string {
  if (module === 'drizzle-orm/pg-core' && !/pg/i.test(name)) return 'pg';
  if (!isOrm(module)) return 'imported';
  return module.startsWith('typeorm') ? 'typeorm' : 'drizzle';
}

const named = new WeakMap<SchemaFile, readonly string[]>();

/** Every name that a file declares or imports for all of itself. */
function topLevelNames(file: SchemaFile): readonly string[] {
  const known = named.get(file) ?? findTopLevelNames(file);
  named.set(file, known);
  return known;
}

function findTopLevelNames({ ast, imports }: SchemaFile): readonly string[] {
  const declared = ast.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => bindingNames(name));
    const isNamed =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement);
    return isNamed && statement.name !== undefined ? [statement.name.text] : [];
  });
  const imported = imports.flatMap((each) => [
    ...(each.names?.items.map((item) => item.alias) ?? []),
    ...[each.defaultName, each.namespace].filter((name) => name !== undefined),
  ]);
  return [...declared, ...imported];
}

/** Whether a file calls a name: the quick answer for most imports. */
export function isCalled({ text, imports }: SchemaFile, name: string): boolean {
  const start = imports.at(-1)?.end ?? 0;
  for (let at = text.indexOf(`${name}(`, start); at !== -1; at = text.indexOf(`${name}(`, at + 1)) {
    const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
    if (!/[\w$.]$/.test(line) && !/\/\/|\/\*|^\s*\*|['"`]/.test(line)) return true;
  }
  return false;
}

/** Every name that a file uses outside its imports. */
export function usedNames(ast: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isPropertyAccessExpression(node)) return visit(node.expression);
    if (ts.isPropertyAssignment(node) && !ts.isComputedPropertyName(node.name))
      return visit(node.initializer);
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return names;
}
