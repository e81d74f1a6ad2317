import { ts } from './compiler.cjs';
import { applyEdits, type TextEdit } from './text-edit.ts';
import { insertItem, removeItems } from './list-edit.ts';
import { stringLiteral } from './literals.ts';
import { bindingNames } from './parse.ts';
import { exampleFor, type SpecifierExample, specifierFor } from './specifier.ts';
import type { FileStyle, ImportModel, ImportRequest, SchemaFile } from './source-file.ts';

/** An import as it is to be written: the module as the file calls it. */
export interface WantedImport {
  readonly module: string;
  readonly name: string;
  /** What the file calls it: another name where it uses this one for something else. */
  readonly alias: string;
  readonly isType: boolean;
}

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

/** How the files of a project are named: in the file itself, and in what lies around it. */
export interface SpecifierExamples {
  readonly own: readonly SpecifierExample[];
  readonly others: () => readonly SpecifierExample[];
}

/** The specifier for a request, written as the file (or its neighbours) names other files of the project. */
export function moduleOf(path: string, request: ImportRequest, { own, others }: SpecifierExamples): string {
  if ('module' in request.from) return request.from.module;
  const target = request.from.path;
  return specifierFor(path, target, exampleFor(path, target, own, others));
}

/** The imports of project files in a file, as examples of how they are named. */
export function specifierExamples(file: SchemaFile): SpecifierExample[] {
  return file.imports.flatMap((each) =>
    each.path === undefined ? [] : [{ from: file.path, specifier: each.module, path: each.path }],
  );
}

/** A longer line than this is broken, unless the file has longer ones. */
const WIDTH = 100;
/** No file means longer ones, whatever strings it holds. */
const WIDEST = 160;

/** An import line that is longer is broken. */
const IMPORT_WIDTH = 120;
const SHORT_IMPORT_WIDTH = 80;

