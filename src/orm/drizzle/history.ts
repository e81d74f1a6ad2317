import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularText, requireRegularFile } from '../../read-regular-file.ts';
import type { DatabaseSchema } from '../../plan/database-schema.ts';
import type { Journal, JournalEntry } from './artifacts.ts';
import {
  isMissing,
  isSnapshotName,
  type Numbering,
  numberingOf,
  parseHistoryJson,
  readJournalFile,
  textOf,
} from './journal.ts';
import { readSnapshotHead, type SnapshotHead } from './snapshot-head.ts';
import { readSnapshot, requireSnapshot } from './snapshot.ts';
import type { SnapshotJson } from './snapshot-json.ts';

export { checkHistory } from './check-history.ts';
export { hadName, hasStatement, olderSchemas } from './older-snapshots.ts';

/** A migrations folder of drizzle-kit 0.31 as it lies on disk. Only the newest snapshot is read whole. */
export interface DrizzleHistory {
  /** Absolute path of the migrations folder. It need not exist: then nothing was migrated yet. */
  readonly outDir: string;
  readonly journal: { readonly text: string; readonly json: Journal } | undefined;
  readonly entries: readonly JournalEntry[];
  /** `idx` of the next migration, as drizzle-kit counts. */
  readonly nextIdx: number;
  readonly numbering: Numbering;
  /** The snapshot of the newest journal entry. */
  readonly newest: NewestSnapshot | undefined;
  /** Every snapshot file in meta/, in the order in which drizzle-kit sorts them. */
  readonly snapshots: readonly SnapshotFile[];
  /** SQL files in the folder, without their ending: the tags. */
  readonly sqlFiles: readonly string[];
  /** Folders `<14 digits>_name` with a migration.sql: the layout of drizzle-kit 1.0. */
  readonly foldersOfVersion1: readonly string[];
}

export interface NewestSnapshot {
  /** Name within meta/. */
  readonly file: string;
  readonly path: string;
  readonly text: string;
  readonly json: SnapshotJson;
  readonly schema: DatabaseSchema;
}

export interface SnapshotFile extends SnapshotHead {
  readonly file: string;
  readonly path: string;
}

/**
 * Reads the history of a migrations folder. Throws TableplanError `history-broken` where the journal or the newest
 * snapshot is not what drizzle-kit writes; all else is judged by `checkHistory`.
 */
export async function readHistory(outDir: string): Promise<DrizzleHistory> {
  const [names, metaNames, journal] = await Promise.all([
    namesIn(outDir),
    namesIn(join(outDir, 'meta')),
    readJournalFile(outDir),
  ]);
  const entries = journal?.json.entries ?? [];
  const snapshots = await Promise.all(
    metaNames
      .filter(isSnapshotName)
      .toSorted()
      .map((file) => readHead(outDir, file)),
  );
  const last = entries.at(-1);
  const numbering = numberingOf(entries, new Set(snapshots.map(({ file }) => file)));
  return {
    outDir,
    journal,
    entries,
    nextIdx: last ? last.idx + 1 : 0,
    numbering,
    newest: last && (await readNewest(outDir, numbering.snapshotFileOf(last))),
    snapshots,
    sqlFiles: names
      .filter((name) => name.endsWith('.sql'))
      .map((name) => name.slice(0, -'.sql'.length))
      .toSorted(),
    foldersOfVersion1: await foldersOfVersion1(outDir, names),
  };
}

/** The SQL of every migration in the journal, oldest first. A file that is missing is `checkHistory`'s to tell: it is left out. */
export async function readMigrations(history: DrizzleHistory): Promise<{ name: string; sql: string }[]> {
  const texts = await Promise.all(
    history.entries.map(async ({ tag }) => ({
      name: tag,
      sql: await textOf(join(history.outDir, `${tag}.sql`)),
    })),
  );
  return texts.flatMap(({ name, sql }) => (sql === undefined ? [] : [{ name, sql }]));
}

/** The `when` of the next migration: now, or just after a predecessor that claims to be from the future. */
export function nextWhen(history: DrizzleHistory, now: number): number {
  return Math.max(now, ...history.entries.map((entry) => entry.when + 1));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readNewest(outDir: string, file: string): Promise<NewestSnapshot | undefined> {
  const path = join(outDir, 'meta', file);
  const text = await textOf(path);
  if (text === undefined) return undefined;
  const json = requireSnapshot(parseHistoryJson(text, path), path);
  return { file, path, text, json, schema: readSnapshot(json, path) };
}

/** `id`, `prevId` and `version` stand at the start of the file, which may be megabytes long. */
const HEAD_BYTES = 4096;

async function readHead(outDir: string, file: string): Promise<SnapshotFile> {
  const path = join(outDir, 'meta', file);
  await requireRegularFile(path);
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const start = readSnapshotHead(buffer.toString('utf8', 0, bytesRead));
    return { file, path, ...(start ?? wholeHead(await readRegularText(path))) };
  } finally {
    await handle.close();
  }
}

/** A file with its keys in another order is parsed whole; one that is no JSON has no head. */
function wholeHead(text: string): SnapshotHead {
  try {
    const { id, prevId, version } = JSON.parse(text) as Record<string, unknown>;
    return { id: asText(id), prevId: asText(prevId), version: asText(version) };
  } catch {
    return { id: undefined, prevId: undefined, version: undefined };
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function foldersOfVersion1(outDir: string, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names
      .filter((name) => /^\d{14}_/.test(name) && !name.endsWith('.sql'))
      .map(async (name) => ((await namesIn(join(outDir, name))).includes('migration.sql') ? [name] : [])),
  );
  return found.flat();
}
