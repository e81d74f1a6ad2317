import { applyEdits, type TextEdit } from './text-edit.ts';
import { itemText, listEdits, type WantedImport } from './import-line.ts';
import { afterBlankLines, endOfLine, newImports } from './new-imports.ts';
import type { FileStyle, ImportModel, SchemaFile } from './source-file.ts';

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
  if (want.isDefault === true) return undefined;
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
