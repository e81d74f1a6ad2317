import { ts } from './compiler.cjs';
import { importLine, type WantedImport } from './import-line.ts';
import { byCode, type ImportKind, kindOf, kindOfImport, USUAL_ORDER } from './import-order.ts';
import type { TextEdit } from './text-edit.ts';
import type { FileStyle, ImportModel, SchemaFile } from './source-file.ts';

interface NewLine {
  readonly module: string;
  readonly kind: ImportKind;
  readonly line: string;
}

/**
 * New import lines: each among those of its kind (the ORM, packages, aliases, files nearby), the kinds in the order that the
 * project has. `kept` are the imports of the file that stay.
 */
export function newImports(
  file: SchemaFile,
  kept: readonly ImportModel[],
  missing: readonly WantedImport[],
  style: FileStyle,
): TextEdit[] {
  const lines = newLines(missing, style);
  if (lines.length === 0) return [];
  if (kept.length > 0) return lines.map((line) => lineAmong({ text: file.text, imports: kept }, line, style));
  const [gone] = file.imports;
  const written = inGroups(lines, style);
  return [
    gone === undefined
      ? firstImports(file, written, style)
      : { start: gone.start, end: gone.start, text: written },
  ];
}

function newLines(missing: readonly WantedImport[], style: FileStyle): NewLine[] {
  const { kinds } = style.importOrder ?? USUAL_ORDER;
  const modules = [...new Set(missing.map((want) => want.module))].map((module) => ({
    module,
    kind: kindOf(
      module,
      missing.some((want) => want.module === module && want.isOwn === true),
    ),
  }));
  return modules
    .toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || byCode(a.module, b.module))
    .flatMap(({ module, kind }) => {
      const all = missing.filter((want) => want.module === module);
      const defaults = all.filter((want) => want.isDefault === true);
      const wanted = all.filter((want) => !defaults.includes(want));
      const types = style.typeImports === true ? wanted.filter(({ isType }) => isType) : [];
      return [...defaults.map((want) => [want]), types, wanted.filter((want) => !types.includes(want))]
        .filter((names) => names.length > 0)
        .map((names) => ({ module, kind, line: importLine(module, names, style) }));
    });
}

/** Among the imports of its kind; else behind those of the kinds above it, or before those of the kinds below. */
function lineAmong(
  { text, imports }: Pick<SchemaFile, 'text' | 'imports'>,
  { module, kind, line }: NewLine,
  style: FileStyle,
): TextEdit {
  const { eol, importOrder: { kinds } = USUAL_ORDER } = style;
  const alike = imports.filter((each) => kindOfImport(each) === kind);
  const next = alike.length > 0 ? nextSorted(imports, alike, module, kind) : firstBelow(imports, kinds, kind);
  if (next !== undefined) return { start: next.start, end: next.start, text: line + eol };
  const last = alike.at(-1) ?? lastAbove(imports, kinds, kind) ?? imports.at(-1)!;
  const newline = text.indexOf('\n', last.end);
  return newline === -1
    ? { start: text.length, end: text.length, text: eol + line + eol }
    : { start: newline + 1, end: newline + 1, text: line + eol };
}

/** The import before which one of its kind comes, where they stand together and sorted; undefined behind them all. */
function nextSorted(
  imports: readonly ImportModel[],
  alike: readonly ImportModel[],
  module: string,
  kind: ImportKind,
): ImportModel | undefined {
  const isSorted = alike.every(
    (each, index) => index === 0 || byCode(alike[index - 1]!.module, each.module) <= 0,
  );
  const isTogether = imports.indexOf(alike.at(-1)!) - imports.indexOf(alike[0]!) === alike.length - 1;
  // One alone shows no order; the modules of an ORM have theirs.
  if (kind !== 'orm' && (alike.length < 2 || !isTogether || !isSorted)) return undefined;
  return alike.find((each) => byCode(each.module, module) > 0);
}

/** A file by its alias goes right before those nearby, with which it shares the blank line above them. */
function firstBelow(
  imports: readonly ImportModel[],
  kinds: readonly ImportKind[],
  kind: ImportKind,
): ImportModel | undefined {
  const isOfProject = kind === 'alias' || kind === 'relative';
  const isNext = (each: ImportModel): boolean => kinds.indexOf(kindOfImport(each)) > kinds.indexOf(kind);
  return isOfProject || lastAbove(imports, kinds, kind) === undefined ? imports.find(isNext) : undefined;
}

function lastAbove(
  imports: readonly ImportModel[],
  kinds: readonly ImportKind[],
  kind: ImportKind,
): ImportModel | undefined {
  return imports.findLast((each) => kinds.indexOf(kindOfImport(each)) < kinds.indexOf(kind));
}

/** Lines of imports, with blank lines before those kinds that the project has apart. */
function inGroups(lines: readonly NewLine[], { eol, importOrder, importGroups = false }: FileStyle): string {
  const isOfProject = (kind: ImportKind): boolean => kind === 'alias' || kind === 'relative';
  return lines
    .map(({ kind, line }, index) => {
      const above = lines[index - 1]?.kind;
      const isFirstOfProject = above !== undefined && isOfProject(kind) && !isOfProject(above);
      const isApart =
        above !== undefined && above !== kind && isOfProject(above) && importOrder?.apart.includes(kind);
      return ((importGroups && isFirstOfProject) || isApart ? eol : '') + line + eol;
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

/** The offset behind the line end at or after `at`. */
export function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}

/** The offset behind the blank lines at `at`. */
export function afterBlankLines(text: string, at: number): number {
  return at + (/^(?:[ \t]*\r?\n)+/.exec(text.slice(at))?.[0].length ?? 0);
}
