import type { DatabaseSchema } from '../plan/database-schema.ts';
import { LOCK_MODES, type LockMode, lockStrength } from '../postgres/lock-modes.ts';
import { domainBefore, type KnownDomain } from './known-domains.ts';
import { isProvenNotNull, type ReadonlyTables } from './known-tables.ts';
import {
  type ColumnSpec,
  type ConstraintSpec,
  type ObjectKind,
  type Operation,
  type OperationOf,
  type TableRef,
  type TypeSpec,
  tableKey,
  tableOfKey,
} from './operation.ts';
import type { Script, Statement } from './rule.ts';
import { rewritesTable } from './type-change.ts';
import { volatileCall } from './volatile.ts';

export interface Lock {
  readonly table: TableRef;
  readonly mode: LockMode;
}

/**
 * What an operation does to what it touches. ACCESS SHARE is left out, which every SELECT takes, and so are the indexes
 * of a table that is locked itself.
 */
export interface Effect {
  readonly locks: readonly Lock[];
  /** A table or index is rewritten. TRUNCATE is none. Where an old type is not known: whether it may be. */
  readonly rewrites: boolean;
  /** A table is read from end to end under the lock. */
  readonly scans: boolean;
}

/** What is known when an operation starts. */
export interface LockContext {
  readonly tables: ReadonlyTables;
  readonly schema: DatabaseSchema | undefined;
  readonly postgresVersion: number;
  /** The session's TimeZone, where the script sets it. */
  readonly timeZone: string | undefined;
  tableOfIndex(index: TableRef): TableRef | undefined;
  /** What the script has said so far of a column's type, where that is a domain. */
  domainOf(type: TypeSpec): KnownDomain | undefined;
}

/** What is known before a statement. */
export function lockContext(statement: Statement, script: Script): LockContext {
  const { before } = statement;
  return {
    tables: script.tables.at(before.place),
    schema: script.schema,
    postgresVersion: script.target.postgresVersion,
    timeZone: before.setting('timezone'),
    domainOf: (type) => domainBefore(type, statement, script),
    tableOfIndex: (index) => before.tableOfIndex(index) ?? tableWithIndex(script.schema, index),
  };
}

const effects = new WeakMap<Script, readonly (readonly Effect[])[]>();

/** The effects of a statement's operations, in their order. */
export function effectsOf(statement: Statement, script: Script): readonly Effect[] {
  let known = effects.get(script);
  if (!known) {
    known = script.statements.map((each) => {
      const context = lockContext(each, script);
      return each.operations.map((operation) => effectOf(operation, context));
    });
    effects.set(script, known);
  }
  return known[statement.index] ?? [];
}

function tableWithIndex(schema: DatabaseSchema | undefined, index: TableRef): TableRef | undefined {
  return schema?.tables.find(
    (table) =>
      (index.schema ?? 'public') === table.schema && table.indexes.some(({ name }) => name === index.name),
  );
}

const NOTHING: Effect = { locks: [], rewrites: false, scans: false };

function locked(mode: LockMode, ...tables: readonly (TableRef | undefined)[]): Effect {
  return { ...NOTHING, locks: tables.flatMap((table) => (table ? [{ table, mode }] : [])) };
}

function scanning(effect: Effect): Effect {
  return { ...effect, scans: true };
}

function rewriting(effect: Effect): Effect {
  return { ...effect, rewrites: true, scans: true };
}

function together(...effects: readonly Effect[]): Effect {
  return {
    locks: effects.flatMap(({ locks }) => locks),
    rewrites: effects.some(({ rewrites }) => rewrites),
    scans: effects.some(({ scans }) => scans),
  };
}

