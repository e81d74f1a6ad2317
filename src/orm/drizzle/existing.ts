import { basename, join } from 'node:path';
import { readRegularText } from '../../read-regular-file.ts';
import { TableplanError } from '../../errors.ts';
import { didYouMean } from '../../plan/suggest.ts';
import { cacheFolder } from '../../project/cache-folder.ts';
import { loadSqlParser } from '../../postgres/sql.ts';
import { majorOf } from '../../project/settings.ts';
import { readSources } from '../../project/sources.ts';
import { rehearseFresh } from '../../rehearse/fresh.ts';
import type { PastMigration } from '../../rehearse/kept-history.ts';
import { replayHistory, type ReplayOptions } from '../../rehearse/replayed-history.ts';
import type { NotCompared } from '../../rehearse/unproven.ts';
import { readSource, type SourceCatalogs } from '../../rehearse/source-drift.ts';
import type { StartedDrizzle } from './start.ts';
import type { ExistingMigration, ExistingOptions } from '../existing.ts';
import type { JournalEntry } from './artifacts.ts';
import { historyFindings } from './history-findings.ts';
import { type DrizzleHistory, readHistory, readMigrations } from './history.ts';
import type { ReverseDiffer } from './kit/reverse.ts';
import { refuseMissingJournal } from './check-history.ts';
import type { DrizzleConfig } from './kit/kit.ts';
import { migratorTables } from './migrator-tables.ts';
import { outOf } from './out-folder.ts';
import { requirePostgres } from './preconditions.ts';
import { recordedRollback } from './record-rollback.ts';
import { readRollback } from './rollback-file.ts';
import { EMPTY_SNAPSHOT, type SnapshotJson } from './snapshot-json.ts';
import { readSnapshot, requireSnapshot } from './snapshot.ts';
import { readSourceSnapshot, type SourceSnapshot } from './source-snapshot.ts';

/**
 * A migration of the journal with its rollback script, and the history before it. Throws `usage` for one that is not
 * there, `history-broken`, and what reading the config throws.
 */
export async function openExistingDrizzle(
  { project, kit, reverse, limits }: StartedDrizzle,
  options: ExistingOptions,
): Promise<ExistingMigration> {
  const config = requirePostgres(await kit.config, project);
  const outDir = await outOf(config, project);
  const history = await readHistory(outDir);
  const entry = pick(history, options.migration);
  const index = history.entries.indexOf(entry);
  await loadSqlParser();
  const migrations = await readMigrations(history);
  const migration = requireAll(history.entries.slice(0, index + 1), migrations, outDir);
  const earlierTags = new Set(history.entries.slice(0, index).map(({ tag }) => tag));
  const earlier = migrations.filter(({ name }) => earlierTags.has(name));
  const rollback =
    (await readRollback(outDir, entry.tag)) ?? (await recordedRollback(project.root, entry.tag));
  options.signal?.throwIfAborted();
  const [before, own, older] = await Promise.all([
    snapshotOf(history, history.entries[index - 1]),
    snapshotOf(history, entry),
    newestSnapshotOf(history, history.entries.slice(0, index)),
  ]);
  const replay = {
    cacheFolder: await cacheFolder(project),
    keep: true,
    next: migration.sql,
    signal: options.signal,
    limits,
    engine: { name: options.engine, version: majorOf(options.settings), from: project.root },
  };
  // The source is compared on PGlite, whatever the engine of the rehearsal: a server has one database to give.
  const onPglite = { ...replay, engine: undefined };
  const comparing = { reverse, older, own, scripts: migrations.map(({ sql }) => sql) };
  const source =
    index === history.entries.length - 1
      ? compareWithSource(sourceNow({ project, kit, config }), comparing, onPglite)
      : own && compareWithSnapshot(own, comparing, onPglite);
  // A run that ends early does not wait for it.
  source?.catch(() => undefined);
  return {
    name: entry.tag,
    path: join(outDir, `${entry.tag}.sql`),
    rollbackPath: rollback?.path,
    up: migration.sql,
    down: rollback?.sql,
    schema: before && readSnapshot(before),
    source,
    noSource: source ? undefined : withoutSnapshot(history, entry),
    transaction: 'all',
    migratorTables: migratorTables(config),
    findings:
      entry === history.entries.at(-1)
        ? await historyFindings(outDir, { root: project.root, chain: true })
        : [],
    isRunnable: true,
    replay: () => replayHistory(earlier, replay),
    fresh: () => rehearseFresh([...earlier, migration], 'all', replay),
    inFile: (findings) => findings,
  };
}

