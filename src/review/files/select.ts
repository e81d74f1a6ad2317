import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readRegularFileSync } from '../../read-regular-file.ts';
import { TableplanError } from '../../errors.ts';
import type { JournalEntry } from '../../orm/drizzle/artifacts.ts';
import {
  type JournalFile,
  type Numbering,
  numberingOf,
  isSnapshotName,
  readJournalFile,
} from '../../orm/drizzle/journal.ts';
import { isFile } from '../../project/folders.ts';
import { isSource, withoutCompiled } from '../../project/source-file.ts';
import { posixRelative } from '../../workspace/diff.ts';
import type { MigrationFile } from './migration-file.ts';

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

/**
 * Files and folders that a user named, absolute or relative to `cwd`; no config is read. Files of one folder are one
 * batch, in the order of its journal where it has one. Throws `usage` for what is not there or no text.
 */
export async function namedFiles(cwd: string, names: readonly string[]): Promise<MigrationFile[]> {
  const paths = (await Promise.all(names.map((name) => pathsOf(cwd, name)))).flat();
  const folders = new Set(paths.map((path) => dirname(path)));
  const batches = await Promise.all(
    [...folders].map(async (outDir) => {
      // A journal that cannot be read is not these files' matter.
      const folder = await readMigrationsFolder(outDir).catch(() => ({
        outDir,
        entries: [],
        numbering: numberingOf([], new Set()),
      }));
      const index = new Map(folder.entries.map(({ tag }, at) => [join(outDir, `${tag}.sql`), at]));
      const place = (path: string): number => index.get(path) ?? Infinity;
      return [...new Set(paths)]
        .filter((path) => dirname(path) === outDir)
        .toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
        .map((path) => ({
          ...readMigration(cwd, path),
          batch: outDir,
          snapshotBefore: snapshotOf(folder, (index.get(path) ?? 0) - 1),
          snapshot: snapshotOf(folder, index.get(path) ?? -1),
        }));
    }),
  );
  return batches.flat();
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
    snapshotBefore: snapshotOf(folder, folder.entries.indexOf(entry) - 1),
    snapshot: snapshotOf(folder, folder.entries.indexOf(entry)),
  }));
}

/** Every migration of the journal by itself; a schema before it is not looked for: a thousand snapshots are a gigabyte. */
export function everyMigration(cwd: string, { outDir, entries }: MigrationsFolder): MigrationFile[] {
  return entries.map(({ tag }) => ({
    ...readMigration(cwd, join(outDir, `${tag}.sql`)),
    batch: tag,
    snapshotBefore: undefined,
  }));
}

/**
 * What a user named, divided into TypeScript and JavaScript files (absolute; a folder without SQL stands for those in it)
 * and all else.
 */
export async function codeAmong(
  cwd: string,
  names: readonly string[],
): Promise<{ readonly code: readonly string[]; readonly other: readonly string[] }> {
  const divided = await Promise.all(
    names.map(async (name) => {
      const path = resolve(cwd, name);
      const inside = await readdir(path).catch(() => undefined);
      if (inside === undefined) return isSource(path) && (await isFile(path)) ? [path] : [];
      if (inside.some((file) => file.endsWith('.sql'))) return [];
      const code = inside.filter(isSource).map((file) => join(path, file));
      return withoutCompiled(code.toSorted()).filter(hasMigration);
    }),
  );
  return {
    code: [...new Set(divided.flat())],
    other: names.filter((_, index) => divided[index]?.length === 0),
  };
}

/** An index or a helper beside migrations is none. */
function hasMigration(path: string): boolean {
  return /\bclass\b[^]*\bup\s*[(=:]/.test(readRegularFileSync(path).toString('utf8'));
}

async function pathsOf(cwd: string, name: string): Promise<string[]> {
  const path = resolve(cwd, name);
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile()) return [path];
  if (!info?.isDirectory()) {
    throw new TableplanError('usage', `There is no file ${name} in ${cwd}.`, {
      hint: 'Give the path of a migration, or none: then the newest of the project is reviewed.',
    });
  }
  const files = (await readdir(path)).filter((file) => file.endsWith('.sql')).toSorted();
  if (files.length > 0) return files.map((file) => join(path, file));
  throw new TableplanError('usage', `There is no SQL file in ${name}.`, {
    hint: 'Give the folder with the migrations, or their files.',
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Synchronous: a thousand small files are read in a quarter of the time. */
function readMigration(cwd: string, path: string): Pick<MigrationFile, 'path' | 'file' | 'sql'> {
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

function snapshotOf(
  { outDir, entries, numbering }: Pick<MigrationsFolder, 'outDir' | 'entries' | 'numbering'>,
  index: number,
): string | undefined {
  const entry = entries[index];
  return entry && join(outDir, 'meta', numbering.snapshotFileOf(entry));
}