/** The locks, rewrites and scans of an operation: measured (lock-matrix.json), and held to it by a test. */
export function effectOf(operation: Operation, context: LockContext): Effect {
  switch (operation.kind) {
    case 'create-table':
      return createTable(operation);
    case 'drop-table':
    case 'truncate': {
      const { kind, table, cascade } = operation;
      const parents = kind === 'drop-table' ? parentsOf(table, context) : [];
      const children = cascade ? childrenOf(table, context) : [];
      return locked('AccessExclusiveLock', table, ...parents, ...children);
    }
    case 'rename-table':
    case 'set-schema':
    case 'rename-column':
    case 'rename-constraint':
    case 'set-default':
    case 'drop-default':
    case 'drop-not-null':
    case 'add-identity':
    case 'drop-trigger':
    case 'row-security':
    case 'create-policy':
    case 'alter-policy':
    case 'drop-policy':
      return locked('AccessExclusiveLock', operation.table);
    case 'add-column':
      return addColumn(operation, context);
    case 'drop-column':
      return locked(
        'AccessExclusiveLock',
        operation.table,
        ...keysWith(operation.table, operation.column, context),
      );
    case 'alter-type':
      return alterType(operation, context);
    case 'set-expression':
      return rewriting(locked('AccessExclusiveLock', operation.table));
    case 'set-not-null': {
      const effect = locked('AccessExclusiveLock', operation.table);
      return isNotNull(operation.table, operation.column, context) ? effect : scanning(effect);
    }
    case 'add-constraint':
      return addConstraint(operation.table, operation.constraint, context);
    case 'validate-constraint': {
      const parent = context.tables.get(tableKey(operation.table))?.foreignKeys.get(operation.name);
      const effect = locked('ShareUpdateExclusiveLock', operation.table);
      return scanning(together(effect, locked('RowShareLock', parent)));
    }
    case 'drop-constraint': {
      const parent = context.tables.get(tableKey(operation.table))?.foreignKeys.get(operation.name);
      const children = operation.cascade ? childrenOf(operation.table, context) : [];
      return locked('AccessExclusiveLock', operation.table, parent, ...children);
    }
    case 'create-index': {
      const mode = operation.concurrently ? 'ShareUpdateExclusiveLock' : 'ShareLock';
      const effect = locked(mode, operation.table);
      return operation.only ? effect : scanning(effect);
    }
    case 'drop-index': {
      const mode = operation.concurrently ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock';
      return locked(mode, context.tableOfIndex(operation.index), operation.index);
    }
    case 'rename-index':
      return locked(
        context.postgresVersion >= 12 ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock',
        operation.index,
      );
    case 'reindex':
      return reindex(operation, context);
    case 'attach-partition': {
      const mode = context.postgresVersion >= 12 ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock';
      const effect = together(
        locked(mode, operation.table),
        locked('AccessExclusiveLock', operation.partition),
      );
      const checks = context.tables.get(tableKey(operation.partition))?.checks ?? [];
      // Whether a check proves the bounds is for the planner; that there is a valid one says what it is there for.
      return operation.isIndex || [...checks].some(({ valid }) => valid) ? effect : scanning(effect);
    }
    case 'detach-partition':
      return together(
        locked(operation.concurrently ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock', operation.table),
        locked('AccessExclusiveLock', operation.partition),
      );
    case 'alter-domain':
      return alterDomain(operation, context);
    case 'vacuum':
      return operation.full
        ? rewriting(locked('AccessExclusiveLock', operation.table))
        : locked('ShareUpdateExclusiveLock', operation.table);
    case 'analyze':
      return locked('ShareUpdateExclusiveLock', operation.table);
    case 'cluster':
      return rewriting(locked('AccessExclusiveLock', operation.table));
    case 'refresh-matview':
      return operation.concurrently
        ? scanning(locked('ExclusiveLock', operation.view))
        : { ...rewriting(locked('AccessExclusiveLock', operation.view)), scans: !operation.withNoData };
    case 'create-trigger':
    case 'set-trigger':
      return locked('ShareRowExclusiveLock', operation.table);
    case 'storage':
      return rewriting(locked('AccessExclusiveLock', operation.table));
    case 'alter-table-other':
      return locked(
        GENTLE.has(operation.subtype) ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock',
        operation.table,
      );
    case 'insert':
      return locked('RowExclusiveLock', operation.table);
    case 'update':
    case 'delete':
      return scanning(locked('RowExclusiveLock', operation.table));
    case 'lock-table':
      return locked(
        LOCK_MODES.find((mode) => mode === operation.mode) ?? 'AccessExclusiveLock',
        operation.table,
      );
    case 'create-view':
      return operation.replace ? locked('AccessExclusiveLock', operation.view) : NOTHING;
    case 'drop-view':
      return locked('AccessExclusiveLock', operation.view);
    case 'rename-object':
    case 'rename-attribute':
    case 'drop-object':
      return STORED.has(operation.what) ? locked('AccessExclusiveLock', operation.object) : NOTHING;
    case 'create-object':
    case 'create-enum':
    case 'add-enum-value':
    case 'rename-enum-value':
    case 'rename-type':
    case 'drop-type':
    case 'create-domain':
    // What a schema holds is not known here.
    case 'drop-schema':
    case 'rename-schema':
    case 'drop-database':
    case 'select':
    case 'set-variable':
    case 'default-setting':
    case 'outside-transaction':
    case 'transaction':
    case 'do-block':
    case 'block-commit':
    case 'call':
    case 'other':
      return NOTHING;
  }
}

/** Objects that are relations, and locked by their own name. */
const STORED: ReadonlySet<ObjectKind> = new Set(['view', 'materialized view', 'foreign table', 'sequence']);

/** Commands of ALTER TABLE that readers and writers do not notice. */
const GENTLE = new Set([
  'AT_SetStatistics',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
  'AT_SetOptions',
  'AT_ResetOptions',
  'AT_ClusterOn',
  'AT_DropCluster',
]);

function createTable(operation: OperationOf<'create-table'>): Effect {
  const constraints = [
    ...operation.constraints,
    ...operation.columns.flatMap((column) => column.constraints),
  ];
  const parents = constraints.flatMap((constraint) =>
    constraint.type === 'foreign-key' ? [constraint.references] : [],
  );
  return together(
    { ...NOTHING, scans: operation.asQuery && !operation.withNoData },
    locked('AccessExclusiveLock', operation.partitionOf),
    locked('ShareUpdateExclusiveLock', ...operation.inherits),
    locked(
      'ShareRowExclusiveLock',
      ...parents.filter((parent) => tableKey(parent) !== tableKey(operation.table)),
    ),
  );
}

const SERIAL = new Set(['serial', 'serial2', 'serial4', 'serial8', 'bigserial', 'smallserial']);

function addColumn({ table, column }: OperationOf<'add-column'>, context: LockContext): Effect {
  const own = locked('AccessExclusiveLock', table);
  const inline = column.constraints.map((constraint): Effect => {
    const effect = addConstraint(table, constraint, context);
    // A column of NULLs keeps every foreign key: Postgres does not look.
    return constraint.type === 'foreign-key' ? { ...effect, scans: column.default !== undefined } : effect;
  });
  return together(fillsRows(column, context) ? rewriting(own) : own, ...inline);
}

/** Whether every row gets a value of its own, or (before Postgres 11) any value at all. */
function fillsRows(column: ColumnSpec, context: LockContext): boolean {
  const { postgresVersion } = context;
  if (context.domainOf(column.type)?.isConstrained) return true;
  if (column.identity || column.generated === 'stored' || SERIAL.has(column.type.name)) return true;
  if (column.default === undefined) return false;
  return postgresVersion < 11 || volatileCall(column.default) !== undefined;
}

function addConstraint(table: TableRef, constraint: ConstraintSpec, context: LockContext): Effect {
  switch (constraint.type) {
    case 'foreign-key': {
      const effect = locked('ShareRowExclusiveLock', table, constraint.references);
      return constraint.notValid || constraint.notEnforced ? effect : scanning(effect);
    }
    case 'check': {
      const effect = locked('AccessExclusiveLock', table);
      return constraint.notValid || constraint.notEnforced ? effect : scanning(effect);
    }
    case 'not-null': {
      const effect = locked('AccessExclusiveLock', table);
      const isProven = constraint.columns.every((column) => isNotNull(table, column, context));
      return constraint.notValid || isProven ? effect : scanning(effect);
    }
    case 'unique':
    case 'primary-key': {
      const effect = locked('AccessExclusiveLock', table);
      if (constraint.usingIndex === undefined) return scanning(effect);
      const index = { schema: table.schema, name: constraint.usingIndex };
      const onIndex = together(effect, locked('ShareUpdateExclusiveLock', index));
      return constraint.type === 'unique' || isKeyNotNull(table, constraint.usingIndex, context)
        ? onIndex
        : scanning(onIndex);
    }
    case 'exclude':
      return scanning(locked('AccessExclusiveLock', table));
  }
}

function isKeyNotNull(table: TableRef, index: string, context: LockContext): boolean {
  const columns = context.tables.get(tableKey(table))?.indexes.named(index)?.columns;
  return (
    columns !== undefined &&
    columns.every((column) => column !== undefined && isNotNull(table, column, context))
  );
}

function isNotNull(table: TableRef, column: string, context: LockContext): boolean {
  const known = context.tables.get(tableKey(table));
  if (known?.columns.get(column)?.notNull) return true;
  return context.postgresVersion >= 12 && isProvenNotNull(known, column);
}

function alterType({ table, column, type, using }: OperationOf<'alter-type'>, context: LockContext): Effect {
  const from = context.tables.get(tableKey(table))?.columns.get(column)?.type;
  const { timeZone, postgresVersion } = context;
  const rewrites = rewritesTable({ column, from, to: type, using, timeZone, postgresVersion }) ?? true;
  const effect = locked('AccessExclusiveLock', table, ...keysWith(table, column, context));
  return rewrites ? rewriting(effect) : effect;
}

function reindex({ what, relation, concurrently }: OperationOf<'reindex'>, context: LockContext): Effect {
  if (!relation) return rewriting(NOTHING);
  const table = what === 'index' ? context.tableOfIndex(relation) : relation;
  const index = what === 'index' ? relation : undefined;
  // The new index takes the place of the old one only at the end.
  if (concurrently) return scanning(locked('ShareUpdateExclusiveLock', table, index));
  return rewriting(together(locked('ShareLock', table), locked('AccessExclusiveLock', index)));
}

function alterDomain(
  { domain, action, notValid }: OperationOf<'alter-domain'>,
  { tables }: LockContext,
): Effect {
  if (notValid || !['add-constraint', 'set-not-null', 'validate'].includes(action)) return NOTHING;
  const users = tables.withType(tableKey(domain)).map(tableOfKey);
  return scanning(locked('ShareLock', ...users));
}

/** The tables that foreign keys of this one point to. */
function parentsOf(table: TableRef, { tables }: LockContext): TableRef[] {
  const keys = tables.get(tableKey(table))?.foreignKeys.values() ?? [];
  return [...keys].filter((parent) => tableKey(parent) !== tableKey(table));
}

/** The tables whose foreign keys point to this one. */
function childrenOf(table: TableRef, { tables }: LockContext): TableRef[] {
  return tables
    .referring(tableKey(table))
    .filter((key) => key !== tableKey(table))
    .map(tableOfKey);
}

/** The tables on the other end of foreign keys that a column is part of. */
function keysWith(table: TableRef, column: string, { schema }: LockContext): TableRef[] {
  return (schema?.tables ?? []).flatMap((other) =>
    other.foreignKeys.flatMap(({ columns, references }): TableRef[] => {
      if (tableKey(other) === tableKey(table)) return columns.includes(column) ? [references] : [];
      return tableKey(references) === tableKey(table) && references.columns.includes(column) ? [other] : [];
    }),
  );
}

/** Whether a lock makes writers wait, and with ACCESS EXCLUSIVE readers too. */
export function blocksWrites(mode: string): boolean {
  return lockStrength(mode) >= lockStrength('ShareLock');
}
