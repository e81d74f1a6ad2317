import type { ColumnSpec, Operation, TableRef } from './operation.ts';
import { tableKey } from './operation.ts';
import type { TransactionMode } from './rule.ts';

/** What is known before a statement runs, from the statements before it. Immutable: every statement has its own. */
export interface ScriptState {
  /** Created by the script (and not filled by CREATE TABLE … AS or an INSERT … SELECT), temporary, or called new by the caller. */
  isNew(table: TableRef): boolean;
  /** Whether the script created a relation, filled since or not. */
  isCreatedHere(table: TableRef): boolean;
  /** A column that the script has added to the table, or created with it. */
  columnAddedHere(table: TableRef, column: string): ColumnSpec | undefined;
  /** Table of an index that the script has created. */
  tableOfIndex(index: TableRef): TableRef | undefined;
  /** Whether a statement here runs inside a transaction: the migrator's or an own BEGIN. */
  readonly inTransaction: boolean;
  /** Inside BEGIN … COMMIT of the script itself. */
  readonly inOwnTransaction: boolean;
  /** Operations since the transaction began (all of them in mode `none` only inside BEGIN), oldest first. */
  readonly inThisTransaction: readonly Operation[];
  /** All operations of the script so far, oldest first. */
  readonly operations: readonly Operation[];
  /** Value of lock_timeout (`'2s'`, `'0'`), statement_timeout … as the script has set them; undefined where it has not. */
  setting(name: string): string | undefined;
}

interface StateData {
  readonly newTables: ReadonlySet<string>;
  readonly operations: readonly Operation[];
  readonly transactionStart: number;
  /** A transaction is open: the migrator's until a COMMIT of the script, or the script's own. */
  readonly isOpen: boolean;
  readonly inOwnTransaction: boolean;
  readonly settings: ReadonlyMap<string, { readonly value: string; readonly local: boolean }>;
}

/** The state before the first statement. `newTables` are tables that the caller knows to be empty and unused. */
export function initialState(mode: TransactionMode, newTables: readonly string[]): ScriptState {
  return view({
    newTables: new Set(newTables.map((name) => name.replace(/^public\./, ''))),
    operations: [],
    transactionStart: 0,
    isOpen: mode !== 'none',
    inOwnTransaction: false,
    settings: new Map(),
  });
}

const DATA = Symbol('data');

/** The state after a statement. */
export function after(state: ScriptState, operations: readonly Operation[]): ScriptState {
  let data = (state as ScriptState & { readonly [DATA]: StateData })[DATA];
  for (const operation of operations) data = step(data, operation);
  return view(data);
}

function step(data: StateData, operation: Operation): StateData {
  const operations = [...data.operations, operation];
  const newTables = tablesAfter(data.newTables, operation);
  const next = { ...data, operations, newTables };
  switch (operation.kind) {
    case 'transaction': {
      if (operation.action === 'begin') {
        // In an open transaction Postgres only warns: what was done before still belongs to it.
        const transactionStart = data.isOpen ? data.transactionStart : operations.length;
        return { ...next, isOpen: true, inOwnTransaction: true, transactionStart };
      }
      if (operation.action !== 'commit' && operation.action !== 'rollback') return next;
      // SET LOCAL ends with its transaction.
      const settings = new Map([...data.settings].filter(([, { local }]) => !local));
      return {
        ...next,
        isOpen: false,
        inOwnTransaction: false,
        transactionStart: operations.length,
        settings,
      };
    }
    case 'set-variable': {
      // RESET ALL names none.
      if (operation.name === '') return { ...next, settings: new Map() };
      const settings = new Map(data.settings);
      if (operation.value === undefined) settings.delete(operation.name);
      else settings.set(operation.name, { value: operation.value, local: operation.local });
      return { ...next, settings };
    }
    default:
      return next;
  }
}

function tablesAfter(tables: ReadonlySet<string>, operation: Operation): ReadonlySet<string> {
  switch (operation.kind) {
    case 'create-table':
      // IF NOT EXISTS may find a table with rows, and no rule can know; it is taken as new, as its author means it.
      if (operation.asQuery && !operation.withNoData) return tables;
      return new Set([...tables, tableKey(operation.table)]);
    case 'rename-table': {
      if (!tables.has(tableKey(operation.table))) return tables;
      return new Set([...tables, tableKey({ schema: operation.table.schema, name: operation.to })]);
    }
    case 'set-schema': {
      if (!tables.has(tableKey(operation.table))) return tables;
      return new Set([...tables, tableKey({ schema: operation.to, name: operation.table.name })]);
    }
    case 'insert': {
      if (operation.hasValues || !tables.has(tableKey(operation.table))) return tables;
      return new Set([...tables].filter((key) => key !== tableKey(operation.table)));
    }
    case 'attach-partition':
      // The rows of the partition are the table's from now on.
      return operation.isIndex || tables.has(tableKey(operation.partition))
        ? tables
        : new Set([...tables].filter((key) => key !== tableKey(operation.table)));
    default:
      return tables;
  }
}

function view(data: StateData): ScriptState & { readonly [DATA]: StateData } {
  const created = (table: TableRef) =>
    data.operations.some(
      (operation) => operation.kind === 'create-table' && tableKey(operation.table) === tableKey(table),
    );
  return {
    [DATA]: data,
    isNew: (table) => data.newTables.has(tableKey(table)),
    isCreatedHere: created,
    columnAddedHere: (table, column) => columnAdded(data.operations, table, column),
    tableOfIndex(index) {
      const found = data.operations.find(
        (operation) => operation.kind === 'create-index' && operation.name === index.name,
      );
      return found?.kind === 'create-index' ? found.table : undefined;
    },
    inTransaction: data.isOpen,
    inOwnTransaction: data.inOwnTransaction,
    inThisTransaction: data.isOpen ? data.operations.slice(data.transactionStart) : [],
    operations: data.operations,
    setting: (name) => data.settings.get(name)?.value,
  };
}

/** Looks back from the column as it is called now, through renames of it and of its table, to where it came from. */
function columnAdded(
  operations: readonly Operation[],
  table: TableRef,
  column: string,
): ColumnSpec | undefined {
  let key = tableKey(table);
  let name = column;
  for (const operation of operations.toReversed()) {
    if (operation.kind === 'rename-table' || operation.kind === 'set-schema') {
      const { schema, name: old } = operation.table;
      const to =
        operation.kind === 'rename-table'
          ? { schema, name: operation.to }
          : { schema: operation.to, name: old };
      if (tableKey(to) === key) key = tableKey(operation.table);
      continue;
    }
    if (!('table' in operation) || operation.table === undefined || tableKey(operation.table) !== key)
      continue;
    if (operation.kind === 'rename-column' && operation.to === name) name = operation.column;
    if (operation.kind === 'drop-column' && operation.column === name) return undefined;
    if (operation.kind === 'add-column' && operation.column.name === name) return operation.column;
    if (operation.kind === 'create-table') return operation.columns.find((spec) => spec.name === name);
  }
  return undefined;
}
