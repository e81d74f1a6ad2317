/** As pg_locks names them, weakest first: the numbers of lockdefs.h, from 1. */
export const LOCK_MODES = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const;

export type LockMode = (typeof LOCK_MODES)[number];

/** Place in the order of strength, from 0; -1 for what is no lock mode. */
export function lockStrength(mode: string): number {
  return LOCK_MODES.indexOf(mode as LockMode);
}

/** A lock mode as Postgres' manual and LOCK TABLE write it: `ShareRowExclusiveLock` → `SHARE ROW EXCLUSIVE`. */
export function lockName(mode: string): string {
  return mode
    .replace(/Lock$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
}
