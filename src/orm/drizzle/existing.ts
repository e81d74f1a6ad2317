import { basename, join } from 'node:path';
import { readRegularText } from '../../read-regular-file.ts';
import { TableplanError } from '../../errors.ts';
import { didYouMean } from '../../plan/suggest.ts';
import { cacheFolder } from '../../project/cache-folder.ts';
import { loadSqlParser } from '../../postgres/sql.ts';
import { majorOf } from '../../project/settings.ts';
import { rehearseFresh } from '../../rehearse/fresh.ts';
import { type PastMigration, replayHistory, type ReplayOptions } from '../../rehearse/replayed-history.ts';
import type { NotCompared } from '../../rehearse/unproven.ts';
import { readSource, type SourceCatalogs } from '../../rehearse/source-drift.ts';
import type { StartedDrizzle } from '../../start.ts';
import type { ExistingMigration, ExistingOptions } from '../existing.ts';
import type { JournalEntry } from './artifacts.ts';
import { historyFindings } from './history-findings.ts';
import { type DrizzleHistory, readHistory, readMigrations, snapshotFileOf } from './history.ts';
import type { ReverseDiffer } from './kit/reverse.ts';
import { migratorTables } from './migrator-tables.ts';
import { requirePostgres } from './preconditions.ts';
import { readRollback } from './rollback-file.ts';
import { EMPTY_SNAPSHOT, type SnapshotJson } from './snapshot-json.ts';
import { readSnapshot, requireSnapshot } from './snapshot.ts';

/**
 * A migration of the journal with its rollback script, and the history before it. Throws `usage` for one that is not
 * there, `history-broken`, and what reading the config throws.
 */
export async function openExistingDrizzle(
  { project, kit, reverse, limits }: StartedDrizzle,
  options: ExistingOptions,
): Promise<ExistingMigration> {
  const config = requirePostgres(await kit.config, project);
  const outDir = join(project.root, config.out ?? 'drizzle');
  const history = await readHistory(outDir);
  const entry = pick(history, options.migration);
  const index = history.entries.indexOf(entry);
  await loadSqlParser();
  const migrations = await readMigrations(history);
  const own = requireAll(history.entries.slice(0, index + 1), migrations, outDir);
  const earlierTags = new Set(history.entries.slice(0, index).map(({ tag }) => tag));
  const earlier = migrations.filter(({ name }) => earlierTags.has(name));
  const rollback = await readRollback(outDir, entry.tag);
  options.signal?.throwIfAborted();
  const [before, after] = await Promise.all([
    snapshotOf(history, history.entries[index - 1]),
    snapshotOf(history, entry),
  ]);
  const replay = {
    cacheFolder: await cacheFolder(project),
    keep: true,
    next: own.sql,
    signal: options.signal,
    limits,
    engine: { name: options.engine, version: majorOf(options.settings), from: project.root },
  };
  // The source is compared on PGlite, whatever the engine of the rehearsal: a server has one database to give.
  const onPglite = { ...replay, engine: undefined };
  const source =
    after && sourceOf({ reverse, before, after, scripts: migrations.map(({ sql }) => sql) }, onPglite);
  // A run that ends early does not wait for it.
  source?.catch(() => undefined);
  return {
    name: entry.tag,
    path: join(outDir, `${entry.tag}.sql`),
    rollbackPath: rollback?.path,
    up: own.sql,
    down: rollback?.sql,
    schema: before && readSnapshot(before),
    source,
    noSource: after ? undefined : withoutSnapshot(entry),
    transaction: 'all',
    migratorTables: migratorTables(config),
    findings:
      entry === history.entries.at(-1)
        ? await historyFindings(outDir, { root: project.root, chain: true })
        : [],
    isRunnable: true,
    replay: () => replayHistory(earlier, replay),
    fresh: () => rehearseFresh([...earlier, own], 'all', replay),
    inFile: (findings) => findings,
  };
}

/** Migrations that are written by hand often have none. */
function withoutSnapshot(entry: JournalEntry): NotCompared {
  const file = `meta/${snapshotFileOf(entry)}`;
  return {
    reason: `There is no snapshot of ${entry.tag} that can be read (${file}), which says what the schema source is after it.`,
    how: `Restore ${file} from version control, or accept it with a comment in the SQL file: -- tableplan:allow not-compared <reason>`,
    isExpected: false,
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
    hint:
      didYouMean(
        tag,
        entries.map((entry) => entry.tag),
      ) ?? `The newest is ${newest.tag}.`,
  });
}

/** The newest of some entries; throws where the file of one of them is not there. */
function requireAll(
  entries: readonly JournalEntry[],
  migrations: readonly PastMigration[],
  outDir: string,
): PastMigration {
  const missing = entries.find(({ tag }) => !migrations.some(({ name }) => name === tag));
  const newest = migrations.find(({ name }) => name === entries.at(-1)?.tag);
  if (!missing && newest) return newest;
  const tag = missing?.tag ?? '';
  throw new TableplanError('history-broken', `The journal names ${tag}, but there is no ${tag}.sql.`, {
    hint: 'Restore it from version control.',
    at: { file: join(outDir, `${tag}.sql`) },
  });
}

/** The snapshot of a migration; undefined where it cannot be read: the rehearsal knows without it. */
async function snapshotOf(
  history: DrizzleHistory,
  entry: JournalEntry | undefined,
): Promise<SnapshotJson | undefined> {
  if (!entry) return undefined;
  const path = join(history.outDir, 'meta', snapshotFileOf(entry));
  try {
    return requireSnapshot(JSON.parse(await readRegularText(path)), path);
  } catch {
    return undefined;
  }
}

/** What drizzle-kit would write for the two snapshots on an empty database, and what Postgres makes of it. */
async function sourceOf(
  source: {
    readonly reverse: ReverseDiffer;
    readonly before: SnapshotJson | undefined;
    readonly after: SnapshotJson;
    /** Their extensions have to be there. */
    readonly scripts: readonly string[];
  },
  options: ReplayOptions,
): Promise<SourceCatalogs | string> {
  const { reverse, before, after, scripts } = source;
  const sql = {
    before: before ? await reverse.diff(EMPTY_SNAPSHOT, before) : [],
    after: await reverse.diff(EMPTY_SNAPSHOT, after),
  };
  return readSource(sql, { ...options, next: scripts.join('\n') });
}
