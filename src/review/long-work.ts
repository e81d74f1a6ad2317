import { effectOf, lockContext } from './locks.ts';
import type { Script, Statement } from './rule.ts';

/** Whether a statement's time grows with the rows of what existed: as the rehearsal saw it, else as it is to be expected. */
export function takesLong(statement: Statement, script: Script): boolean {
  const { facts, before, operations } = statement;
  if (facts && facts.sqlstate === undefined) {
    if (facts.scans.length > 0 || facts.rewrites.length > 0) return true;
    return operations.some(({ kind }) => kind === 'select' || kind === 'update' || kind === 'delete');
  }
  const context = lockContext(statement, script);
  return operations.some((operation) => {
    if (operation.kind === 'select') return true;
    if (operation.kind === 'insert') return !operation.hasValues;
    const { scans, rewrites, locks } = effectOf(operation, context);
    return (scans || rewrites) && locks.some(({ table }) => !before.isNew(table));
  });
}
