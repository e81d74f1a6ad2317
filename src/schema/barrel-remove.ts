import type { TextEdit } from './text-edit.ts';
import type { BarrelModel, LocalExports, ModuleLine, ObjectList } from './barrel-model.ts';
import { removeItems } from './list-edit.ts';

export interface BarrelRemoval {
  /** Absolute path of the file that declared the names. */
  readonly file: string;
  /** The names that are gone (tables, types, relations); `all` when the file itself is. */
  readonly names: readonly string[] | 'all';
}

/** The edits that make a barrel forget names of a file: its lines, the names in export lists and in objects. */
export function removeFromBarrel(barrel: BarrelModel, removal: BarrelRemoval): TextEdit[] {
  const lines = barrel.lines.filter((line) => line.path === removal.file);
  const gone = lines.flatMap((line) => goneLocally(line, removal));
  return [
    ...lines.flatMap((line) => removeFromLine(barrel.text, line, removal)),
    ...removeFromCollections(barrel, new Set(gone)),
  ];
}

/** The edits that take names out of the export lists of the file that declared them. */
export function removeOwnExports(model: BarrelModel, names: readonly string[]): TextEdit[] {
  const gone = new Set(names);
  return model.localExports.flatMap((list) => removeFromList(model.text, list, gone));
}

function goneLocally(line: ModuleLine, { names }: BarrelRemoval): string[] {
  if (line.kind === 'import-star')
    return names === 'all' && line.namespace !== undefined ? [line.namespace] : [];
  if (line.kind !== 'import-names') return [];
  return (line.names?.items ?? [])
    .filter((item) => names === 'all' || names.includes(item.name))
    .map((item) => item.alias);
}

function removeFromLine(text: string, line: ModuleLine, { names }: BarrelRemoval): TextEdit[] {
  if (names === 'all') return [removeStatement(text, line)];
  const items = line.names?.items ?? [];
  const gone = items.flatMap((item, index) => (names.includes(item.name) ? [index] : []));
  if (gone.length === 0) return [];
  return gone.length === items.length ? [removeStatement(text, line)] : removeItems(text, line.names!, gone);
}

function removeFromCollections(barrel: BarrelModel, gone: ReadonlySet<string>): TextEdit[] {
  if (gone.size === 0) return [];
  return [
    ...barrel.localExports.flatMap((list) => removeFromList(barrel.text, list, gone)),
    ...barrel.objects.flatMap((object) => removeMembers(barrel.text, object, gone)),
  ];
}

function removeFromList(text: string, list: LocalExports, gone: ReadonlySet<string>): TextEdit[] {
  const indexes = list.names.items.flatMap((item, index) => (gone.has(item.name) ? [index] : []));
  if (indexes.length === 0) return [];
  return indexes.length === list.names.items.length
    ? [removeStatement(text, list)]
    : removeItems(text, list.names, indexes);
}

function removeMembers(text: string, object: ObjectList, gone: ReadonlySet<string>): TextEdit[] {
  const indexes = object.items.flatMap((item, index) => (gone.has(item.value) ? [index] : []));
  return removeItems(text, object, indexes);
}

/** The statement with its line; and the comment above it when that stood for this one line alone. */
function removeStatement(
  text: string,
  statement: { readonly start: number; readonly end: number },
): TextEdit {
  const start = text.lastIndexOf('\n', statement.start - 1) + 1;
  const newline = text.indexOf('\n', statement.end);
  const end = newline === -1 ? text.length : newline + 1;
  if (text.slice(start, statement.start).trim() !== '') return { ...statement, text: '' };
  if (newline === -1 && start > 0)
    return { start: start - (text[start - 2] === '\r' ? 2 : 1), end, text: '' };
  return { start: ownCommentStart(text, start, end), end, text: '' };
}

function ownCommentStart(text: string, start: number, end: number): number {
  const isLastOfGroup = /^[ \t]*(\r?\n|$)/.test(text.slice(end));
  const comment = /(?:^|\n[ \t]*\r?\n)((?:[ \t]*\/\/[^\n]*\n)+)$/.exec(text.slice(0, start))?.[1];
  const isFileHead = comment !== undefined && comment.length === start;
  return isLastOfGroup && comment !== undefined && !isFileHead ? start - comment.length : start;
}
