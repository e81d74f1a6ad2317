import type { Operation } from './operation.ts';
import { after, type ScriptState, undone } from './state.ts';

/**
 * Follows a script through its transactions: what a ROLLBACK undoes is not known any more, be it a table, a constraint or
 * `SET lock_timeout`.
 */
export class SavedStates {
  /** When the transaction that is open began. */
  #start: ScriptState;
  #savepoints: { readonly name: string; readonly state: ScriptState }[] = [];

  constructor(initial: ScriptState) {
    this.#start = initial;
  }

  /** The state after the operations of a statement. */
  after(state: ScriptState, operations: readonly Operation[]): ScriptState {
    if (!operations.some(({ kind }) => kind === 'transaction')) return after(state, operations);
    return operations.reduce((now, operation) => this.#step(now, operation), state);
  }

  #step(state: ScriptState, operation: Operation): ScriptState {
    if (operation.kind !== 'transaction') return after(state, [operation]);
    const { action, savepoint = '' } = operation;
    if (action === 'rollback' && state.inTransaction) {
      const start = undone(this.#start, operation);
      return this.#startFrom(start, start);
    }
    const place = this.#find(savepoint);
    if (action === 'rollback-to' && place !== -1) {
      // The savepoint itself stays.
      this.#savepoints.splice(place + 1);
      return undone(this.#savepoints[place]!.state, operation);
    }
    const next = after(state, [operation]);
    if (action === 'savepoint') this.#savepoints.push({ name: savepoint, state: next });
    if (action === 'release') this.#savepoints.splice(Math.max(place, 0));
    if (action === 'begin' && !state.inTransaction) this.#startFrom(state, next);
    if (action === 'commit' || action === 'rollback') this.#startFrom(next, next);
    return next;
  }

  #startFrom(start: ScriptState, next: ScriptState): ScriptState {
    this.#start = start;
    this.#savepoints = [];
    return next;
  }

  #find(name: string): number {
    return this.#savepoints.findLastIndex((saved) => saved.name === name);
  }
}
