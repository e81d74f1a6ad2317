import type { DatabaseSchema } from '../plan/database-schema.ts';
import type { Severity } from './finding.ts';
import type { KnownTables } from './known-tables.ts';
import { type Operation, type TableRef, tableKey } from './operation.ts';
import type { ServerAccess } from '../postgres/server-access.ts';
import type { ScriptState } from './state.ts';
import type { Timeline } from './timeline.ts';

/** Who runs the migrations: every statement by itself, each file in a transaction, or all pending files in one. */
export type TransactionMode = 'none' | 'each' | 'all';

/** What the statements are judged against. */
export interface Target {
  /** Major, or `14.2` where a minor version matters. */
  readonly postgresVersion: number;
  /** Nobody has said the version: a fix uses what older ones understand too. */
  readonly isVersionAssumed?: boolean;
  readonly transaction: TransactionMode;
  /** The connection sets lock_timeout itself: `missing-lock-timeout` has nothing to say. */
  readonly assumeTimeouts: boolean;
}

/** What the rehearsal saw while a statement ran; absent where nothing was run. */
export interface StatementFacts {
  /** Strongest lock per relation that existed before: `AccessExclusiveLock` … Empty: nothing was locked. */
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  /** SQLSTATE, where the statement failed. */
  readonly sqlstate?: string | undefined;
  readonly message?: string | undefined;
}

/** A statement of the script, with all that a rule may know of it. */
export interface Statement {
  /** Its place among the statements of the script. */
  readonly index: number;
  /** As in the file, without comments before it and the semicolon after it. */
  readonly text: string;
  /** UTF-16 offset of its first character. */
  readonly start: number;
  readonly line: number;
  readonly column: number;
  readonly operations: readonly Operation[];
  /** Offsets in `text` of the types of its columns, in the order of `typedColumns`; none of a DO block, which hides its text. */
  readonly typesAt: readonly (number | undefined)[];
  /** Where it leaves the database. */
  readonly reaches: readonly ServerAccess[];
  /** What the statements before it have done. */
  readonly before: ScriptState;
  readonly facts: StatementFacts | undefined;
  /** Set where Postgres' parser refuses the statement, or where it hides what it does (dynamic SQL). */
  readonly unreadable: string | undefined;
}

export interface Script {
  readonly statements: readonly Statement[];
  /** The operations of all statements, found by what they are about. */
  readonly timeline: Timeline;
  readonly tables: KnownTables;
  /** What is known after the last statement. */
  readonly end: ScriptState;
  readonly target: Target;
  /** The schema before the first statement, where it is known (Drizzle's newest snapshot, or the rehearsal's catalog). */
  readonly schema: DatabaseSchema | undefined;
}

/** What a rule says of one statement: `fix` is SQL for this very statement. */
export interface Hit {
  readonly statement: Statement;
  readonly message: string;
  readonly fix?: string | undefined;
  /** Where this case is milder or worse than the rule's own severity. */
  readonly severity?: Severity | undefined;
  /** True when `statement.facts` proved it. */
  readonly observed?: boolean;
}

/** SQL with which a rule is tried; plain text stands for the default target (Postgres 18, transaction `none`). */
export type Example = string | { readonly sql: string; readonly target: Partial<Target> };

/**
 * A check of the safety catalogue: one file, one record of this shape. `bad` must make it fire, `good` must not; both are
 * its first tests.
 */
export interface Rule {
  /** The catalogue's slug, such as `create-index-blocking`. */
  readonly name: string;
  /** The catalogue's id, such as `IDX-01`. */
  readonly id: string;
  readonly severity: Severity;
  /** Only looked for where a team asks for it (`optIn` of the settings). */
  readonly isOptIn?: true;
  /** Its fix brings about something else than the statement, which no fix of another rule is to hold. */
  readonly fixDecidesOtherwise?: true;
  /** Why it matters, in a sentence. */
  readonly reason: string;
  readonly bad: readonly Example[];
  readonly good: readonly Example[];
  check(script: Script): Iterable<Hit>;
}

/** A rule that judges one operation at a time; `check` returns a hit without its statement. */
export function eachOperation<Kind extends Operation['kind']>(
  kinds: Kind | readonly Kind[],
  judge: (
    operation: Extract<Operation, { kind: Kind }>,
    statement: Statement,
    script: Script,
  ) => Omit<Hit, 'statement'> | undefined,
): Rule['check'] {
  const wanted = typeof kinds === 'string' ? [kinds] : kinds;
  return function* (script) {
    for (const { operation, statement } of operationsOf(script, wanted)) {
      const hit = judge(operation as Extract<Operation, { kind: Kind }>, statement, script);
      if (hit) yield { ...hit, statement };
    }
  };
}

/** An operation, the statement it belongs to, and its place among all of the script. */
interface Placed {
  readonly operation: Operation;
  readonly statement: Statement;
  readonly place: number;
}

/** The operations of some kinds in their order; found once for all rules, of which each asks for a few. */
function operationsOf(script: Script, kinds: readonly Operation['kind'][]): readonly Placed[] {
  const found = placed.get(script) ?? byKind(script);
  placed.set(script, found);
  const lists = kinds.flatMap((kind) => found.get(kind) ?? []);
  return kinds.length === 1 ? lists : lists.toSorted((a, b) => a.place - b.place);
}

const placed = new WeakMap<Script, ReadonlyMap<Operation['kind'], Placed[]>>();

function byKind({ statements }: Script): Map<Operation['kind'], Placed[]> {
  const lists = new Map<Operation['kind'], Placed[]>();
  let place = 0;
  for (const statement of statements) {
    for (const operation of statement.operations) {
      const list = lists.get(operation.kind) ?? [];
      if (list.length === 0) lists.set(operation.kind, list);
      list.push({ operation, statement, place });
      place += 1;
    }
  }
  return lists;
}

/** Whether a relation has rows and readers: it was there before the script, and is not one that the caller calls new. */
export function isExisting(statement: Statement, table: TableRef): boolean {
  return !statement.before.isNew(table) && !madeFirst(statement).has(tableKey(table));
}

/**
 * Tables that a statement (a DO block) makes before it does anything else to them; those that it fills at once only where
 * they are temporary.
 */
function madeFirst(statement: Statement): ReadonlySet<string> {
  const found = made.get(statement);
  if (found) return found;
  const named = new Set<string>();
  const first = new Set<string>();
  for (const operation of statement.operations) {
    if (!('table' in operation) || operation.table === undefined) continue;
    const key = tableKey(operation.table);
    const isMade = operation.kind === 'create-table' && (!operation.asQuery || operation.isTemporary);
    if (isMade && !named.has(key)) first.add(key);
    named.add(key);
  }
  made.set(statement, first);
  return first;
}

const made = new WeakMap<Statement, ReadonlySet<string>>();

/** The statement that an operation at a place of the timeline belongs to. */
export function statementAt(statements: readonly Statement[], place: number): Statement | undefined {
  let [low, high] = [0, statements.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (statements[middle]!.before.place <= place) low = middle + 1;
    else high = middle;
  }
  return statements[low - 1];
}
