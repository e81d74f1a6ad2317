import type { Statement } from './rule.ts';

/** What the rehearsal says about the scan that a rule expects. A statement that failed says nothing. */
export function scanOf(statement: Statement): 'seen' | 'none' | 'unknown' {
  const { facts } = statement;
  if (!facts || facts.sqlstate !== undefined) return 'unknown';
  // Any relation: a partitioned table is scanned by its partitions' names.
  return facts.scans.length > 0 ? 'seen' : 'none';
}

/** Whether the rehearsal saw the statement fail with one of these SQLSTATEs. */
export function failedWith(statement: Statement, ...states: readonly string[]): boolean {
  const state = statement.facts?.sqlstate;
  return state !== undefined && states.includes(state);
}

/** The same for the rewrite that a rule expects. */
export function rewriteOf(statement: Statement): 'seen' | 'none' | 'unknown' {
  const { facts } = statement;
  if (!facts || facts.sqlstate !== undefined) return 'unknown';
  return facts.rewrites.length > 0 ? 'seen' : 'none';
}
