import type { DatabaseSchema } from '../plan/database-schema.ts';
import { loadSqlParser } from '../postgres/sql.ts';
import { allowances } from './allow.ts';
import { type Judgement, withTogether } from './compose-fixes.ts';
import type { Finding } from './finding.ts';
import type { Hit, Rule, Script, StatementFacts, Target, TransactionMode } from './rule.ts';
import { newTableKeys } from './new-tables.ts';
import { objectsOf } from './objects.ts';
import { type RuleLevels, withLevels } from './rule-levels.ts';
import { rules } from './rules/index.ts';
import { readScript } from './script.ts';

export interface ReviewOptions {
  /** Major version of the production server, or `14.2`; 18 unless given. */
  readonly postgresVersion?: number | undefined;
  /** How the migrator runs the statements; `all` unless given, as Drizzle's and TypeORM's do. */
  readonly transaction?: TransactionMode | undefined;
  /** Tables known to be empty and unused: made by migrations that are applied together with this one. */
  readonly newTables?: readonly string[] | undefined;
  /** The connection sets its timeouts itself. */
  readonly assumeTimeouts?: boolean | undefined;
  /** Names of rules that are only looked for where they are asked for: `idempotent-ddl`. */
  readonly optIn?: readonly string[] | undefined;
  /** How much is made of single rules: `{ 'type-preferences': 'off' }`. */
  readonly rules?: RuleLevels | undefined;
  /** The schema before the first statement, where it is known. */
  readonly schema?: DatabaseSchema | undefined;
  /** Shown in the findings. */
  readonly file?: string | undefined;
}

/** A finding that `-- tableplan:allow` lets pass, with the reason that its author gave. */
export interface AllowedFinding extends Finding {
  readonly allowed: string;
}

export interface Review {
  readonly findings: readonly Finding[];
  readonly allowed: readonly AllowedFinding[];
  /** What was judged. */
  readonly script: Script;
}

/**
 * Judges the statements of a migration without a database, in the order of the file. Never throws for bad SQL: what
 * cannot be parsed is a finding (`unanalysable`).
 *
 * @example await reviewSql('CREATE INDEX i ON users (email);') // [{ rule: 'create-index-blocking', line: 1, … }]
 */
export async function reviewSql(sql: string, options: ReviewOptions = {}): Promise<Finding[]> {
  await loadSqlParser();
  return [...review(sql, options).findings];
}

/** As `reviewSql`, with the facts of a rehearsal (by statement) where there are some. Needs `loadSqlParser`. */
export function review(
  sql: string,
  options: ReviewOptions,
  facts?: readonly (StatementFacts | undefined)[],
  /** What the rehearsal says besides; `-- tableplan:allow` holds for it too. */
  observed: readonly Finding[] = [],
): Review {
  const target = targetOf(options);
  const newTables = newTableKeys(options.newTables ?? []);
  const { schema } = options;
  const script = readScript(sql, target, { newTables, schema, facts });
  const asked = rules.filter(({ name, isOptIn }) => !isOptIn || options.optIn?.includes(name));
  const all = asked.flatMap((rule) => findingsOf(rule, script, options.file));
  const { allowed, findings } = allowances(
    sql,
    script,
    withLevels([...all, ...observed], options.rules),
    options.file,
  );
  const sorted = findings.toSorted(byPlace);
  const read = lastRead((text) => readScript(text, target, { newTables, schema }));
  const judge = (text: string, name: string) =>
    judgements(name, text === sql && !facts ? script : read(text));
  const deeds = (text: string) => deedsOf(text, target);
  const decidesOtherwise = (name: string): boolean =>
    rules.some((rule) => rule.name === name && rule.fixDecidesOtherwise === true);
  return { findings: withTogether(sql, sorted, { judge, deeds, decidesOtherwise }), allowed, script };
}

/** What the statements are judged against. */
export function targetOf(options: ReviewOptions): Target {
  return {
    postgresVersion: options.postgresVersion ?? 18,
    isVersionAssumed: options.postgresVersion === undefined,
    transaction: options.transaction ?? 'all',
    assumeTimeouts: options.assumeTimeouts ?? false,
  };
}

/** `add-column users.note`: what the statements of a text do. */
function deedsOf(sql: string, target: Target): string[] {
  return readScript(sql, target, { newTables: new Set() }).statements.flatMap(({ operations }) =>
    operations.map((each) => `${each.kind} ${objectsOf([each]).join(' ')}`),
  );
}

/** What was read last is at hand: one text is judged by several rules, one after the other. */
function lastRead(read: (text: string) => Script): (text: string) => Script {
  let last: { readonly text: string; readonly script: Script } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, script: read(text) };
    return last.script;
  };
}

/** What one rule says of a script that was read without the facts of a rehearsal. */
function judgements(name: string, script: Script): Judgement[] {
  const rule = rules.find((each) => each.name === name);
  if (rule === undefined) return [];
  return fewOfEach(rule, script).map(({ hit: { statement, fix } }) => ({
    start: statement.start,
    statement: statement.text,
    fix,
  }));
}

function findingsOf(rule: Rule, script: Script, file: string | undefined): Finding[] {
  return fewOfEach(rule, script).map(({ hit, more }): Finding => {
    const { statement, message, fix, severity, observed } = hit;
    return {
      rule: rule.name,
      severity: severity ?? rule.severity,
      message:
        more === 0 ? message : `${message} And ${more.toLocaleString('en')} more such in this statement.`,
      ...(fix !== undefined && { fix }),
      statement: statement.text,
      objects: objectsOf(statement.operations),
      ...(file !== undefined && { file }),
      line: statement.line,
      column: statement.column,
      observed: observed ?? false,
    };
  });
}

/** So much a rule says of one statement: each finding shows all of it, and one may have thousands of columns. */
const MOST_OF_A_STATEMENT = 20;

interface Reported {
  readonly hit: Hit;
  /** How many are left out behind it. */
  more: number;
}

/** The hits of a rule, of each statement and severity the first ones; the last of those says how many more there are. */
function fewOfEach(rule: Rule, script: Script): readonly Reported[] {
  const told: Reported[] = [];
  const counts = new Map<string, { count: number; last: Reported }>();
  for (const hit of rule.check(script)) {
    const key = `${hit.statement.index} ${hit.severity ?? rule.severity}`;
    const known = counts.get(key);
    if (known && known.count >= MOST_OF_A_STATEMENT) {
      known.last.more += 1;
      continue;
    }
    const last: Reported = { hit, more: 0 };
    counts.set(key, { count: (known?.count ?? 0) + 1, last });
    told.push(last);
  }
  return told;
}

const RANK = { error: 0, warning: 1, info: 2 };

function byPlace(a: Finding, b: Finding): number {
  return a.line - b.line || a.column - b.column || RANK[a.severity] - RANK[b.severity];
}
