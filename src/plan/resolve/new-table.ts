import { readField } from '../fragments.ts';
import {
  type DatabaseSchema,
  displayName,
  findTable,
  isSameObject,
  type PrimaryKeyDef,
  type TableDef,
} from '../database-schema.ts';
import type { NewTableDocument, PlanPath } from '../plan.ts';
import { conflict, emit, type Resolving, tell, tellDone } from './context.ts';
import { needFreeConstraintName, resolveCheck, resolveUnique, type WantedUnique } from './constraints.ts';
import {
  entryCheck,
  entryForeignKey,
  entryUnique,
  fieldChecks,
  fieldForeignKey,
  fieldPlace,
  fieldUnique,
  foreignKeyExtras,
  type ReadField,
} from './fields.ts';
import { resolveForeignKey } from './foreign-key.ts';
import { indexExtras, needFreeIndexName, resolveIndex } from './indexes.ts';
import { tellTableAdvice } from './advice.ts';
import type { LaterStates } from './later-documents.ts';
import { emitRaw, needsRaw, rawCollation, rawForeignKey, rawIndex } from './limits.ts';
import { columnList, sameSequence } from './lookup.ts';
import { needKnownType } from './types.ts';
import { sameUnique, tableDifferences } from './same.ts';
import { listed, nearest } from '../suggest.ts';
import { needFreeName } from './taken.ts';

/** A new table on its way: its definition so far, and the SQL that must be written by hand. */
interface Draft {
  table: TableDef;
  readonly raws: { readonly raw: Parameters<typeof emitRaw>[1]; readonly path: PlanPath }[];
}

/**
 * Resolves a new table. One that exists and is what the plan asks for, here or by documents that come later, is done
 * already; one that differs throws `plan-conflict` with the differences.
 */
export async function resolveNewTable(
  resolving: Resolving,
  document: NewTableDocument,
  path: PlanPath,
  later: LaterStates,
): Promise<void> {
  const schema = document.schema ?? 'public';
  const name = { schema, name: document.table_name };
  const existing = findTable(resolving.schema, name);
  if (existing) return compareWithExisting(resolving, { existing, document, path, later });
  needPlaceFor(resolving, name, path);
  const draft = draftTable(resolving, document, path);
  needKey(resolving, draft.table, path);
  emit(resolving, { kind: 'create-table', table: draft.table, domain: document.domain_name });
  for (const { raw, path: at } of draft.raws) await emitRaw(resolving, raw, at);
  tellTableAdvice(resolving, draft.table, path);
}

function needKey(resolving: Resolving, table: TableDef, path: PlanPath): void {
  const { capabilities } = resolving.context;
  if (table.primaryKey || capabilities.tableWithoutKey) return;
  throw conflict(
    resolving,
    [...path, 'table_name'],
    `${displayName(table)} has no primary key, and ${capabilities.orm} loads no entity without one`,
    {
      code: 'plan-not-supported',
      hint: 'Give one of its fields the constraint PRIMARY KEY (id:uuid=gen_random_uuid():pk in words), or say primary_key: [columns].',
    },
  );
}

/** The plan's table is worked out as if it were not there yet; nothing that this says is told. */
function withoutTable(resolving: Resolving, existing: TableDef): Resolving {
  const without = (schema: DatabaseSchema): DatabaseSchema => ({
    ...schema,
    tables: schema.tables.filter((table) => !isSameObject(table, existing)),
  });
  const { initial, schema } = resolving;
  return { ...resolving, initial: without(initial), schema: without(schema), notices: [] };
}

function needPlaceFor(resolving: Resolving, name: { schema: string; name: string }, path: PlanPath): void {
  needSchema(resolving, name.schema, [...path, 'schema']);
  needFreeName(resolving, name, [...path, 'table_name'], 'table');
  if (!findTable(resolving.initial, name)) return;
  throw conflict(
    resolving,
    [...path, 'table_name'],
    `"${displayName(name)}" is dropped or renamed and made anew in one plan`,
    {
      hint: `${resolving.context.capabilities.orm} compares names only and would alter the old table. Make two plans of it.`,
    },
  );
}

