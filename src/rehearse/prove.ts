import type { DatabaseSchema, ObjectName } from '../plan/database-schema.ts';
import type { Engine } from '../postgres/engines/engine.ts';
import { shippedExtensions } from '../postgres/engines/pglite.ts';
import { LimitExceeded } from '../limits.ts';
import { readDatabaseSchema } from '../postgres/read-schema.ts';
import { loadSqlParser } from '../postgres/sql.ts';
import type { Finding } from '../review/finding.ts';
import { objectsOf } from '../review/objects.ts';
import { type AllowedFinding, review, type ReviewOptions } from '../review/review.ts';
import type { StatementFacts } from '../review/rule.ts';
import { readScript } from '../review/script.ts';
import { type StatementEffects, statementEffects } from '../review/statement-effects.ts';
import { assumedExtensions, assumedNote } from './assumed-extensions.ts';
import { createAssumed } from './create-assumed.ts';
import { freshFinding, rehearsalFindings } from './findings.ts';
import type { FreshFailure } from './fresh.ts';
import { rehearse, type Rehearsal } from './rehearse.ts';
import { extensionsOf, type ReplayedHistory } from './replayed-history.ts';
import type { SourceCatalogs } from './source-drift.ts';
import type { SeedDump } from './seed-dump.ts';
import {
  LEFT_OUT,
  type NotCompared,
  notComparedOf,
  notReplayed,
  type Unproven,
  unprovenFinding,
  withoutExtensions,
} from './unproven.ts';
import type { StatementTrace } from './trace.ts';

export interface ProofInput {
  readonly up: string;
  readonly down: string | undefined;
  /** The plan's own DDL; undefined for a migration that was written by hand. */
  readonly planned: readonly string[] | undefined;
  /** What the schema source comes to, for such a migration. */
  readonly source?: Promise<SourceCatalogs | string> | undefined;
  readonly schema: DatabaseSchema | undefined;
  readonly review: ReviewOptions;
  readonly migratorTables: readonly ObjectName[];
  /** Rows of the team's own, instead of invented ones. */
  readonly seed?: SeedDump | undefined;
  /** The disposable database with the history; undefined where nothing is to be rehearsed. */
  readonly history: Promise<ReplayedHistory> | undefined;
  /** Why there is no history to rehearse on, where that is not on purpose. */
  readonly leftOut?: Unproven | undefined;
  /** Why there is no schema source to compare with. */
  readonly noSource?: NotCompared | undefined;
  /** The whole history on an empty database (--fresh), once the other one is closed; undefined where nobody asks. */
  readonly fresh?: (() => Promise<FreshFailure | undefined>) | undefined;
  /** The plan says that a person takes care of the way back. */
  readonly isManual: boolean;
  /** The tables before and after are to be read from the disposable database. */
  readonly readTables?: boolean | undefined;
}

export interface Proof {
  readonly rehearsal: Rehearsal | undefined;
  /** Why there is no rehearsal; undefined where there is one. */
  readonly notRehearsed: Unproven | undefined;
  /** Why its result was compared with nothing; undefined where it was compared. */
  readonly notCompared: Unproven | undefined;
  readonly findings: readonly Finding[];
  readonly allowed: readonly AllowedFinding[];
  /** What each statement does to what was there: as rehearsed, else as it stands. */
  readonly effects: readonly StatementEffects[];
  /** The tables before and after the rehearsal, where they were asked for and there was one. */
  readonly tables?: { readonly before: DatabaseSchema; readonly after: DatabaseSchema } | undefined;
}

/**
 * Rehearses a migration and judges its SQL by what was seen; without a database the SQL alone is judged. Closes the
 * database. Throws `dump-invalid` for a dump that does not fit.
 */
export async function prove(input: ProofInput): Promise<Proof> {
  const proof = await proveOnHistory(input);
  const failure = await input.fresh?.();
  return failure
    ? { ...proof, findings: [...proof.findings, freshFinding(failure, input.review.file)] }
    : proof;
}

