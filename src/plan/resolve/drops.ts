import { displayName, type TableDef } from '../database-schema.ts';
import type { PlanPath } from '../plan.ts';
import { didYouMean } from '../suggest.ts';
import { conflict, emit, type HistoricName, type Resolving, tellDone } from './context.ts';
import { sameColumns, tableNow } from './lookup.ts';
import type { Modifying } from './modify-table.ts';
import { nameByNow } from './former-names.ts';
import { isUnique } from './foreign-key.ts';
import { uniqueColumnsOf } from './same.ts';

type DropKind = Extract<HistoricName, { table: unknown }>['kind'];

/** Where things that can be dropped stand in a table, and which key of the plan drops them. */
const LISTS = {
  index: { list: 'indexes', word: 'index', key: 'drop_indexes' },
  unique: { list: 'uniques', word: 'unique constraint', key: 'drop_unique' },
  'foreign-key': { list: 'foreignKeys', word: 'foreign key', key: 'drop_foreign_keys' },
  check: { list: 'checks', word: 'check', key: 'drop_checks' },
} as const;

type ListKind = keyof typeof LISTS;

export async function dropForeignKey(
  resolving: Resolving,
  modifying: Modifying,
  name: string,
  path: PlanPath,
): Promise<void> {
  const { foreignKeys } = tableNow(resolving, modifying.table);
  const foreignKey =
    foreignKeys.find((key) => key.name === name) ??
    foreignKeys.find((key) => key.name === nameByNow(resolving, modifying.formerTable, 'foreignKeys', name));
  if (foreignKey) emit(resolving, { kind: 'drop-foreign-key', table: modifying.table, foreignKey });
  else await needDropped(resolving, modifying, 'foreign-key', name, path);
}

export async function dropCheck(
  resolving: Resolving,
  modifying: Modifying,
  name: string,
  path: PlanPath,
): Promise<void> {
  const check = tableNow(resolving, modifying.table).checks.find((candidate) => candidate.name === name);
  if (check) emit(resolving, { kind: 'drop-check', table: modifying.table, check });
  else await needDropped(resolving, modifying, 'check', name, path);
}

export async function dropUnique(
  resolving: Resolving,
  modifying: Modifying,
  name: string,
  path: PlanPath,
): Promise<void> {
  const table = tableNow(resolving, modifying.table);
  const unique =
    table.uniques.find((candidate) => candidate.name === name) ??
    table.uniques.find(
      (candidate) => candidate.name === nameByNow(resolving, modifying.formerTable, 'uniques', name),
    );
  if (!unique) return needDropped(resolving, modifying, 'unique', name, path);
  refuseNeededByKeys(
    resolving,
    { ...table, uniques: table.uniques.filter((other) => other !== unique) },
    unique.columns,
    path,
  );
  emit(resolving, { kind: 'drop-unique', table: modifying.table, unique });
}

export async function dropIndex(
  resolving: Resolving,
  modifying: Modifying,
  name: string,
  path: PlanPath,
): Promise<void> {
  const table = tableNow(resolving, modifying.table);
  const index = table.indexes.find((candidate) => candidate.name === name);
  if (!index) return needDropped(resolving, modifying, 'index', name, path);
  const columns = uniqueColumnsOf(index);
  if (columns)
    refuseNeededByKeys(
      resolving,
      { ...table, indexes: table.indexes.filter((other) => other !== index) },
      columns,
      path,
    );
  emit(resolving, { kind: 'drop-index', table: modifying.table, index });
}

/** Foreign keys hold on to the unique columns that they refer to. `without`: the table as it would be. */
export function refuseNeededByKeys(
  resolving: Resolving,
  without: TableDef,
  columns: readonly string[],
  path: PlanPath,
): void {
  if (isUnique(without, columns)) return;
  for (const owner of resolving.schema.tables) {
    const key = owner.foreignKeys.find(
      (candidate) =>
        displayName(candidate.references) === displayName(without) &&
        sameColumns(candidate.references.columns, columns),
    );
    if (!key) continue;
    throw conflict(
      resolving,
      path,
      `the foreign key ${key.name} of ${displayName(owner)} refers to ${displayName(without)} (${columns.join(', ')}) and needs it unique`,
      {
        hint: 'Drop that foreign key first, in a document before this one.',
      },
    );
  }
}

/** What is not there counts as dropped when an earlier state of the schema had it; else `plan-conflict` with near names. */
async function needDropped(
  resolving: Resolving,
  modifying: Modifying,
  kind: ListKind,
  name: string,
  path: PlanPath,
): Promise<void> {
  const { word } = LISTS[kind];
  if (await hadInTable(resolving, modifying, kind, name))
    return tellDone(resolving, `drop of ${word} ${name}`, path);
  const table = tableNow(resolving, modifying.table);
  throw conflict(resolving, path, `table ${displayName(table)} has no ${word} "${name}"`, {
    hint: dropHint(table, kind, name),
  });
}

export async function hadInTable(
  resolving: Resolving,
  { table, formerTable }: Modifying,
  kind: DropKind,
  name: string,
): Promise<boolean> {
  const { hadName } = resolving.context;
  return (await hadName({ kind, table, name })) || (await hadName({ kind, table: formerTable, name }));
}

function dropHint(table: TableDef, kind: ListKind, name: string): string | undefined {
  const other = (Object.keys(LISTS) as ListKind[]).find(
    (candidate) => candidate !== kind && namesIn(table, candidate).includes(name),
  );
  if (other)
    return `It is a ${LISTS[other].word}: drop it under ${LISTS[other].key}.`.replace('a index', 'an index');
  return didYouMean(name, namesIn(table, kind));
}

function namesIn(table: TableDef, kind: ListKind): string[] {
  return table[LISTS[kind].list].map((item) => item.name);
}