/** A Postgres schema that does not exist is made along; one that looks like a slip for another is a `plan-conflict`. */
export function needSchema(resolving: Resolving, schema: string, path: PlanPath): void {
  if (schema === 'public' || resolving.schema.schemas.includes(schema)) return;
  const near = nearest(schema, ['public', ...resolving.schema.schemas]);
  if (near.length === 0)
    return tell(resolving, 'new-schema', `the Postgres schema "${schema}" is created as well`, path);
  throw conflict(resolving, path, `there is no Postgres schema "${schema}"`, {
    hint: `Did you mean ${listed(near, 'or')}? A new one of so similar a name must stand in the source first (pgSchema('${schema}')) and have its own migration.`,
  });
}

function draftTable(resolving: Resolving, document: NewTableDocument, path: PlanPath): Draft {
  const schema = document.schema ?? 'public';
  const fields = document.fields.map((field, index) => {
    const at = [...path, 'fields', index];
    return { field, parts: readField(field, at, schema), path: at };
  });
  const draft: Draft = { table: bareTable(resolving, document, fields), raws: [] };
  draftKey(resolving, draft, { document, fields, path });
  draftUniques(resolving, draft, { document, fields, path });
  draftIndexes(resolving, draft, document, path);
  draftForeignKeys(resolving, draft, { document, fields, path });
  draftChecks(resolving, draft, { document, fields, path });
  return draft;
}

interface DraftInput {
  readonly document: NewTableDocument;
  readonly fields: readonly ReadField[];
  readonly path: PlanPath;
}

function bareTable(resolving: Resolving, document: NewTableDocument, fields: readonly ReadField[]): TableDef {
  for (const read of fields) needKnownType(resolving, read.parts.column.type, [...read.path, 'type']);
  return {
    schema: document.schema ?? 'public',
    name: document.table_name,
    columns: fields.map(({ parts }) => parts.column),
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
  };
}

function draftKey(resolving: Resolving, draft: Draft, { document, fields }: DraftInput): void {
  for (const read of fields) draftCollation(resolving, draft, read);
  const onField = fields.find(({ parts }) => parts.primaryKey);
  const columns = document.primary_key ?? (onField ? [onField.field.name] : undefined);
  if (!columns) return;
  const notNull = draft.table.columns.map((column) =>
    columns.includes(column.name) ? { ...column, notNull: true } : column,
  );
  draft.table = {
    ...draft.table,
    columns: notNull,
    primaryKey: keyDef(resolving, draft.table, columns, onField?.parts.primaryKey?.name),
  };
}

function draftCollation(resolving: Resolving, draft: Draft, read: ReadField): void {
  const { collate, column } = read.parts;
  if (collate === undefined) return;
  const path = fieldPlace(read, 'constraints', /\bcollate\b/i);
  if (needsRaw(resolving, [{ kind: 'collation', collation: collate }], { raw: read.field.raw, path })) {
    draft.raws.push({ raw: rawCollation(draft.table, column, collate), path });
  }
}

/** A primary key with its given or derived name. */
export function keyDef(
  resolving: Resolving,
  table: TableDef,
  columns: readonly string[],
  given: string | undefined,
): PrimaryKeyDef {
  const derived = resolving.context.naming.primaryKey(table, columns);
  const name =
    given === undefined ? derived : { name: given, named: given !== derived.name || derived.named };
  return { ...name, columns };
}

function draftUniques(resolving: Resolving, draft: Draft, { document, fields, path }: DraftInput): void {
  const wanted = [
    ...fields.flatMap((read) => fieldUnique(read) ?? []),
    ...(document.unique ?? []).map((unique, index) => entryUnique(unique, [...path, 'unique', index])),
  ];
  for (const unique of wanted) {
    if (isMerged(resolving, draft, document, unique)) continue;
    if (unique.nullsNotDistinct) needsRaw(resolving, [{ kind: 'nulls-not-distinct' }], unique);
    const def = resolveUnique(resolving, draft.table, unique);
    if (draft.table.uniques.some((other) => sameUnique(other, def))) continue;
    needFreeConstraintName(resolving, draft.table, def.name, unique.path);
    needFreeName(resolving, { schema: draft.table.schema, name: def.name }, unique.path, 'index');
    draft.table = { ...draft.table, uniques: [...draft.table.uniques, def] };
  }
}

