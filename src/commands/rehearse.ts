import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TableplanError } from '../errors.ts';
import type { JournalEntry } from '../orm/drizzle/artifacts.ts';
import { type DrizzleHistory, readHistory, readMigrations, snapshotFileOf } from '../orm/drizzle/history.ts';
import { requirePostgres } from '../orm/drizzle/preconditions.ts';
import { rollbackPath } from '../orm/drizzle/rollback-file.ts';
import { readSnapshot, requireSnapshot } from '../orm/drizzle/snapshot.ts';
import type { DatabaseSchema } from '../plan/database-schema.ts';
import { cacheFolder } from '../project/cache-folder.ts';
import { loadSqlParser } from '../postgres/sql.ts';
import { requireEngine } from '../postgres/engines/open.ts';
import { majorOf, readSettings } from '../project/settings.ts';
import { prove } from '../rehearse/prove.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import { replayHistory } from '../rehearse/replayed-history.ts';
import { readSeedDump } from '../rehearse/seed-dump.ts';
import { gate, type GateResult } from '../review/gate.ts';
import { startProject } from '../start.ts';
import { posixRelative } from '../workspace/diff.ts';

export interface RehearseOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  /** Tag, number or path of a migration; the newest one when absent. */
  readonly migration?: string | undefined;
  /** `pglite` (unless said), `embedded`, or the URL of an empty database. */
  readonly engine?: string | undefined;
  /** A plain SQL dump whose rows are rehearsed with, instead of invented ones. */
  readonly seedDump?: string | undefined;
  /** Stop at warnings too, whatever the settings say. */
  readonly enforce: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface RehearseOutcome extends GateResult {
  readonly migration: string;
  /** Relative to the project. */
  readonly file: string;
  readonly rollbackFile: string | undefined;
  readonly rehearsal: Rehearsal | undefined;
}

/**
 * `tableplan rehearse [migration]`: an existing migration, generated or written by hand, up, down (its rollback script) and
 * up again on a disposable Postgres, after the history that comes before it. Writes nothing but its own cache.
 */
export async function runRehearseCommand(options: RehearseOptions): Promise<RehearseOutcome> {
  const { engine = 'pglite' } = options;
  requireEngine(engine);
  const seed = options.seedDump === undefined ? undefined : await readSeedDump(options.cwd, options.seedDump);
  const started = await startProject(options.cwd, { config: options.config });
  options.signal?.addEventListener('abort', () => started.stop());
  const { project } = started;
  const config = await started.kit.config.finally(() => started.stop());
  requirePostgres(config, project);
  const settings = await readSettings(project.root);
  const outDir = join(project.root, config.out ?? 'drizzle');
  const history = await readHistory(outDir);
  const entry = pick(history, options.migration);
  const index = history.entries.indexOf(entry);
  await loadSqlParser();
  const migrations = await readMigrations(history);
  const own = migrations.find(({ name }) => name === entry.tag);
  if (!own) {
    throw new TableplanError(
      'history-broken',
      `The journal names ${entry.tag}, but there is no ${entry.tag}.sql.`,
      {
        hint: 'Restore it from version control.',
        at: { file: join(outDir, `${entry.tag}.sql`) },
      },
    );
  }
  const earlier = new Set(history.entries.slice(0, index).map(({ tag }) => tag));
  const script = await rollbackPath(outDir, entry.tag);
  const down = await readFile(script, 'utf8').catch(() => undefined);
  const file = posixRelative(project.root, join(outDir, `${entry.tag}.sql`));
  options.signal?.throwIfAborted();
  const proof = await prove({
    up: own.sql,
    down,
    planned: undefined,
    schema: await schemaBefore(history, index),
    review: {
      transaction: 'all',
      file,
      postgresVersion: settings.postgresVersion,
      assumeTimeouts: settings.assumeTimeouts ?? settings.lockTimeout !== undefined,
    },
    ignoredSchemas: [config.migrations?.schema ?? 'drizzle'],
    history: replayHistory(
      migrations.filter(({ name }) => earlier.has(name)),
      {
        cacheFolder: await cacheFolder(project),
        keep: true,
        next: own.sql,
        signal: options.signal,
        engine: { name: engine, version: majorOf(settings), from: project.root },
      },
    ),
    seed,
    isManual: false,
  });
  return {
    migration: entry.tag,
    file,
    rollbackFile: down === undefined ? undefined : posixRelative(project.root, script),
    rehearsal: proof.rehearsal,
    ...gate(proof.findings, {
      safety: undefined,
      enforce: options.enforce || settings.safety === 'enforce',
    }),
  };
}

/** By tag, number (`7`, `0007`) or file; the newest where nothing is named. */
function pick({ entries, outDir }: DrizzleHistory, wanted: string | undefined): JournalEntry {
  const newest = entries.at(-1);
  if (!newest) {
    throw new TableplanError('usage', `There is no migration in ${outDir}.`, {
      hint: 'Make one first: tableplan migration, or drizzle-kit generate.',
    });
  }
  if (wanted === undefined) return newest;
  const tag = basename(wanted).replace(/\.sql$/, '');
  const found = entries.find(
    (entry) => entry.tag === tag || (/^\d+$/.test(tag) && Number(entry.tag.split('_')[0]) === Number(tag)),
  );
  if (found) return found;
  throw new TableplanError('usage', `There is no migration ${wanted} in the journal of ${outDir}.`, {
    hint: `The newest is ${newest.tag}.`,
  });
}

/** The schema that the migration before this one left, where its snapshot can be read. */
async function schemaBefore(history: DrizzleHistory, index: number): Promise<DatabaseSchema | undefined> {
  const previous = history.entries[index - 1];
  if (!previous) return undefined;
  const path = join(history.outDir, 'meta', snapshotFileOf(previous));
  try {
    return readSnapshot(requireSnapshot(JSON.parse(await readFile(path, 'utf8')), path), path);
  } catch {
    // The rehearsal knows without it.
    return undefined;
  }
}
