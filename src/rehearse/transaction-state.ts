import type { Operation } from '../review/operation.ts';
import { readOperations } from '../review/read-operations.ts';
import { parseScript, type SqlStatement } from '../postgres/parse-script.ts';

/** What a statement does, as the reviewer reads it; nothing for a text that Postgres cannot read. */
export function operationsOf(sql: string): Operation[] {
  return parseScript(sql).flatMap(({ node }) => operationsIn(node));
}

export function operationsIn(node: SqlStatement['node']): Operation[] {
  return node ? readOperations(node) : [];
}

/** Whether a transaction is open after a statement that has run. */
export function staysOpen(open: boolean, operations: readonly Operation[]): boolean {
  return operations.reduce((before, operation) => {
    if (operation.kind !== 'transaction') return before;
    if (operation.action === 'begin') return true;
    return operation.action === 'commit' || operation.action === 'rollback' ? false : before;
  }, open);
}

/** Statements after which what was run before them can no longer be undone. */
export function endsTransaction(operations: readonly Operation[]): boolean {
  return operations.some(
    (operation) =>
      operation.kind === 'transaction' && (operation.action === 'commit' || operation.action === 'rollback'),
  );
}

const WORDS = /\b(?:begin|start|commit|end|rollback|abort|savepoint|release|prepare)\b/i;

/** Whether a script begins or ends transactions itself, or has savepoints. Its words in a function's body do not count. */
export function controlsTransaction(sql: string): boolean {
  return WORDS.test(sql) && operationsOf(sql).some(({ kind }) => kind === 'transaction');
}
