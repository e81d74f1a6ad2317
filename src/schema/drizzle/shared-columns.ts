import type { TableDef } from '../../plan/database-schema.ts';
import type { SchemaFile } from '../source-file.ts';
import { isAlike, tableIn } from './alike-columns.ts';
import type { ColumnDraft, TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';
import type { BuilderAccess } from './model.ts';
import { freeNames } from '../free-names.ts';
import type { Sample } from './conventions.ts';
import { spreadColumns } from './read-columns.ts';
import { sharedValue } from './shared-values.ts';
import { useNames } from './use-names.ts';

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
  { samples, builders }: { readonly samples: readonly Sample[]; readonly builders: BuilderAccess },
): SharedColumns {
  const known = samples.flatMap((sample): Neighbour[] => {
    const def = tableIn(editing.input.before, sample.table);
    return def === undefined || sample.columns === undefined ? [] : [{ sample, def }];
  });
  const spreads = spreadsOf(known, editing, draft);
  const spread = new Set(spreads.flatMap(({ columns }) => [...columns]));
  const values = new Map<ColumnDraft, string>();
  for (const column of draft.columns) {
    const text = spread.has(column) ? undefined : sharedValue(column, known, { editing, draft, builders });
    if (text !== undefined) values.set(column, text);
  }
  return { spreads, values };
}

/** A table as it is written, and as the database has it. */
export interface Neighbour {
  readonly sample: Sample;
  readonly def: TableDef;
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

function textOf(
  node: { getStart(source: SchemaFile['ast']): number; readonly end: number },
  file: SchemaFile,
) {
  return file.text.slice(node.getStart(file.ast), node.end);
}
