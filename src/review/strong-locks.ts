import { lockStrength } from '../postgres/lock-modes.ts';
import { blocksWrites, effectOf, lockContext } from './locks.ts';
import { type TableRef, tableKey } from './operation.ts';
import { sqlName } from './print.ts';
import type { Script, Statement } from './rule.ts';
import type { ScriptState } from './state.ts';

/** A lock that makes writers, or everybody, wait. */
export interface StrongLock {
  /** As in SQL: `users`, `app."Users"`. */
  readonly relation: string;
  /** `ShareLock` … `AccessExclusiveLock`. */
  readonly mode: string;
}

/** The strong locks of a statement on what was there before the script: as the rehearsal saw them, else as they are to be expected. */
export function strongLocks(statement: Statement, script: Script): StrongLock[] {
  const { facts, before } = statement;
  if (facts && facts.sqlstate === undefined) return facts.locks.filter(({ mode }) => blocksWrites(mode));
  const context = lockContext(statement, script);
  const strongest = new Map<string, StrongLock>();
  for (const operation of statement.operations) {
    for (const { table, mode } of effectOf(operation, context).locks) {
      const owner = before.tableOfIndex(table) ?? table;
      if (!blocksWrites(mode) || before.isNew(owner) || isViewOfScript(before, table)) continue;
      const known = strongest.get(tableKey(table));
      if (known && lockStrength(known.mode) >= lockStrength(mode)) continue;
      strongest.set(tableKey(table), { relation: sqlName(table), mode });
    }
  }
  return [...strongest.values()];
}

function isViewOfScript(before: ScriptState, view: TableRef): boolean {
  return before.operations.some(
    (operation) =>
      operation.kind === 'create-view' && !operation.replace && tableKey(operation.view) === tableKey(view),
  );
}
