import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TableplanError } from '../../../errors.ts';
import type { MigrationFile } from '../../../review/files/migration-file.ts';
import { numberingOf } from '../journal.ts';
import { readMigration, readMigrationsFolder, schemaOf } from './folder.ts';

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
          schemaBefore: schemaOf(folder, (index.get(path) ?? 0) - 1),
          schemaAfter: schemaOf(folder, index.get(path) ?? -1),
        }));
    }),
  );
  return batches.flat();
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