async function proveOnHistory(input: ProofInput): Promise<Proof> {
  await loadSqlParser();
  const history = await input.history;
  try {
    const { file } = input.review;
    const failure = history?.failure;
    const absent = history && !failure ? await absentExtensions(history.engine, input.up) : [];
    const source = await input.source;
    const why = !history
      ? (input.leftOut ?? LEFT_OUT)
      : failure
        ? notReplayed(failure, file?.endsWith('.sql') ?? false)
        : absent.length > 0
          ? withoutExtensions(absent)
          : undefined;
    const created = history && !why ? await createMissing(history.engine, input.up) : [];
    const engine =
      input.readTables && history && !failure && absent.length === 0 ? history.engine : undefined;
    const before = engine && (await readDatabaseSchema(engine));
    const rehearsal =
      history && !failure && absent.length === 0
        ? await rehearseWithin(input, {
            engine: history.engine,
            up: input.up,
            down: input.down,
            transaction: input.review.transaction ?? 'all',
            planned: input.planned,
            source,
            migratorTables: input.migratorTables,
            seed: input.seed,
          })
        : undefined;
    const after = engine && (await readDatabaseSchema(engine));
    const notCompared = rehearsal && notComparedOf(rehearsal, source, input.noSource);
    const options = { ...input.review, schema: input.schema };
    const observed = rehearsal
      ? rehearsalFindings(rehearsal, placeOf(input.up, options), { isManual: input.isManual })
      : [];
    const passedOver = (history?.notTested ?? []).map((message): Finding => ({
      ...unprovenFinding('not-rehearsed', { reason: message }, { file, severity: 'info' }),
      message,
    }));
    const assumed = [...(history?.notes ?? []), ...created].map((message): Finding => ({
      ...unprovenFinding('not-rehearsed', { reason: message }, { file, severity: 'info' }),
      rule: 'assumed-by-history',
      message,
    }));
    const facts = rehearsal && factsOf(rehearsal);
    const { findings, allowed } = review(input.up, options, facts, [
      ...observed,
      ...(why && history
        ? [
            unprovenFinding('not-rehearsed', why, {
              file,
              // What cannot even be read fails everywhere; all else may be for want of something on this engine.
              severity: failure?.sqlstate === '42601' ? 'error' : 'warning',
            }),
          ]
        : []),
      ...(notCompared
        ? [
            unprovenFinding('not-compared', notCompared, {
              file,
              severity: notCompared.isExpected ? 'info' : 'warning',
            }),
          ]
        : []),
      ...passedOver,
      ...assumed,
    ]);
    const effects = statementEffects(input.up, options, facts);
    const tables = before && after && { before, after };
    return {
      rehearsal,
      notRehearsed: why,
      notCompared,
      findings: merged(findings),
      allowed,
      effects,
      tables,
    };
  } finally {
    await Promise.all([history?.engine.close(), history?.kept]);
  }
}

/** Creates extensions that the migration takes for granted, as its history may do; says which. */
async function createMissing(engine: Engine, sql: string): Promise<string[]> {
  const assumed = assumedExtensions([sql]);
  if (assumed.length === 0) return [];
  const rows = await engine.query<{ name: string }>('select extname as name from pg_catalog.pg_extension');
  const missing = assumed.filter((extension) => !rows.some(({ name }) => name === extension.name));
  const absent = await createAssumed(engine, missing);
  return missing
    .filter(({ name }) => !absent.includes(name))
    .map(({ name, uses }) => assumedNote(name, uses));
}

/** Rehearses; what goes too far there is said of the migration. */
async function rehearseWithin(
  { review: { file } }: ProofInput,
  rehearsal: Parameters<typeof rehearse>[0],
): Promise<Rehearsal> {
  try {
    return await rehearse(rehearsal);
  } catch (error) {
    if (!(error instanceof LimitExceeded)) throw error;
    throw error.during(`The rehearsal of ${file ?? 'the migration'}`, { file });
  }
}

/** Extensions that the migration makes or takes for granted and the engine has not: it would fail here, and nowhere else. */
async function absentExtensions(engine: Engine, sql: string): Promise<string[]> {
  const assumed = assumedExtensions([sql])
    .map(({ name }) => name)
    // What PGlite ships and nobody creates is missing on every database.
    .filter((name) => engine.kind !== 'pglite' || Object.keys(shippedExtensions([name])).length === 0);
  const wanted = [...new Set([...extensionsOf([sql]), ...assumed])];
  if (wanted.length === 0) return [];
  const rows = await engine.query<{ name: string }>(CREATABLE);
  return wanted.filter((wantedName) => !rows.some(({ name }) => name === wantedName));
}

/** Those that are there, and that only a superuser may make where this is none, left out. */
const CREATABLE = `
select v.name from pg_catalog.pg_available_extension_versions v
where v.installed or v.trusted or not v.superuser
  or (select rolsuper from pg_catalog.pg_roles where rolname = current_user)`;

/** Facts by statement of the script; one that failed half way has none for the rest. */
function factsOf({ statements }: Rehearsal): (StatementFacts | undefined)[] {
  return statements.map(factOf);
}

function factOf({ locks, rewrites, scans, failure, observed }: StatementTrace): StatementFacts | undefined {
  if (!observed && !failure) return undefined;
  return { locks, rewrites, scans, sqlstate: failure?.sqlstate, message: failure?.message };
}

function placeOf(sql: string, options: ReviewOptions) {
  const target = {
    postgresVersion: 18,
    transaction: options.transaction ?? ('all' as const),
    assumeTimeouts: true,
  };
  const { statements } = readScript(sql, target, { newTables: new Set() });
  return {
    file: options.file,
    statements: statements.map(({ text, line, column, operations }) => ({
      text,
      line,
      column,
      objects: objectsOf(operations),
      operations,
    })),
  };
}

/** One finding for one thing: what a rule says of a failing statement is more than that it fails. */
function merged(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding, index) => {
    const others = findings.filter((_, other) => other !== index);
    if (finding.rule === 'rehearsal-failed') {
      return !others.some(
        ({ severity, line, column }) =>
          severity === 'error' && line === finding.line && column === finding.column,
      );
    }
    // The rule that reads the statement and the rehearsal say the same: the rehearsal saw it.
    if (finding.rule === 'irreversible' && !finding.observed) {
      return !others.some(({ rule, observed }) => rule === 'irreversible' && observed);
    }
    return true;
  });
}