/** The length of import lines in some files: that of their longest, or the usual one where they break none. */
export function importWidthOf(texts: readonly string[]): number {
  const longest = Math.max(
    0,
    ...texts.flatMap((text) =>
      (text.match(/^import .*['"];?[ \t]*\r?$/gm) ?? []).map((line) => line.trimEnd().length),
    ),
  );
  const isBroken = texts.some((text) => /^import (?:type )?\{[ \t]*\r?$/m.test(text));
  return Math.min(WIDEST, Math.max(longest, isBroken ? SHORT_IMPORT_WIDTH : IMPORT_WIDTH));
}

/** The length of line that a file allows itself. */
export function widthOf(text: string): number {
  let longest = WIDTH;
  for (let start = 0, end = 0; end !== -1 && longest < WIDEST; start = end + 1) {
    end = text.indexOf('\n', start);
    longest = Math.max(longest, (end === -1 ? text.length : end) - start);
  }
  return Math.min(longest, WIDEST);
}

/** Adds and removes imports in a text, which has been parsed as `file`. Returns the new text. */
export function editImports(
  file: SchemaFile,
  wanted: readonly WantedImport[],
  unused: ReadonlySet<string>,
  style: FileStyle,
): string {
  const added = new Map<ImportModel, WantedImport[]>();
  const missing: WantedImport[] = [];
  for (const want of wanted) {
    const host = hostOf(file, want, style);
    if (host === undefined) missing.push(want);
    else added.set(host, [...(added.get(host) ?? []), want]);
  }
  const gone = file.imports.filter((each) => isUnused(each, unused) && !added.has(each));
  const kept = file.imports.filter((each) => !gone.includes(each));
  const edits = kept.flatMap((each) => importEdits(file, each, added.get(each) ?? [], unused, style));
  const isReplaced = kept.length === 0 && missing.length > 0;
  const removals = gone.map((each) => wholeLine(file.text, each, { withGap: !isReplaced }));
  return applyEdits(file.text, [...edits, ...removals, ...newImports(file, kept, missing, style)]);
}

/** The import that takes a name: of its module, with names, and of its kind where there are both kinds. */
function hostOf(
  file: SchemaFile,
  want: WantedImport,
  { typeImports = false }: FileStyle,
): ImportModel | undefined {
  const hosts = file.imports.filter((each) => each.module === want.module && each.names !== undefined);
  const exact = hosts.find((each) => each.isTypeOnly === want.isType);
  return exact ?? (want.isType && !typeImports ? hosts.find((each) => !each.isTypeOnly) : undefined);
}

/** Whether a file uses nothing of what an import gives. */
function isUnused({ names, defaultName }: ImportModel, unused: ReadonlySet<string>): boolean {
  const items = names?.items ?? [];
  return defaultName === undefined && items.length > 0 && items.every(({ alias }) => unused.has(alias));
}

function importEdits(
  file: SchemaFile,
  each: ImportModel,
  added: readonly WantedImport[],
  unused: ReadonlySet<string>,
  style: FileStyle,
): TextEdit[] {
  const items = each.names?.items ?? [];
  const gone = items.flatMap((item, index) => (unused.has(item.alias) ? [index] : []));
  if (each.names === undefined || (added.length === 0 && gone.length === 0)) return [];
  const texts = added.map((want) => itemText(want, each));
  return listEdits(file, each.names, { texts, gone, style });
}

/** `text`, `type AnyPgColumn`, `text as pgText`. */
function itemText({ name, alias, isType }: WantedImport, line: { readonly isTypeOnly: boolean }): string {
  return `${isType && !line.isTypeOnly ? 'type ' : ''}${name}${alias === name ? '' : ` as ${alias}`}`;
}

interface ListChange {
  readonly texts: readonly string[];
  readonly gone: readonly number[];
  readonly style: FileStyle;
}

/** A list in one of the two usual layouts is written anew; any other gets its items one by one. */
function listEdits(
  file: SchemaFile,
  list: NonNullable<ImportModel['names']>,
  change: ListChange,
): TextEdit[] {
  const written = list.items.map((item) => file.text.slice(item.start, item.end));
  const current = file.text.slice(list.open, list.close + 1);
  const layout = [oneLine, oneLineTight, manyLines(change.style, ','), manyLines(change.style, '')].find(
    (render) => render(written) === current,
  );
  const next = change.texts.reduce(
    insertSorted,
    written.filter((_, index) => !change.gone.includes(index)),
  );
  if (layout !== undefined)
    return [
      {
        start: list.open,
        end: list.close + 1,
        text: fitted(
          file,
          list.open,
          layout(next),
          manyLines(change.style, change.style.trailingComma)(next),
        ),
      },
    ];
  const inserted = change.texts.map((text) =>
    insertItem(file.text, list, list.items.length, text, change.style.eol),
  );
  return [...removeItems(file.text, list, change.gone), ...inserted];
}

const oneLine = (items: readonly string[]): string => `{ ${items.join(', ')} }`;
const oneLineTight = (items: readonly string[]): string => `{${items.join(', ')}}`;
const manyLines =
  ({ indent, eol }: FileStyle, comma: ',' | '') =>
  (items: readonly string[]): string =>
    `{${eol}${items.map((item) => indent + item).join(`,${eol}`)}${comma}${eol}}`;

function fitted(file: SchemaFile, open: number, line: string, broken: string): string {
  const start = file.text.lastIndexOf('\n', open - 1) + 1;
  const rest = file.text.slice(file.text.indexOf('}', open) + 1).split('\n', 1)[0] ?? '';
  const isTooLong = !line.includes('\n') && open - start + line.length + rest.length > widthOf(file.text);
  return isTooLong ? broken : line;
}

/** Where the names stand sorted the new one goes to its place, else to the end. */
function insertSorted(items: readonly string[], item: string): readonly string[] {
  const key = (text: string) => text.replace(/^type /, '');
  const compare = ORDERS.find((order) =>
    items.every((each, index) => index === 0 || order(key(items[index - 1]!), key(each)) <= 0),
  );
  const at = compare === undefined ? -1 : items.findIndex((each) => compare(key(each), key(item)) > 0);
  return at === -1 ? [...items, item] : [...items.slice(0, at), item, ...items.slice(at)];
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const ORDERS = [byCode, (a: string, b: string) => byCode(a.toLowerCase(), b.toLowerCase())];

/** With the blank lines below it where there are some above as well, or nothing. */
function wholeLine(
  text: string,
  span: { start: number; end: number },
  { withGap }: { withGap: boolean },
): TextEdit {
  const end = endOfLine(text, span.end);
  const isShared = !/^[ \t]*(?:\/\/.*|\/\*.*\*\/[ \t]*)?$/.test(text.slice(span.end, end).trimEnd());
  if (isShared) return { ...span, text: '' };
  const isApart = /(?:^|\n)[ \t]*\r?\n$|^$/.test(text.slice(0, span.start));
  return { start: span.start, end: isApart && withGap ? afterBlankLines(text, end) : end, text: '' };
}

function afterBlankLines(text: string, at: number): number {
  return at + (/^(?:[ \t]*\r?\n)+/.exec(text.slice(at))?.[0].length ?? 0);
}

/** New import lines: those of the ORM among theirs, those of the project behind all others. */
function newImports(
  file: SchemaFile,
  kept: readonly ImportModel[],
  missing: readonly WantedImport[],
  style: FileStyle,
): TextEdit[] {
  const modules = [...new Set(missing.map((want) => want.module))].toSorted(byPackage);
  const lines = modules.flatMap((module) => {
    const wanted = missing.filter((want) => want.module === module);
    const types = style.typeImports === true ? wanted.filter(({ isType }) => isType) : [];
    return [types, wanted.filter((want) => !types.includes(want))]
      .filter((names) => names.length > 0)
      .map((names) => ({ module, line: importLine(module, names, style) }));
  });
  if (lines.length === 0) return [];
  if (kept.length > 0)
    return lines.map(({ module, line }) =>
      lineAmong({ text: file.text, imports: kept }, module, line, style),
    );
  const [gone] = file.imports;
  const written = inGroups(lines, style);
  return [
    gone === undefined
      ? firstImports(file, written, style)
      : { start: gone.start, end: gone.start, text: written },
  ];
}

/** Packages first, then files of the project, each sorted. */
function byPackage(a: string, b: string): number {
  const rank = (module: string) => (isOrm(module) ? 0 : /^[.@~]\/?/.test(module) ? 2 : 1);
  return rank(a) - rank(b) || byCode(a, b);
}

function lineAmong(
  { text, imports }: Pick<SchemaFile, 'text' | 'imports'>,
  module: string,
  line: string,
  { eol }: FileStyle,
): TextEdit {
  const next = isOrm(module) ? imports.find((each) => isOrm(each.module) && each.module > module) : undefined;
  if (next !== undefined) return { start: next.start, end: next.start, text: line + eol };
  const following = isOrm(module) ? undefined : nextSorted(imports, module);
  if (following !== undefined) return { start: following.start, end: following.start, text: line + eol };
  const last =
    (isOrm(module) ? imports.findLast((each) => isOrm(each.module)) : undefined) ?? imports.at(-1)!;
  const newline = text.indexOf('\n', last.end);
  return newline === -1
    ? { start: text.length, end: text.length, text: eol + line + eol }
    : { start: newline + 1, end: newline + 1, text: line + eol };
}

/** The import before which a project file's comes, where those of project files are sorted; undefined behind all. */
function nextSorted(imports: readonly ImportModel[], module: string): ImportModel | undefined {
  const own = imports.filter((each) => isOfProject(each.module));
  const isSorted = own.every(
    (each, index) => index === 0 || byCode(own[index - 1]!.module, each.module) <= 0,
  );
  const isLast = own.length === 0 || imports.at(-1) === own.at(-1);
  return own.length > 1 && isSorted && isLast && isOfProject(module)
    ? own.find((each) => byCode(each.module, module) > 0)
    : undefined;
}

function isOfProject(module: string): boolean {
  return /^[.~#]/.test(module);
}

/** Lines of imports, those of project files apart where the house has them so. */
function inGroups(
  lines: readonly { readonly module: string; readonly line: string }[],
  { eol, importGroups = false }: FileStyle,
): string {
  return lines
    .map(({ module, line }, index) => {
      const isNewGroup = index > 0 && isOfProject(module) && !isOfProject(lines[index - 1]!.module);
      return (importGroups && isNewGroup ? eol : '') + line + eol;
    })
    .join('');
}

/** The first imports of a file, a blank line on each side of them that something stands on. */
function firstImports({ text, ast }: SchemaFile, lines: string, { eol }: FileStyle): TextEdit {
  const start = topOf(text, ast);
  const end = afterBlankLines(text, start);
  const above = text.slice(0, start);
  const isApart = above === '' || /(?:^|\n)[ \t]*\r?\n$/.test(above);
  return { start, end, text: (isApart ? '' : eol) + lines + (end < text.length ? eol : '') };
}

/** Below a shebang, a licence and directives: comments at the top that a blank line sets apart, and `'use server'`. */
function topOf(text: string, { statements }: SchemaFile['ast']): number {
  if (statements.length === 0) return text.trim() === '' ? 0 : text.length;
  const directive = statements.findLast(
    (each, index) => isDirective(each) && statements.slice(0, index).every(isDirective),
  );
  if (directive !== undefined) return endOfLine(text, directive.end);
  return /^(?:(?:#!|\/\/)[^\n]*\n|\/\*[\s\S]*?\*\/[ \t]*\r?\n)*\r?\n/.exec(text)?.[0].length ?? 0;
}

function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}

/** One import statement. */
export function importLine(module: string, names: readonly WantedImport[], style: FileStyle): string {
  const isTypeOnly = names.every((name) => name.isType);
  const items = names
    .map((name) => itemText(name, { isTypeOnly }))
    .reduce(insertSorted, [] as readonly string[]);
  const rest = ` from ${stringLiteral(module, style.quote)}${style.semicolon}`;
  const head = isTypeOnly ? 'import type ' : 'import ';
  const line = head + oneLine(items) + rest;
  return line.length <= (style.importWidth ?? IMPORT_WIDTH)
    ? line
    : head + manyLines(style, style.trailingComma)(items) + rest;
}

function isOrm(module: string): boolean {
  return /^(drizzle-orm|typeorm)(\/|$)/.test(module);
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
