import { displayName, type IndexDef, type TableDef } from '../database-schema.ts';
import { readAction } from '../fragments.ts';
import type { ModifyTableDocument, PlanIndex, PlanPath } from '../plan.ts';
import { didYouMean } from '../suggest.ts';
import { sameExpression } from '../../postgres/sql.ts';
import { tellNulls } from './advice.ts';
import {
  needFreeConstraintName,
  resolveCheck,
  resolveUnique,
  type WantedCheck,
  type WantedUnique,
} from './constraints.ts';
import { conflict, emit, type Resolving, tell, tellDone } from './context.ts';
import { refuseNeededByKeys } from './drops.ts';
import { isInlineKey } from './evolve-rename.ts';
import { foreignKeyExtras } from './fields.ts';
import { resolveForeignKey, type WantedForeignKey } from './foreign-key.ts';
import { indexExtras, indexName, needExpressionColumns, needFreeIndexName, resolveIndex } from './indexes.ts';
import { emitRaw, needsRaw, rawForeignKey, rawIndex } from './limits.ts';
import { columnList, needColumns, sameSequence, tableNow } from './lookup.ts';
import type { Modifying } from './modify-table.ts';
import { keyDef } from './new-table.ts';
import { sameActions, sameForeignKey, sameIndex, sameUnique, uniqueColumnsOf } from './same.ts';
import { needFreeName } from './taken.ts';

export async function addIndexes(resolving: Resolving, modifying: Modifying): Promise<void> {
  for (const [position, index] of (modifying.document.changes.add_indexes ?? []).entries()) {
    await addIndex(resolving, modifying, index, [...modifying.at, 'add_indexes', position]);
  }
}

async function addIndex(
  resolving: Resolving,
  modifying: Modifying,
  index: PlanIndex,
  path: PlanPath,
): Promise<void> {
  const table = tableNow(resolving, modifying.table);
  const def = resolveIndex(resolving, table, index, path, new Set());
  if (needsRaw(resolving, indexExtras(index), { raw: index.raw, path })) {
    // The same statement when the plan is run again: an index that bears the name then is this one.
    const named = { ...def, name: index.name ?? indexName(resolving, table, index) };
    const raw = rawIndex(modifying.table, named, index.include);
    return emitRaw(resolving, raw, path);
  }
  if (isIndexThere(resolving, table, def, index, path)) return;
  needFreeIndexName(resolving, table, index, path);
  emit(resolving, { kind: 'add-index', table: modifying.table, index: def });
}

/** An index that does the same is there: under the given name, under any name where the plan gives none, or as UNIQUE. */
function isIndexThere(
  resolving: Resolving,
  table: TableDef,
  def: IndexDef,
  index: PlanIndex,
  path: PlanPath,
): boolean {
  const equal = table.indexes.filter((other) => sameIndex(def, other, table.name));
  const same = equal.find((other) => index.name === undefined || other.name === index.name);
  if (same) {
    tellDone(resolving, `index ${same.name}`, path);
    return true;
  }
  const columns = uniqueColumnsOf(def);
  const unique = columns && table.uniques.find((candidate) => sameSequence(candidate.columns, columns));
  if (unique)
    tell(
      resolving,
      'unique-merged',
      `the unique index on ${columnList(unique.columns)} is left out: the constraint ${unique.name} says it already`,
      path,
    );
  else if (equal[0])
    tell(resolving, 'duplicate-index', `index ${equal[0].name} does the same already`, path, 'warning');
  return unique !== undefined;
}

/** A unique index on the same columns says the same; it wins. */
export function addUnique(resolving: Resolving, modifying: Modifying, wanted: WantedUnique): void {
  const table = tableNow(resolving, modifying.table);
  needColumns(resolving, table, wanted.columns, [...wanted.path, 'fields']);
  const def = resolveUnique(resolving, table, wanted);
  const same = table.uniques.find(
    (other) => sameUnique(other, def) && (wanted.name === undefined || other.name === wanted.name),
  );
  if (same) return tellDone(resolving, `unique constraint ${same.name}`, wanted.path);
  if (!wanted.nullsNotDistinct && isUniqueOtherwise(resolving, table, wanted)) return;
  if (wanted.nullsNotDistinct) needsRaw(resolving, [{ kind: 'nulls-not-distinct' }], wanted);
  needFreeConstraintName(resolving, table, def.name, wanted.path);
  needFreeName(resolving, { schema: table.schema, name: def.name }, wanted.path, 'index');
  emit(resolving, { kind: 'add-unique', table: modifying.table, unique: def });
}

function isUniqueOtherwise(resolving: Resolving, table: TableDef, { columns, path }: WantedUnique): boolean {
  const index = table.indexes.find((candidate) => sameSequence(uniqueColumnsOf(candidate) ?? [], columns));
  const key = table.primaryKey && sameSequence(table.primaryKey.columns, columns);
  if (!index && !key) return false;
  tell(
    resolving,
    'unique-merged',
    `UNIQUE on ${columnList(columns)} is left out: ${index ? `the unique index ${index.name}` : 'the primary key'} says it already`,
    path,
  );
  return true;
}

