import type { TextEdit } from './text-edit.ts';
import {
  type BarrelModel,
  type LocalExports,
  localNames,
  type ModuleLine,
  type NameList,
  type ObjectList,
} from './barrel-model.ts';
import { separateWords } from './case.ts';
import { insertItem } from './list-edit.ts';
import { type Quote, stringLiteral } from './literals.ts';
import { sortedIndex } from './sorted.ts';
import { directoryOf, type SpecifierExample, specifierFor } from './specifier.ts';

export interface BarrelAddition {
  /** Absolute path of the file that declares the names. */
  readonly file: string;
  /** Tables, enums, relations: values. */
  readonly values: readonly string[];
  /** Row types. They are listed only where the neighbours' are. */
  readonly types: readonly string[];
  /** Files whose tables it refers to: of two groups of a barrel it belongs to theirs. */
  readonly related?: readonly string[] | undefined;
  readonly isSchemaFile: (path: string) => boolean;
  /** How a line is written where the barrel has none to copy. */
  readonly fallback: {
    readonly quote: Quote;
    readonly semicolon: ';' | '';
    readonly eol: string;
    readonly example?: SpecifierExample | undefined;
  };
}

/** The edits that make a barrel pass on the names of a file, in the form in which it passes on the neighbours. */
export function addToBarrel(barrel: BarrelModel, addition: BarrelAddition): TextEdit[] {
  const own = barrel.lines.filter((line) => line.path === addition.file && !line.isTypeOnly);
  if (own.some((line) => line.kind === 'export-star')) return [];
  const named = own.find((line) => line.names !== undefined);
  if (named !== undefined) return extendLine(barrel, named, addition);
  const like = linesLike(barrel, addition);
  if (isNothingToList(like[0], barrel, addition)) return [];
  return [
    addLine(barrel, like, addition),
    ...addCompanions(barrel, like, addition),
    ...addToCollections(barrel, like, addition),
  ];
}

/** A file of relations alone, in a barrel that lists names and no relations. */
function isNothingToList(
  like: ModuleLine | undefined,
  barrel: BarrelModel,
  addition: BarrelAddition,
): boolean {
  return like?.names !== undefined && listedNames(like, barrel, addition).length === 0;
}

/** The line of a new barrel for one file, written as another barrel is. */
export function barrelText(path: string, like: BarrelModel, addition: BarrelAddition): string {
  const [template] = linesLike(like, addition);
  return lineText(path, template, like, addition);
}

/** The lines that pass schema files on in the form that most of them have; of a tie, the form of the last. */
function linesLike(barrel: BarrelModel, addition: BarrelAddition): readonly ModuleLine[] {
  const lines = barrel.lines.filter((line) => !line.isTypeOnly);
  const schema = lines.filter((line) => addition.isSchemaFile(line.path));
  const pool = schema.length > 0 ? schema : lines;
  const count = (kind: ModuleLine['kind']) => pool.filter((line) => line.kind === kind).length;
  const kind = pool
    .map((line) => line.kind)
    .reduceRight<ModuleLine['kind'] | undefined>(
      (best, next) => (best === undefined || count(next) > count(best) ? next : best),
      undefined,
    );
  return pool.filter((line) => line.kind === kind);
}

function addLine(barrel: BarrelModel, like: readonly ModuleLine[], addition: BarrelAddition): TextEdit {
  const eol = eolOf(barrel.text, addition);
  const group = groupFor(barrel, like, addition);
  const text = lineText(barrel.path, nearest(group, addition.file), barrel, addition);
  const key = specifierIn(text);
  const index =
    sortedIndex(
      group.map((line) => line.specifier),
      key,
    ) ?? sortedByName(group, addition);
  const before = index === undefined ? undefined : group[index];
  if (before !== undefined)
    return {
      start: lineStart(barrel.text, before.start),
      end: lineStart(barrel.text, before.start),
      text: text + eol,
    };
  const last = index === undefined ? lastInFolder(group, addition.file) : group.at(-1);
  return last === undefined
    ? appendLine(barrel.text, text, eol)
    : insertAfterLine(barrel.text, typePartner(barrel, last)?.end ?? last.end, text, eol);
}

/** The `export type { … }` of the same file right below a line. */
function typePartner(barrel: BarrelModel, line: ModuleLine): ModuleLine | undefined {
  return barrel.lines.find(
    (other) =>
      other.isTypeOnly && other.path === line.path && other.start > line.start && other.start - line.end < 3,
  );
}

function sortedByName(group: readonly ModuleLine[], addition: BarrelAddition): number | undefined {
  const names = group.map((line) => line.names?.items[0]?.alias ?? line.namespace);
  const key = addition.values[0];
  const known = names.filter((name) => name !== undefined);
  return known.length === group.length && key !== undefined ? sortedIndex(known, key) : undefined;
}

