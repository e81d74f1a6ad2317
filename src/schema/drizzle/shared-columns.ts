import type { ColumnDef, DatabaseSchema, TableDef } from '../../plan/database-schema.ts';
import { sameExpression } from '../../postgres/expression.ts';
import { sameType } from '../../postgres/type.ts';
import type { ImportRequest, SchemaFile } from '../source-file.ts';
import type { ColumnDraft, TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';
import { freeNames } from './free-names.ts';
import type { Sample } from './habits.ts';
import { spreadColumns } from './read-columns.ts';

/** What most neighbours write by something of the project's own, and a new table has too. */
export interface SharedColumns {
  /** `...timestamps`, `...timestamps()`: in place of the columns. */
  readonly spreads: readonly SharedSpread[];
  /** `cuid().primaryKey()`: the same value as the neighbours' columns of that key. */
  readonly values: ReadonlyMap<ColumnDraft, string>;
}

interface SharedSpread {
  readonly text: string;
  readonly isFirst: boolean;
  readonly columns: ReadonlySet<ColumnDraft>;
}

/**
 * Finds the helpers by which most neighbours write columns that a new table has as well: shared columns that are spread
 * (`...timestamps`), and values of the project's own (`cuid()`, `.$defaultFn(…)`). They are used where the database gets
 * exactly the column that the plan asks for; the keys of the draft become those of the helper. Imports are asked for.
 */
export function sharedColumns(
  editing: Editing,
  draft: TableDraft,
  samples: readonly Sample[],
): SharedColumns {
  const known = samples.flatMap((sample): Neighbour[] => {
    const def = tableOf(editing.input.before, sample);
    return def === undefined || sample.columns === undefined ? [] : [{ sample, def }];
  });
  const spreads = spreadsOf(known, editing, draft);
  const spread = new Set(spreads.flatMap(({ columns }) => [...columns]));
  const values = new Map<ColumnDraft, string>();
  for (const column of draft.columns) {
    const text = spread.has(column) ? undefined : valueFor(column, known, editing, draft);
    if (text !== undefined) values.set(column, text);
  }
  return { spreads, values };
}

interface Neighbour {
  readonly sample: Sample;
  readonly def: TableDef;
}

function tableOf({ tables }: DatabaseSchema, { table }: Sample): TableDef | undefined {
  return tables.find(({ name, schema }) => name === table.name && schema === table.schema);
}

function spreadsOf(known: readonly Neighbour[], editing: Editing, draft: TableDraft): SharedSpread[] {
  const having = new Map<
    string,
    (Neighbour & { index: number; keys: readonly { key: string; name: string }[] })[]
  >();
  for (const neighbour of known) {
    const { columns, table } = neighbour.sample;
    for (const { index, node } of columns?.spreads ?? []) {
      const around = { casing: editing.input.casing, imported: (path: string) => editing.file(path) };
      const keys = spreadColumns(node, table.file, around);
      const text = textOf(node, table.file);
      if (keys.length > 0) having.set(text, [...(having.get(text) ?? []), { ...neighbour, index, keys }]);
    }
  }
  const taken = new Set<ColumnDraft>();
  return [...having].flatMap(([text, users]): SharedSpread[] => {
    const [first] = users;
    if (first === undefined || users.length * 2 < known.length) return [];
    const columns = first.keys.map(({ name }) =>
      draft.columns.find(
        (column) => column.def.name === name && !taken.has(column) && isAlike(column, first.def),
      ),
    );
    if (!columns.every((column) => column !== undefined)) return [];
    const { file } = first.sample.table;
    const node = first.sample.columns!.spreads.find(({ index }) => index === first.index)!.node;
    if (!useNames(freeNames(node), { file, editing, draft })) return [];
    for (const [at, column] of columns.entries()) {
      column.key = first.keys[at]!.key;
      taken.add(column);
    }
    const isFirst = users.filter(({ index }) => index === 0).length * 2 > users.length;
    return [{ text: `...${text}`, isFirst, columns: new Set(columns) }];
  });
}

/** The value that most neighbours with this key have, word for word, where the columns' own builders would not give it. */
function valueFor(
  column: ColumnDraft,
  known: readonly Neighbour[],
  editing: Editing,
  draft: TableDraft,
): string | undefined {
  const alike = known.flatMap(({ sample, def }) => {
    const found = sample.columns?.columns.find(({ name }) => name === column.def.name);
    return found === undefined ? [] : [{ found, def, file: sample.table.file }];
  });
  const texts = new Map<string, (typeof alike)[number][]>();
  for (const each of alike) {
    const value = each.found.chain?.value;
    if (value === undefined) continue;
    const text = textOf(value, each.file);
    texts.set(text, [...(texts.get(text) ?? []), each]);
  }
  const [text, users] = [...texts].toSorted((a, b) => b[1].length - a[1].length)[0] ?? [];
  const [first] = users ?? [];
  if (text === undefined || first === undefined || users!.length * 2 <= alike.length) return undefined;
  if (alike.length < 2 || !isAlike(column, first.def) || text.includes('\n')) return undefined;
  const names = freeNames(first.found.chain!.value);
  const isOwn = /\.\$\w+\(/.test(text) || isOfProject(names, first.file);
  if (!isOwn || !useNames(names, { file: first.file, editing, draft })) return undefined;
  column.key = first.found.key;
  return text;
}

/** Whether the database has such a column there as the plan asks for here, with nothing more to be said of it. */
function isAlike(column: ColumnDraft, table: TableDef): boolean {
  const other = table.columns.find(({ name }) => name === column.def.name);
  if (other === undefined || column.unique !== undefined || column.references !== undefined) return false;
  const isKey = table.primaryKey?.columns.length === 1 && table.primaryKey.columns[0] === other.name;
  const isUnique = table.uniques.some(({ columns }) => columns.length === 1 && columns[0] === other.name);
  const isReference = table.foreignKeys.some(
    ({ columns }) => columns.length === 1 && columns[0] === other.name,
  );
  return (
    isKey === (column.primaryKey === 'add') && !isUnique && !isReference && sameColumn(column.def, other)
  );
}

function sameColumn(a: ColumnDef, b: ColumnDef): boolean {
  return (
    sameType(a.type, b.type) &&
    a.notNull === b.notNull &&
    sameDefault(a.default, b.default) &&
    a.generated === undefined &&
    b.generated === undefined &&
    JSON.stringify(a.identity) === JSON.stringify(b.identity)
  );
}

function sameDefault(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameExpression(a, b);
}

/** Whether one of the names is no drizzle builder: the project's own, or another package's. */
function isOfProject(names: ReadonlySet<string>, file: SchemaFile): boolean {
  return file.imports.some(
    ({ module, names: listed }) =>
      !module.startsWith('drizzle-orm') && listed?.items.some(({ alias }) => names.has(alias)),
  );
}

/** Asks for the imports of names as a neighbour has them; false where one of them cannot be had from another file. */
function useNames(
  names: ReadonlySet<string>,
  { file, editing, draft }: { file: SchemaFile; editing: Editing; draft: TableDraft },
): boolean {
  const requests: ImportRequest[] = [];
  for (const name of names) {
    const line = file.imports.find(({ names: listed }) => listed?.items.some(({ alias }) => alias === name));
    const item = line?.names?.items.find(({ alias }) => alias === name);
    if (line !== undefined && item !== undefined) {
      const from = line.path === undefined ? { module: line.module } : { path: line.path };
      if (item.name !== item.alias) return false;
      requests.push({ from, name: item.name });
      continue;
    }
    const isDeclared = new RegExp(`^(export )?(?:const|let|function) ${escaped(name)}\\b`, 'm').exec(
      file.text,
    );
    if (isDeclared === null) {
      if (name in globalThis) continue;
      return false;
    }
    if (file.path === draft.path) continue;
    if (isDeclared[1] === undefined) return false;
    requests.push({ from: { path: file.path }, name });
  }
  if (requests.some((request) => editing.nameFor(draft.path, request) !== request.name)) return false;
  for (const request of requests) editing.needImport(draft.path, request);
  return true;
}

function escaped(name: string): string {
  return name.replaceAll('$', String.raw`\$`);
}

function textOf(
  node: { getStart(source: SchemaFile['ast']): number; readonly end: number },
  file: SchemaFile,
) {
  return file.text.slice(node.getStart(file.ast), node.end);
}
