import { lockName, lockStrength } from '../postgres/lock-modes.ts';
import { effectsOf } from './locks.ts';
import { newTableKeys } from './new-tables.ts';
import { type TableRef, tableKey } from './operation.ts';
import { sqlName } from './print.ts';
import { type ReviewOptions, targetOf } from './review.ts';
import { isExisting, type Script, type Statement, type StatementFacts } from './rule.ts';
import { readScript } from './script.ts';
import { topic } from './topics.ts';

/** What a statement of a migration does to tables that were there before it. */
export interface StatementEffects {
  /** As it stands in the file, without the semicolon. */
  readonly sql: string;
  readonly line: number;
  /** The strongest lock on each relation; those that only readers and writers take are left out. */
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  /** The statement, by its number from 0, after which its locks are given back: the last of its transaction. */
  readonly heldTo: number;
  /** True where a rehearsal saw it; false where the statement alone was read. */
  readonly observed: boolean;
  /** The statement cannot be read, so that its effects are not known. */
  readonly unknown: boolean;
}

/**
 * The effects of each statement of a script: as the rehearsal saw them (`facts`, by statement), else as Postgres is known to
 * behave. Needs `loadSqlParser`.
 *
 * @example statementEffects('CREATE INDEX i ON users (nick)', {}) // [{ locks: [{ relation: 'users', mode: 'ShareLock' }], … }]
 */
export function statementEffects(
  sql: string,
  options: ReviewOptions,
  facts?: readonly (StatementFacts | undefined)[],
): StatementEffects[] {
  const newTables = newTableKeys(options.newTables ?? []);
  const script = readScript(sql, targetOf(options), { newTables, schema: options.schema, facts });
  const ends = transactionEnds(script);
  return script.statements.map((statement) => {
    const seen = statement.facts?.sqlstate === undefined ? statement.facts : undefined;
    const { locks, rewrites, scans } = seen ?? expected(statement, script);
    return {
      sql: statement.text,
      line: statement.line,
      locks,
      rewrites,
      scans: scans.filter((relation) => !rewrites.includes(relation)),
      heldTo: ends[statement.index] ?? statement.index,
      observed: seen !== undefined,
      unknown: seen === undefined && statement.unreadable !== undefined,
    };
  });
}

/** For each statement the last one of the transaction that it runs in: itself where it runs alone. */
function transactionEnds({ statements, target }: Script): number[] {
  const ends = statements.map(({ index }) => index);
  let open = target.transaction !== 'none';
  let first = 0;
  for (const { index, operations } of statements) {
    const actions = operations.flatMap((each) => (each.kind === 'transaction' ? [each.action] : []));
    const isEnd = actions.some((action) => action === 'commit' || action === 'rollback');
    open = (open || actions.includes('begin')) && !isEnd;
    if (open) continue;
    ends.fill(index, first, index + 1);
    first = index + 1;
  }
  return ends.fill(statements.length - 1, first);
}

/** The weakest lock that is worth a word: from here on another ALTER TABLE waits. */
const WEAKEST = lockStrength('ShareUpdateExclusiveLock');

function expected(
  statement: Statement,
  script: Script,
): Pick<StatementEffects, 'locks' | 'rewrites' | 'scans'> {
  const { before, operations } = statement;
  const strongest = new Map<string, StatementEffects['locks'][number]>();
  const work = { rewrites: new Set<string>(), scans: new Set<string>() };
  const isThere = (table: TableRef): boolean =>
    isExisting(statement, before.tableOfIndex(table) ?? table) && !before.last(topic('new-view', table));
  for (const [index, { locks, rewrites, scans }] of effectsOf(statement, script).entries()) {
    for (const { table, mode } of locks) {
      if (lockStrength(mode) < WEAKEST || !isThere(table)) continue;
      const known = strongest.get(tableKey(table));
      if (known && lockStrength(known.mode) >= lockStrength(mode)) continue;
      strongest.set(tableKey(table), { relation: sqlName(table), mode });
    }
    // The first lock is on the operation's own table, the others on those that its keys point to.
    const own = operations[index]?.kind === 'alter-domain' ? locks : locks.slice(0, 1);
    for (const { table } of own.filter(({ table: each }) => isThere(each))) {
      if (rewrites) work.rewrites.add(sqlName(table));
      if (scans) work.scans.add(sqlName(table));
    }
  }
  return { locks: [...strongest.values()], rewrites: [...work.rewrites], scans: [...work.scans] };
}

/**
 * The effects in words, each with the tables that it is about; empty where there are none.
 *
 * @example effectWords(effects) // ['blocks writes on users (SHARE)', 'scans users']
 */
export function effectWords(
  { locks, rewrites, scans, unknown }: Pick<StatementEffects, 'locks' | 'rewrites' | 'scans' | 'unknown'>,
  shown: (relation: string) => string = (relation) => relation,
): string[] {
  if (unknown) return ['effects unknown: the statement cannot be read'];
  const modes = [...new Set(locks.map(({ mode }) => mode))].toSorted(
    (a, b) => lockStrength(b) - lockStrength(a),
  );
  const listed = (relations: readonly string[]): string => relations.map(shown).join(', ');
  return [
    ...modes.map((mode) => {
      const relations = locks.filter((lock) => lock.mode === mode).map(({ relation }) => relation);
      return `blocks ${blockedBy(mode)} on ${listed(relations)} (${lockName(mode)})`;
    }),
    ...(rewrites.length > 0 ? [`rewrites ${listed(rewrites)}`] : []),
    ...(scans.length > 0 ? [`scans ${listed(scans)}`] : []),
  ];
}

/** Who waits while a lock is held. */
export function blockedBy(mode: string): 'reads and writes' | 'writes' | 'other schema changes' {
  if (lockStrength(mode) >= lockStrength('AccessExclusiveLock')) return 'reads and writes';
  return lockStrength(mode) >= lockStrength('ShareLock') ? 'writes' : 'other schema changes';
}
