import type { Operation } from './operation.ts';
import { after, type ScriptState } from './state.ts';

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
    const next = after(state, [operation]);
    if (operation.kind !== 'transaction') return next;
    const { action, savepoint = '' } = operation;
    switch (action) {
      case 'begin':
        return state.inTransaction ? next : this.#startFrom(state, next);
      case 'commit':
        return this.#startFrom(next, next);
      case 'rollback': {
        const undone = state.inTransaction ? after(this.#start, [operation]) : next;
        return this.#startFrom(undone, undone);
      }
      case 'savepoint':
        this.#savepoints.push({ name: savepoint, state: next });
        return next;
      case 'release':
        this.#savepoints.splice(Math.max(this.#find(savepoint), 0));
        return next;
      case 'rollback-to': {
        const place = this.#find(savepoint);
        const found = this.#savepoints[place];
        // The savepoint itself stays.
        if (found) this.#savepoints.splice(place + 1);
        return found?.state ?? next;
      }
    }
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