/** Migrations that are written by hand often have none. */
function withoutSnapshot({ numbering }: DrizzleHistory, entry: JournalEntry): NotCompared {
  const file = `meta/${numbering.snapshotFileOf(entry)}`;
  return {
    reason: `There is no snapshot of ${entry.tag} that can be read (${file}), which says what the schema source is after it.`,
    how: `Restore ${file} from version control, or accept it with a comment in the SQL file: -- tableplan:allow not-compared <reason>`,
    isExpected: false,
  };
}

/** By tag, number (`7`, `0007`) or file; the newest where nothing is named. */
function pick(history: DrizzleHistory, wanted: string | undefined): JournalEntry {
  refuseMissingJournal(history);
  const { entries, outDir } = history;
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
  const path = join(history.outDir, 'meta', history.numbering.snapshotFileOf(entry));
  try {
    return requireSnapshot(JSON.parse(await readRegularText(path)), path);
  } catch {
    return undefined;
  }
}

/** The newest of the snapshots that some entries have. */
async function newestSnapshotOf(
  history: DrizzleHistory,
  entries: readonly JournalEntry[],
): Promise<SnapshotJson | undefined> {
  for (const entry of entries.toReversed()) {
    const found = await snapshotOf(history, entry);
    if (found) return found;
  }
  return undefined;
}

/** The schema source as it is now; why it cannot be read, in a sentence. */
async function sourceNow({
  project,
  kit,
  config,
}: Pick<StartedDrizzle, 'project' | 'kit'> & { readonly config: DrizzleConfig }): Promise<
  SourceSnapshot | string
> {
  try {
    const sources = await readSources(project.root, config.schema ?? []);
    return await readSourceSnapshot(kit, { cwd: project.root, config, sources });
  } catch (error) {
    if (!(error instanceof TableplanError)) throw error;
    return `The result was not compared with the schema source, which drizzle-kit cannot read: ${error.message}`;
  }
}

interface Comparing {
  readonly reverse: ReverseDiffer;
  /** The newest snapshot before the migration. */
  readonly older: SnapshotJson | undefined;
  /** The migration's own. */
  readonly own: SnapshotJson | undefined;
  /** Their extensions have to be there. */
  readonly scripts: readonly string[];
}

/** The newest migration has to come to the schema source, whatever its snapshot says: that may be a copy of the last. */
async function compareWithSource(
  reading: Promise<SourceSnapshot | string>,
  { reverse, older, own, scripts }: Comparing,
  options: ReplayOptions,
): Promise<SourceCatalogs | string> {
  const source = await reading;
  if (typeof source === 'string') return source;
  const sql = {
    before: older ? await reverse.diff(EMPTY_SNAPSHOT, older) : [],
    after: source.statements,
    snapshot: own && (await reverse.diff(EMPTY_SNAPSHOT, own)),
  };
  return readSource(sql, 'schema source', { ...options, next: scripts.join('\n') });
}

/** Of an older one nothing is left but its snapshot. */
async function compareWithSnapshot(
  own: SnapshotJson,
  { reverse, older, scripts }: Comparing,
  options: ReplayOptions,
): Promise<SourceCatalogs | string> {
  const sql = {
    before: older ? await reverse.diff(EMPTY_SNAPSHOT, older) : [],
    after: await reverse.diff(EMPTY_SNAPSHOT, own),
  };
  return readSource(sql, 'snapshot', { ...options, next: scripts.join('\n') });
}
