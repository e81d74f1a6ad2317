import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TableplanError } from '../../../errors.ts';
import type { DatabaseSchema } from '../../../plan/database-schema.ts';
import { readRegularFileSync } from '../../../read-regular-file.ts';
import type { KeptSchema, MigrationFile } from '../../../review/files/migration-file.ts';
import { posixRelative } from '../../../workspace/posix-relative.ts';
import type { JournalEntry } from '../artifacts.ts';
import {
  isSnapshotName,
  type JournalFile,
  type Numbering,
  numberingOf,
  readJournalFile,
} from '../journal.ts';

/** A migrations folder of drizzle-kit 0.31 as far as a review needs it. */
export interface MigrationsFolder {
  /** Absolute. */
  readonly outDir: string;
  readonly journal: JournalFile | undefined;
  readonly entries: readonly JournalEntry[];
  readonly numbering: Numbering;
}

/** Reads the journal of a migrations folder. Throws `history-broken`, and `dialect-not-supported` for another database's. */
export async function readMigrationsFolder(outDir: string): Promise<MigrationsFolder> {
  const journal = await readJournalFile(outDir);
  const dialect = journal?.json.dialect ?? 'postgresql';
  if (!['postgresql', 'pg'].includes(dialect)) {
    throw new TableplanError('dialect-not-supported', `${journal?.path} is a journal for ${dialect}.`, {
      hint: 'tableplan works on PostgreSQL only. Name the config of your PostgreSQL schema with --config.',
    });
  }
  const entries = journal?.json.entries ?? [];
  const snapshots = await readdir(join(outDir, 'meta')).catch(() => []);
  return {
    outDir,
    journal,
    entries,
    numbering: numberingOf(entries, new Set(snapshots.filter(isSnapshotName))),
  };
}

/** SQL files in a migrations folder whose journal names none; rollback scripts aside. */
export async function unnamedFiles({ outDir, entries }: MigrationsFolder): Promise<string[]> {
  if (entries.length > 0) return [];
  const files = await readdir(outDir).catch(() => []);
  return files
    .filter((file) => file.endsWith('.sql') && !file.endsWith('.down.sql'))
    .toSorted()
    .map((file) => join(outDir, file));
}

/** Migrations that are applied together, such as the newest one. */
export function oneBatch(
  cwd: string,
  folder: Pick<MigrationsFolder, 'outDir' | 'entries' | 'numbering'>,
  entries: readonly JournalEntry[],
): MigrationFile[] {
  return entries.map((entry) => ({
    ...readMigration(cwd, join(folder.outDir, `${entry.tag}.sql`)),
    batch: folder.outDir,
    schemaBefore: schemaOf(folder, folder.entries.indexOf(entry) - 1),
    schemaAfter: schemaOf(folder, folder.entries.indexOf(entry)),
  }));
}

/** Every migration of the journal by itself; a schema before it is not looked for: a thousand snapshots are a gigabyte. */
export function everyMigration(cwd: string, { outDir, entries }: MigrationsFolder): MigrationFile[] {
  return entries.map(({ tag }) => ({
    ...readMigration(cwd, join(outDir, `${tag}.sql`)),
    batch: tag,
  }));
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Synchronous: a thousand small files are read in a quarter of the time. */
export function readMigration(cwd: string, path: string): Pick<MigrationFile, 'path' | 'file' | 'sql'> {
  const file = posixRelative(cwd, path);
  try {
    return { path, file, sql: utf8.decode(readRegularFileSync(path)) };
  } catch (cause) {
    if (cause instanceof TableplanError && cause.cause === undefined) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new TableplanError('usage', `${file} is no UTF-8 text.`, {
        hint: 'Save it as UTF-8: migrators read nothing else.',
        at: { file },
        cause,
      });
    }
    if (code !== 'ENOENT')
      throw new TableplanError('usage', `${file} cannot be read: ${message}.`, { at: { file }, cause });
    throw new TableplanError('history-broken', `The journal names ${file}, but there is no such file.`, {
      hint: 'Restore it from version control, or take its entry out of the journal if no database has run it.',
      at: { file },
      cause,
    });
  }
}

/** The snapshot that an entry of the journal has, by its number there; undefined where there is no such entry. */
export function schemaOf(
  { outDir, entries, numbering }: Pick<MigrationsFolder, 'outDir' | 'entries' | 'numbering'>,
  index: number,
): KeptSchema | undefined {
  const entry = entries[index];
  return entry && { path: join(outDir, 'meta', numbering.snapshotFileOf(entry)), read };
}

async function read(text: string): Promise<DatabaseSchema> {
  return (await import('../snapshot.ts')).readSnapshot(JSON.parse(text));
}