/**
 * Blank lines and comments make groups. The line goes into the one that is of the file's folder, has what it refers to, or
 * has files that are called alike (`order-items` beside `orders`), in this order; else into the last.
 */
function groupFor(
  barrel: BarrelModel,
  like: readonly ModuleLine[],
  { file, related = [] }: BarrelAddition,
): readonly ModuleLine[] {
  const groups: ModuleLine[][] = [];
  for (const line of like) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    const isNext =
      previous !== undefined && /^[^\n]*\n?[ \t]*$/.test(withoutLines(barrel, previous.end, line.start));
    if (isNext && group) group.push(line);
    else groups.push([line]);
  }
  const share = (group: readonly ModuleLine[], is: (path: string) => boolean): number =>
    group.filter(({ path }) => is(path)).length / group.length;
  const closeness = (group: readonly ModuleLine[]): readonly number[] => [
    share(group, (path) => directoryOf(path) === directoryOf(file)),
    group.filter(({ path }) => related.includes(path)).length,
    group.filter(({ path }) => firstWord(path) === firstWord(file)).length,
  ];
  return groups.reduceRight<readonly ModuleLine[]>(
    (best, group) => (isGreater(closeness(group), closeness(best)) ? group : best),
    groups.at(-1) ?? [],
  );
}

function isGreater(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((each, index) => each !== b[index]);
  return at !== -1 && a[at]! > b[at]!;
}

/** `order` of `/p/db/order-items.ts` and of `/p/db/orders.ts`. */
function firstWord(path: string): string {
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/, '');
  return (separateWords(stem, '-').split(/[-_]/)[0] ?? '').replace(/s$/, '');
}

/** The text between two offsets without the other lines of the barrel in it. */
function withoutLines(barrel: BarrelModel, from: number, to: number): string {
  const between = barrel.lines.filter((line) => line.start >= from && line.end <= to);
  let text = '';
  let at = from;
  for (const line of between) {
    text += barrel.text.slice(at, line.start);
    at = line.end + (/^\r?\n/.exec(barrel.text.slice(line.end))?.[0].length ?? 0);
  }
  return text + barrel.text.slice(at, to);
}

function nearest(group: readonly ModuleLine[], file: string): ModuleLine | undefined {
  return lastInFolder(group, file) ?? group.at(-1);
}

function lastInFolder(group: readonly ModuleLine[], file: string): ModuleLine | undefined {
  return group.findLast((line) => directoryOf(line.path) === directoryOf(file)) ?? group.at(-1);
}

/** One line for the new file, copied from its neighbour. */
function lineText(
  path: string,
  like: ModuleLine | undefined,
  barrel: BarrelModel,
  addition: BarrelAddition,
): string {
  const example = like && { from: barrel.path, specifier: like.specifier, path: like.path };
  const specifier = specifierFor(path, addition.file, example ?? addition.fallback.example);
  const quote = like === undefined ? addition.fallback.quote : (barrel.text[like.specifierStart] as Quote);
  const semicolon =
    like === undefined ? addition.fallback.semicolon : barrel.text.slice(like.specifierEnd, like.end).trim();
  return `${clauseText(like, barrel, addition)} from ${stringLiteral(specifier, quote)}${semicolon}`;
}

function clauseText(like: ModuleLine | undefined, barrel: BarrelModel, addition: BarrelAddition): string {
  switch (like?.kind) {
    case undefined:
    case 'export-star':
      return 'export *';
    case 'import-star':
      return `import * as ${addition.values[0] ?? 'schema'}`;
    case 'export-names':
    case 'import-names': {
      const space = /\{\S/.test(barrel.text.slice(like.names!.open, like.names!.open + 2)) ? '' : ' ';
      return `${like.kind === 'export-names' ? 'export' : 'import'} {${space}${listedNames(like, barrel, addition).join(', ')}${space}}`;
    }
  }
}

/** The values, and the types too where the neighbour lists its own beside them. */
function listedNames(like: ModuleLine, barrel: BarrelModel, addition: BarrelAddition): readonly string[] {
  const items = like.names?.items ?? [];
  const values = addition.values.filter(
    (value) =>
      !isSideValue(value) ||
      barrel.lines.some((line) => line.names?.items.some((item) => isSideValue(item.name))),
  );
  const typeItems = items.filter((item) => item.isType);
  if (typeItems.length > 0)
    return inOrder(items, [...values, ...inOrder(typeItems, addition.types).map((type) => `type ${type}`)]);
  const listsTypes =
    !hasTypeLines(barrel) &&
    items.some((item) => /^[A-Z]/.test(item.name)) &&
    items.some((item) => /^[a-z]/.test(item.name));
  return listsTypes ? inOrder(items, [...values, ...addition.types]) : values;
}

/** Sorted where the neighbour's names are, without regard to case. */
function inOrder(items: NameList['items'], names: readonly string[]): readonly string[] {
  const key = (name: string) => name.replace(/^type /, '').toLowerCase();
  const isSorted =
    items.length > 1 &&
    items.every((item, index) => index === 0 || key(items[index - 1]!.alias) <= key(item.alias));
  return isSorted ? names.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) : names;
}

