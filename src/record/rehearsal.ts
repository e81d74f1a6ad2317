import { codeInCell, lineText } from './markdown.ts';
import { describeCompared, ROLLBACK_HOLDS_FOR } from '../rehearse/coverage.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';

/** The rehearsal in the record: where it was held, and what each statement did to what was there before. */
export interface LockTable {
  readonly engine: string;
  readonly rows: readonly { readonly statement: string; readonly locks: string; readonly work: string }[];
  /** New indexes that a search is planned with, as a list; empty where there are none. */
  readonly usedIndexes: string;
  readonly notTested: readonly string[];
}

/** One row a statement that locks, rewrites or reads something that existed. */
export function lockTable(rehearsal: Rehearsal): LockTable {
  return {
    engine: `${rehearsal.engine}, PostgreSQL ${rehearsal.version}${rehearsal.seeded.length > 0 ? ', with rows from a dump' : ''}`,
    rows: rehearsal.statements
      .map(({ sql, locks, rewrites, scans, observed }) => ({
        statement: cell(sql),
        locks: observed
          ? locks.map(({ relation, mode }) => `${code(relation)} ${mode}`).join('<br>') || 'no new ones'
          : 'not observed: runs outside a transaction',
        work:
          [
            ...rewrites.map((relation) => `rewrites ${code(relation)}`),
            ...scans.map((relation) => `reads all of ${code(relation)}`),
          ].join('<br>') || '–',
      }))
      .filter(({ locks, work }) => locks !== 'no new ones' || work !== '–'),
    usedIndexes: rehearsal.indexes.flatMap(({ index, used }) => (used ? [code(index)] : [])).join(', '),
    notTested: rehearsal.notTested.map(lineText),
  };
}

/** How far the way down leads back, as the rehearsal proved it. */
export function rehearsedRollback({ rollback, lost, down, compared, limits }: Rehearsal): {
  label: Rehearsal['rollback'];
  explanation: string;
} {
  const basis = compared
    ? ` ${describeCompared(compared)} compared. This holds for ${[ROLLBACK_HOLDS_FOR, ...limits].join('; ')}.`
    : '';
  if (rollback === 'exact') {
    return { label: rollback, explanation: `Rehearsed: schema and rows were as before.${basis}` };
  }
  const what = lost.join('; ');
  if (rollback === 'schema-only') {
    return {
      label: rollback,
      explanation: `Rehearsed: the schema comes back, rows do not: ${what}.${basis}`,
    };
  }
  return { label: rollback, explanation: `${down === 'not run' ? 'Not run' : 'Rehearsed'}: ${what}` };
}

/** SQL as the cell of a table: one line, no bars. */
function cell(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ');
  const short = line.length > 120 ? `${line.slice(0, 119)}…` : line;
  return code(short);
}

function code(text: string): string {
  return `\`${codeInCell(text)}\``;
}
