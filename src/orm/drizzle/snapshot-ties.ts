import { columnsOf, SqlFragmentError } from '../../postgres/sql.ts';
import type { SnapshotJson, TableJson } from './snapshot-json.ts';
import {
  columnKey,
  constraintKey,
  indexKey,
  type ObjectKey,
  policyKey,
  readNeeds,
  tableKey,
  typeKey,
  uniqueKey,
} from './statement-needs.ts';

/** What the objects of a snapshot stand on. */
export interface SnapshotTies {
  /** Constraint, index, policy, view or generated column → the columns, tables and keys that it stands on. */
  readonly standsOn: ReadonlyMap<ObjectKey, readonly ObjectKey[]>;
  /** Constraint or index → the unique columns that it vouches for. */
  readonly vouchesFor: ReadonlyMap<ObjectKey, ObjectKey>;
  /** Column → its enum; table → the enums of its columns. */
  readonly typesOf: ReadonlyMap<ObjectKey, readonly ObjectKey[]>;
  /** Primary key → its columns. */
  readonly keyColumns: ReadonlyMap<ObjectKey, readonly ObjectKey[]>;
}

interface Building {
  readonly standsOn: Map<ObjectKey, readonly ObjectKey[]>;
  readonly vouchesFor: Map<ObjectKey, ObjectKey>;
  readonly typesOf: Map<ObjectKey, readonly ObjectKey[]>;
  readonly keyColumns: Map<ObjectKey, readonly ObjectKey[]>;
}

/** Reads what stands on what; SQL texts that Postgres cannot parse stand on nothing. Needs the SQL parser to be loaded. */
export function readTies(snapshot: SnapshotJson): SnapshotTies {
  const ties: Building = {
    standsOn: new Map(),
    vouchesFor: new Map(),
    typesOf: new Map(),
    keyColumns: new Map(),
  };
  for (const table of Object.values(snapshot.tables)) readTable(table, ties);
  for (const view of Object.values(snapshot.views ?? {})) {
    const { definition } = view;
    if (definition !== undefined) ties.standsOn.set(tableKey(view), readNeeds(definition).needs);
  }
  return ties;
}

function readTable(table: TableJson, { standsOn, vouchesFor, typesOf, keyColumns }: Building): void {
  const columns = (names: readonly string[]): ObjectKey[] => names.map((name) => columnKey(table, name));
  const named = (sql: string | undefined): ObjectKey[] => columns(columnsIn(sql));
  for (const { name, type, typeSchema, generated } of Object.values(table.columns)) {
    if (generated) standsOn.set(columnKey(table, name), named(generated.as));
    if (typeSchema === undefined) continue;
    const ofEnum = typeKey({ schema: typeSchema, name: type.replace(/(\[\d*\])+$/, '') });
    typesOf.set(columnKey(table, name), [ofEnum]);
    typesOf.set(tableKey(table), [...(typesOf.get(tableKey(table)) ?? []), ofEnum]);
  }
  for (const key of Object.values(table.foreignKeys ?? {})) {
    const to = { schema: key.schemaTo ?? 'public', name: key.tableTo };
    standsOn.set(constraintKey(table, key.name), [
      ...columns(key.columnsFrom),
      ...key.columnsTo.map((name) => columnKey(to, name)),
      tableKey(to),
      uniqueKey(to, key.columnsTo),
    ]);
  }
  for (const [isKey, list] of [
    [true, table.compositePrimaryKeys],
    [false, table.uniqueConstraints],
  ] as const)
    for (const key of Object.values(list ?? {})) {
      const id = constraintKey(table, key.name);
      standsOn.set(id, columns(key.columns));
      vouchesFor.set(id, uniqueKey(table, key.columns));
      if (isKey) keyColumns.set(id, columns(key.columns));
    }
  for (const check of Object.values(table.checkConstraints ?? {}))
    standsOn.set(constraintKey(table, check.name), named(check.value));
  for (const index of Object.values(table.indexes)) {
    const id = indexKey({ schema: table.schema, name: index.name });
    const plain = index.columns.filter(({ isExpression }) => !isExpression).map((each) => each.expression);
    const expressions = index.columns.filter(({ isExpression }) => isExpression);
    standsOn.set(id, [
      ...columns(plain),
      ...expressions.flatMap(({ expression }) => named(expression)),
      ...named(index.where),
    ]);
    if (index.isUnique && index.where === undefined && expressions.length === 0)
      vouchesFor.set(id, uniqueKey(table, plain));
  }
  for (const policy of Object.values(table.policies ?? {}))
    standsOn.set(policyKey(table, policy.name), [...named(policy.using), ...named(policy.withCheck)]);
}

function columnsIn(sql: string | undefined): string[] {
  if (sql === undefined) return [];
  try {
    return columnsOf(sql);
  } catch (error) {
    if (error instanceof SqlFragmentError) return [];
    throw error;
  }
}