/** Relations and zod schemas: drizzle-kit does not need them, so a barrel lists them only where it lists others. */
export function isSideValue(name: string): boolean {
  return /relations?$/i.test(name) || /^(?:insert|select|update|create|upsert)\w*Schema$/i.test(name);
}

function hasTypeLines(barrel: BarrelModel): boolean {
  return barrel.lines.some((line) => line.isTypeOnly);
}

/** `export type { User } from './drizzle/user'` beside the values, where the neighbours have one each. */
function addCompanions(
  barrel: BarrelModel,
  like: readonly ModuleLine[],
  addition: BarrelAddition,
): TextEdit[] {
  const typed = barrel.lines.filter((line) => line.isTypeOnly && line.kind === 'export-names');
  const withTypes = like.filter((line) => typed.some((type) => type.path === line.path));
  const last = typed.at(-1);
  if (addition.types.length === 0 || last === undefined || withTypes.length * 2 < like.length) return [];
  const value = lineText(barrel.path, last, barrel, { ...addition, values: addition.types, types: [] });
  const text = value.replace(/^export \{/, 'export type {');
  const eol = eolOf(barrel.text, addition);
  const neighbour = nearest(like, addition.file);
  if (neighbour === undefined || typePartner(barrel, neighbour) === undefined)
    return [insertAfterLine(barrel.text, last.end, text, eol)];
  const { start } = addLine(barrel, like, addition);
  return [
    {
      start,
      end: start,
      text: start === barrel.text.length && !barrel.text.endsWith('\n') ? eol + text : text + eol,
    },
  ];
}

/** `export { user }` and `export const schema = { user }` of an importing barrel. */
function addToCollections(
  barrel: BarrelModel,
  like: readonly ModuleLine[],
  addition: BarrelAddition,
): TextEdit[] {
  if (!like[0]?.kind.startsWith('import')) return [];
  const names = new Set(like.flatMap(localNames));
  const lists = barrel.localExports.filter(
    (list) => !list.isTypeOnly && list.names.items.some((item) => names.has(item.name)),
  );
  const objects = barrel.objects.filter((object) => object.items.some((item) => names.has(item.value)));
  const eol = eolOf(barrel.text, addition);
  const values = like[0].kind === 'import-star' ? addition.values.slice(0, 1) : addition.values;
  return [
    ...lists.flatMap((list: LocalExports) =>
      values.map((value) => insertName(barrel.text, list.names, value, eol)),
    ),
    ...objects.flatMap((object) => values.map((value) => insertMember(barrel.text, object, value, eol))),
  ];
}

function insertMember(text: string, object: ObjectList, value: string, eol: string): TextEdit {
  const keys = object.items.map((item) => (item.kind === 'spread' ? item.value : item.key));
  const isSpread =
    object.items.at(-1)?.kind === 'spread' && object.items.every((item) => item.kind === 'spread');
  return insertItem(
    text,
    object,
    sortedIndex(keys, value) ?? keys.length,
    isSpread ? `...${value}` : value,
    eol,
  );
}

function insertName(text: string, list: NameList, name: string, eol: string): TextEdit {
  const index =
    sortedIndex(
      list.items.map((item) => item.alias),
      name.replace(/^type /, ''),
    ) ?? list.items.length;
  return insertItem(text, list, index, name, eol);
}

/** A line that names the file already gets what it does not list yet. */
function extendLine(barrel: BarrelModel, line: ModuleLine, addition: BarrelAddition): TextEdit[] {
  const list = line.names!;
  const listed = new Set(list.items.map((item) => item.name));
  const eol = eolOf(barrel.text, addition);
  const wanted = listedNames(line, barrel, addition).filter(
    (name) => !listed.has(name.replace(/^type /, '')),
  );
  const edits = wanted.map((name) => insertName(barrel.text, list, name, eol));
  return line.kind === 'import-names' ? [...edits, ...addToCollections(barrel, [line], addition)] : edits;
}

function specifierIn(line: string): string {
  return /(['"])([^'"]*)\1[^'"]*$/.exec(line)?.[2] ?? '';
}

function insertAfterLine(text: string, end: number, line: string, eol: string): TextEdit {
  const newline = text.indexOf('\n', end);
  return newline === -1
    ? appendLine(text, line, eol)
    : { start: newline + 1, end: newline + 1, text: line + eol };
}

function appendLine(text: string, line: string, eol: string): TextEdit {
  const at = text.length;
  if (text === '' || text.endsWith('\n')) return { start: at, end: at, text: line + eol };
  return { start: at, end: at, text: eol + line };
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function eolOf(text: string, addition: BarrelAddition): string {
  if (text.includes('\r\n')) return '\r\n';
  return text.includes('\n') ? '\n' : addition.fallback.eol;
}
