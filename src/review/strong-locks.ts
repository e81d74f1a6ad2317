import { lockStrength } from '../postgres/lock-modes.ts';
import { blocksWrites, effectsOf } from './locks.ts';
import { tableKey } from './operation.ts';
import { sqlName } from './print.ts';
import { isExisting, type Script, type Statement } from './rule.ts';
import { topic } from './topics.ts';

/** A lock that makes writers, or everybody, wait. */
export interface StrongLock {
  /** As in SQL: `users`, `app."Users"`. */
  readonly relation: string;
  /** `ShareLock` … `AccessExclusiveLock`. */
  readonly mode: string;
}

/** The strong locks of a statement on what was there before the script: as the rehearsal saw them, else as they are to be expected. */
export function strongLocks(statement: Statement, script: Script): readonly StrongLock[] {
  const locks = known.get(statement) ?? readLocks(statement, script);
  known.set(statement, locks);
  return locks;
}

/** Every rule about locks asks for them. */
const known = new WeakMap<Statement, readonly StrongLock[]>();

function readLocks(statement: Statement, script: Script): readonly StrongLock[] {
  const { facts, before } = statement;
  if (facts && facts.sqlstate === undefined) return facts.locks.filter(({ mode }) => blocksWrites(mode));
  const strongest = new Map<string, StrongLock>();
  for (const { locks } of effectsOf(statement, script)) {
    for (const { table, mode } of locks) {
      const owner = before.tableOfIndex(table) ?? table;
      if (!blocksWrites(mode) || !isExisting(statement, owner) || before.last(topic('new-view', table)))
        continue;
      const known = strongest.get(tableKey(table));
      if (known && lockStrength(known.mode) >= lockStrength(mode)) continue;
      strongest.set(tableKey(table), { relation: sqlName(table), mode });
    }
  }
  return [...strongest.values()];
}
