import { effectsOf } from './locks.ts';
import type { Operation } from './operation.ts';
import { isExisting, type Script, type Statement } from './rule.ts';

/** Whether a statement's time grows with the rows: as observed (it reads or rewrites what existed), else as it stands. */
export function takesLong(statement: Statement, script: Script): boolean {
  const { facts, operations } = statement;
  if (facts && facts.sqlstate === undefined && (facts.scans.length > 0 || facts.rewrites.length > 0)) {
    return true;
  }
  return operations.some((operation, index) =>
    // The rehearsal's tables are nearly empty: that the planner read an index says nothing of a SELECT.
    facts && !isQuery(operation) ? false : growsWithRows(operation, index, statement, script),
  );
}

function isQuery({ kind }: Operation): boolean {
  return ['select', 'insert', 'update', 'delete', 'call'].includes(kind);
}

function growsWithRows(operation: Operation, index: number, statement: Statement, script: Script): boolean {
  if (operation.kind === 'select') return operation.hasFrom;
  if (operation.kind === 'call') return true;
  if (operation.kind === 'insert') return !operation.hasValues;
  const { rewrites, scans, locks } = effectsOf(statement, script)[index]!;
  if (!rewrites && !scans) return false;
  return locks.length === 0 || locks.some(({ table }) => isExisting(statement, table));
}