export async function addForeignKey(
  resolving: Resolving,
  modifying: Modifying,
  wanted: WantedForeignKey,
): Promise<void> {
  const table = tableNow(resolving, modifying.table);
  const def = resolveForeignKey(resolving, table, wanted);
  if (needsRaw(resolving, foreignKeyExtras(wanted), wanted))
    return emitRaw(resolving, rawForeignKey(modifying.table, def), wanted.path);
  const same = table.foreignKeys.find(
    (other) => sameForeignKey(other, def) && (wanted.name === undefined || other.name === wanted.name),
  );
  if (same && sameActions(same, def) && same.deferrable === def.deferrable)
    return tellDone(resolving, `foreign key ${same.name}`, wanted.path);
  if (same) {
    throw conflict(
      resolving,
      wanted.path,
      `the foreign key ${same.name} exists with ON DELETE ${same.onDelete.toUpperCase()} ON UPDATE ${same.onUpdate.toUpperCase()}${same.deferrable === undefined ? '' : ` DEFERRABLE ${same.deferrable.toUpperCase()}`}`,
      {
        hint:
          same.deferrable === def.deferrable
            ? `To change that, write modify_foreign_keys: [{name: '${same.name}', on_delete: …}].`
            : `When it is checked cannot be changed: write drop_foreign_keys: ['${same.name}'], and add it in a later plan.`,
      },
    );
  }
  needFreeConstraintName(resolving, table, def.name, wanted.path);
  emit(resolving, { kind: 'add-foreign-key', table: modifying.table, foreignKey: def });
}

type ModifiedKey = NonNullable<ModifyTableDocument['changes']['modify_foreign_keys']>[number];

export function modifyForeignKey(
  resolving: Resolving,
  modifying: Modifying,
  entry: ModifiedKey,
  path: PlanPath,
): void {
  const table = tableNow(resolving, modifying.table);
  const matches = table.foreignKeys.filter((key) =>
    entry.name === undefined ? sameSequence(key.columns, [entry.field ?? '']) : key.name === entry.name,
  );
  const [foreignKey, second] = matches;
  if (!foreignKey) throw noSuchKey(resolving, table, entry, path);
  if (second)
    throw conflict(
      resolving,
      path,
      `${entry.field} has several foreign keys: ${matches.map((key) => key.name).join(', ')}`,
      { hint: 'Say which one by its name.' },
    );
  const onDelete =
    entry.on_delete === undefined ? foreignKey.onDelete : readAction(entry.on_delete, [...path, 'on_delete']);
  const onUpdate =
    entry.on_update === undefined ? foreignKey.onUpdate : readAction(entry.on_update, [...path, 'on_update']);
  if (sameActions(foreignKey, { onDelete, onUpdate }))
    return tellDone(resolving, `change of foreign key ${foreignKey.name}`, path);
  emit(resolving, { kind: 'alter-foreign-key', table: modifying.table, foreignKey, onDelete, onUpdate });
  tellNulls(resolving, table, { ...foreignKey, onDelete, onUpdate }, path);
}

function noSuchKey(resolving: Resolving, table: TableDef, { name, field }: ModifiedKey, path: PlanPath) {
  if (name === undefined) {
    const columns = table.foreignKeys.map((key) => columnList(key.columns));
    return conflict(resolving, [...path, 'field'], `${displayName(table)} has no foreign key on "${field}"`, {
      hint: didYouMean(field ?? '', columns),
    });
  }
  return conflict(resolving, [...path, 'name'], `${displayName(table)} has no foreign key "${name}"`, {
    hint: didYouMean(
      name,
      table.foreignKeys.map((key) => key.name),
    ),
  });
}

export function addCheck(resolving: Resolving, modifying: Modifying, wanted: WantedCheck): void {
  const table = tableNow(resolving, modifying.table);
  needExpressionColumns(resolving, table, wanted.expression, [...wanted.path, 'expression']);
  const same = table.checks.find(
    (check) =>
      (wanted.name === undefined || check.name === wanted.name) &&
      sameExpression(check.expression, wanted.expression, { table: table.name }),
  );
  if (same) return tellDone(resolving, `check ${same.name}`, wanted.path);
  needFreeConstraintName(resolving, table, wanted.name, wanted.path);
  emit(resolving, {
    kind: 'add-check',
    table: modifying.table,
    check: resolveCheck(resolving, table, wanted),
  });
}

export interface WantedKey {
  readonly columns: readonly string[];
  readonly name?: string | undefined;
  readonly path: PlanPath;
}

/** Resolves a primary key of a table that exists. */
export function setPrimaryKey(resolving: Resolving, modifying: Modifying, wanted: WantedKey): void {
  const table = tableNow(resolving, modifying.table);
  needColumns(resolving, table, wanted.columns, wanted.path);
  const from = table.primaryKey;
  if (from && sameSequence(from.columns, wanted.columns))
    return tellDone(resolving, `primary key of ${displayName(table)}`, wanted.path);
  if (from) refuseReplacing(resolving, table, wanted.path);
  emit(resolving, {
    kind: 'set-primary-key',
    table: modifying.table,
    primaryKey: keyDef(resolving, table, wanted.columns, wanted.name),
    from,
  });
}

function refuseReplacing(resolving: Resolving, table: TableDef, path: PlanPath): void {
  const { capabilities } = resolving.context;
  const key = table.primaryKey;
  if (!key) return;
  refuseNeededByKeys(resolving, { ...table, primaryKey: undefined }, key.columns, path);
  if (capabilities.dropInlinePrimaryKey || !isInlineKey(key)) return;
  throw conflict(
    resolving,
    path,
    `${capabilities.orm} cannot drop the primary key on ${columnList(key.columns)} of ${displayName(table)}, because it is written on the column itself`,
    {
      code: 'plan-not-supported',
      hint: 'drizzle-kit 0.31 leaves a comment in the migration instead of the statement. Change this key by hand in a custom migration (drizzle-kit generate --custom).',
    },
  );
}
