import type { ColumnSpec, Operation, TableRef } from './operation.ts';
import type { TransactionMode } from './rule.ts';
import type { Timeline } from './timeline.ts';
import { type Topic, topic } from './topics.ts';
import type { Entry } from './versions.ts';

/** What is known before a statement runs, from the statements before it: a place in the timeline, which all share. */
export interface ScriptState {
  /** How many operations come before. */
  readonly place: number;
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
  /** Nothing of the script has run in the transaction that is open here; where none is open, always. */
  readonly isTransactionStart: boolean;
  /** The last operation about one of some topics; see `topic`. */
  last(...topics: readonly Topic[]): Operation | undefined;
  /** The same, of the transaction that is open here. */
  lastInTransaction(...topics: readonly Topic[]): Operation | undefined;
  /** Value of lock_timeout (`'2s'`, `'0'`), statement_timeout … as the script has set them; undefined where it has not. */
  setting(name: string): string | undefined;
}

interface StateData {
  readonly timeline: Timeline;
  readonly place: number;
  readonly transactionStart: number;
  /** A transaction is open: the migrator's until a COMMIT of the script, or the script's own. */
  readonly isOpen: boolean;
  readonly inOwnTransaction: boolean;
  /** Where SET LOCAL, and where every setting, was last undone. */
  readonly localEnd: number;
  readonly reset: number;
}

/** The state before the first statement. The timeline grows with `after`. */
export function initialState(mode: TransactionMode, timeline: Timeline): ScriptState {
  return new State({
    timeline,
    place: 0,
    transactionStart: 0,
    isOpen: mode !== 'none',
    inOwnTransaction: false,
    localEnd: 0,
    reset: 0,
  });
}

/** The state after a statement, whose operations are added to the timeline. */
export function after(state: ScriptState, operations: readonly Operation[]): ScriptState {
  let { data } = state as State;
  for (const operation of operations) {
    data.timeline.add(operation);
    data = step(data, operation);
  }
  return new State(data);
}

/** A state again, after a ROLLBACK to it: what has been added to the timeline since is undone. */
export function undone(state: ScriptState, operation: Operation): ScriptState {
  const { data } = state as State;
  data.timeline.undo(data.place);
  return after(state, [operation]);
}

function step(data: StateData, operation: Operation): StateData {
  const place = data.timeline.length;
  const next = { ...data, place };
  if (operation.kind === 'set-variable' && operation.name === '') return { ...next, reset: place };
  if (operation.kind !== 'transaction') return next;
  if (operation.action === 'begin') {
    // In an open transaction Postgres only warns: what was done before still belongs to it.
    const transactionStart = data.isOpen ? data.transactionStart : place;
    return { ...next, isOpen: true, inOwnTransaction: true, transactionStart };
  }
  if (operation.action !== 'commit' && operation.action !== 'rollback') return next;
  return { ...next, isOpen: false, inOwnTransaction: false, transactionStart: place, localEnd: place };
}

class State implements ScriptState {
  readonly data: StateData;

  constructor(data: StateData) {
    this.data = data;
  }

  get place(): number {
    return this.data.place;
  }

  get inTransaction(): boolean {
    return this.data.isOpen;
  }

  get inOwnTransaction(): boolean {
    return this.data.inOwnTransaction;
  }

  get isTransactionStart(): boolean {
    return !this.data.isOpen || this.data.transactionStart === this.data.place;
  }

  isNew(table: TableRef): boolean {
    return this.data.timeline.isNew(table, this.place);
  }

  isCreatedHere(table: TableRef): boolean {
    return this.last(topic('create-table', table)) !== undefined;
  }

  columnAddedHere(table: TableRef, column: string): ColumnSpec | undefined {
    return this.data.timeline.columnAdded(table, column, this.place);
  }

  tableOfIndex(index: TableRef): TableRef | undefined {
    const found = this.last(topic('index', index.name));
    return found?.kind === 'create-index' ? found.table : undefined;
  }

  last(...topics: readonly Topic[]): Operation | undefined {
    return this.#newest(topics, 0);
  }

  lastInTransaction(...topics: readonly Topic[]): Operation | undefined {
    return this.data.isOpen ? this.#newest(topics, this.data.transactionStart) : undefined;
  }

  setting(name: string): string | undefined {
    const { reset, localEnd } = this.data;
    const set = this.#entry(topic('set', name), reset);
    const local = this.#entry(topic('set-local', name), Math.max(reset, localEnd));
    const found = (local?.place ?? -1) > (set?.place ?? -1) ? local : set;
    return found?.value.kind === 'set-variable' ? found.value.value : undefined;
  }

  #newest(topics: readonly Topic[], since: number): Operation | undefined {
    let newest: Entry<Operation> | undefined;
    for (const each of topics) {
      const found = this.#entry(each, since);
      if (found && found.place > (newest?.place ?? -1)) newest = found;
    }
    return newest?.value;
  }

  #entry(each: Topic, since: number): Entry<Operation> | undefined {
    const found = this.data.timeline.last(each, this.place);
    return found && found.place >= since ? found : undefined;
  }
}