/** A UNIQUE and a unique index, or a primary key, on the same columns are one thing: the index or key wins. */
function isMerged(
  resolving: Resolving,
  draft: Draft,
  document: NewTableDocument,
  unique: WantedUnique,
): boolean {
  if (unique.nullsNotDistinct) return false;
  const columns = columnList(unique.columns);
  if (draft.table.primaryKey && sameSequence(draft.table.primaryKey.columns, unique.columns)) {
    tell(
      resolving,
      'unique-merged',
      `UNIQUE on ${columns} is left out: the primary key says it already`,
      unique.path,
    );
    return true;
  }
  const index = document.indexes?.find(
    (entry) =>
      entry.type === 'unique' &&
      entry.where === undefined &&
      entry.fields &&
      sameSequence(entry.fields, unique.columns),
  );
  if (index)
    tell(
      resolving,
      'unique-merged',
      `UNIQUE on ${columns} and a unique index on the same are one thing: the index is made`,
      unique.path,
    );
  return index !== undefined;
}

function draftIndexes(resolving: Resolving, draft: Draft, document: NewTableDocument, path: PlanPath): void {
  const { table } = draft;
  const taken = new Set([
    table.name,
    ...(table.primaryKey ? [table.primaryKey.name] : []),
    ...table.uniques.map((unique) => unique.name),
  ]);
  for (const [position, index] of (document.indexes ?? []).entries()) {
    const at = [...path, 'indexes', position];
    needFreeIndexName(resolving, draft.table, index, at);
    const def = resolveIndex(resolving, draft.table, index, at, taken);
    taken.add(def.name);
    if (needsRaw(resolving, indexExtras(index), { raw: index.raw, path: at }))
      draft.raws.push({ raw: rawIndex(draft.table, def, index.include), path: at });
    else draft.table = { ...draft.table, indexes: [...draft.table.indexes, def] };
  }
}

function draftForeignKeys(resolving: Resolving, draft: Draft, { document, fields, path }: DraftInput): void {
  const wanted = [
    ...fields.flatMap((read) => fieldForeignKey(read) ?? []),
    ...(document.foreign_keys ?? []).map((key, index) =>
      entryForeignKey(key, [...path, 'foreign_keys', index], draft.table.schema),
    ),
  ];
  for (const key of wanted) {
    const def = resolveForeignKey(resolving, draft.table, key);
    if (needsRaw(resolving, foreignKeyExtras(key), key))
      draft.raws.push({ raw: rawForeignKey(draft.table, def), path: key.path });
    else draft.table = { ...draft.table, foreignKeys: [...draft.table.foreignKeys, def] };
  }
}

function draftChecks(resolving: Resolving, draft: Draft, { document, fields, path }: DraftInput): void {
  const wanted = [
    ...fields.flatMap(fieldChecks),
    ...(document.checks ?? []).map((check, index) => entryCheck(check, [...path, 'checks', index])),
  ];
  for (const check of wanted)
    draft.table = {
      ...draft.table,
      checks: [...draft.table.checks, resolveCheck(resolving, draft.table, check)],
    };
}

interface Comparison {
  readonly existing: TableDef;
  readonly document: NewTableDocument;
  readonly path: PlanPath;
  readonly later: LaterStates;
}

async function compareWithExisting(resolving: Resolving, comparison: Comparison): Promise<void> {
  const { existing, document, path } = comparison;
  let differences: string[] = [];
  for await (const wanted of wantedTables(resolving, comparison)) {
    differences = tableDifferences(wanted, existing, givenNames(document));
    if (differences.length === 0)
      return tellDone(resolving, `table ${displayName(existing)}`, [...path, 'table_name']);
  }
  throw conflict(
    resolving,
    [...path, 'table_name'],
    `table ${displayName(existing)} exists and differs from the plan: ${differences.join('; ')}`,
    {
      hint: "To change it, write migration_type: 'modify_existing' with the changes; else choose another table_name.",
    },
  );
}

/** The table as the document makes it, then as each later document leaves it. */
async function* wantedTables(
  resolving: Resolving,
  { existing, document, path, later }: Comparison,
): AsyncGenerator<TableDef> {
  const without = withoutTable(resolving, existing);
  const { table } = draftTable(without, document, path);
  yield table;
  const schema = { ...without.schema, tables: [...without.schema.tables, table] };
  for await (const state of later({ ...without, schema })) {
    const wanted = findTable(state, existing);
    if (wanted) yield wanted;
  }
}

function givenNames(document: NewTableDocument): ReadonlySet<string> {
  const entries = [
    ...(document.indexes ?? []),
    ...(document.unique ?? []),
    ...(document.checks ?? []),
    ...(document.foreign_keys ?? []),
  ];
  return new Set(entries.flatMap((entry) => entry.name ?? []));
}
