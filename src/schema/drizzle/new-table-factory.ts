import { displayName } from '../../plan/database-schema.ts';
import { isAlike, tableIn } from './alike-columns.ts';
import type { ColumnDraft, TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';
import type { CreatorModel, TableModel } from './model.ts';
import { addedColumns } from './read-columns.ts';
import { schemaObject } from './schema-object.ts';

/** What makes a new table, and what is left to say to it. */
export interface NewTableFactory {
  /** Asks for its import; the name by which the file calls it. */
  readonly callee: () => string;
  /** The name as it is written in the call. */
  readonly name: string;
  /** Columns that the factory adds by itself. */
  readonly added: ReadonlySet<ColumnDraft>;
}

/**
 * The factory that the tables around use, where it gives exactly the table that the plan asks for: the names in the draft
 * become the factory's own for the columns that it adds. Else pgTable or the schema's own one; the plan says so.
 */
export function newTableFactory(
  editing: Editing,
  draft: TableDraft,
  tables: readonly TableModel[],
  pgTable: () => string,
): NewTableFactory {
  const { schema, name } = draft.name;
  const alike = tables.filter((table) => table.schema === schema);
  const made = alike.filter(({ factory }) => factory.kind === 'creator');
  const plain: NewTableFactory = {
    callee: schema === 'public' ? pgTable : () => `${schemaObject(editing, schema, draft.path)}.table`,
    name,
    added: new Set(),
  };
  if (made.length === 0 || made.length * 2 < alike.length) return plain;
  const fits = usedMost(made).map((creator) => ({ creator, fit: fitOf(creator, made, { editing, draft }) }));
  const usable = fits.flatMap(({ creator, fit }) => (typeof fit === 'string' ? [] : [{ creator, fit }]));
  const best = usable.toSorted((a, b) => b.fit.length - a.fit.length)[0];
  if (best === undefined) {
    tellOther(editing, draft, fits[0]!);
    return plain;
  }
  const { creator, fit } = best;
  for (const { column, key } of fit) column.key = key;
  return {
    callee: () =>
      editing.needImport(draft.path, { from: { path: creator.file.path }, name: creator.variable }),
    name: name.slice(creator.prefix.length, name.length - creator.suffix.length),
    added: new Set(fit.map(({ column }) => column)),
  };
}

/** Creators, those of most tables first. */
function usedMost(tables: readonly TableModel[]): CreatorModel[] {
  const counts = new Map<CreatorModel, number>();
  for (const { factory } of tables)
    if (factory.kind === 'creator') counts.set(factory.creator, (counts.get(factory.creator) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([creator]) => creator);
}

interface Added {
  readonly column: ColumnDraft;
  readonly key: string;
}

/** The columns of the draft that the creator adds; a text where it would make another table. */
function fitOf(
  creator: CreatorModel,
  made: readonly TableModel[],
  { editing, draft }: { editing: Editing; draft: TableDraft },
): readonly Added[] | string {
  const { name } = draft.name;
  if (!name.startsWith(creator.prefix) || !name.endsWith(creator.suffix))
    return `puts ${creator.prefix || creator.suffix} around names`;
  if (!creator.isExported && creator.file.path !== draft.path) return `is not exported`;
  if (creator.wrapper === undefined) return [];
  const { takesColumns, takesExtras, addsExtras } = creator.wrapper;
  if (addsExtras) return 'adds constraints, indexes or policies that the plan does not have';
  if (!takesExtras && draft.addedExtras.length > 0) return 'takes no indexes and constraints';
  const user = made.find(({ factory }) => factory.kind === 'creator' && factory.creator === creator)!;
  const def = tableIn(editing.input.before, user);
  const names = addedColumns(user, {
    casing: editing.input.casing,
    imported: (path) => editing.file(path),
  });
  const added = names.map(({ key, name: columnName }) => ({
    key,
    columnName,
    column: draft.columns.find(
      (column) => column.def.name === columnName && def !== undefined && isAlike(column, def),
    ),
  }));
  const missing = added.filter(({ column }) => column === undefined).map(({ columnName }) => columnName);
  if (missing.length > 0) return `adds ${missing.join(', ')}, which the plan does not have in the same form`;
  if (!takesColumns && added.length < draft.columns.length) return 'takes no columns';
  return added.map(({ key, column }) => ({ key, column: column! }));
}

function tellOther(
  { notice }: Editing,
  { name }: TableDraft,
  { creator, fit }: { creator: CreatorModel; fit: readonly Added[] | string },
): void {
  notice({
    severity: 'info',
    rule: 'made-without-helper',
    message: `${displayName(name)} is not made by ${creator.variable}, as the tables beside it are: ${creator.variable} ${String(fit)}`,
  });
}
