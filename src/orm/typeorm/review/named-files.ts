import { dirname } from 'node:path';
import { readRegularText } from '../../../read-regular-file.ts';
import { TableplanError } from '../../../errors.ts';
import { locateTypeorm } from '../locate/locate.ts';
import { posixRelative } from '../../../workspace/posix-relative.ts';
import { readMigrationSource } from '../source/migration-source.ts';
import { type LazyTypeorm, lazyTypeorm } from './lazy.ts';
import { type ListedHistory, listMigrations } from './listed.ts';
import { reviewableFiles, type ReviewableFiles } from './migration-files.ts';

export interface NamedOptions {
  /** A data source, where one is named. */
  readonly config?: string | undefined;
  readonly cache: boolean;
}

/**
 * The migrations in TypeScript or JavaScript files (absolute) that a user named; files of one folder are one batch. Their
 * project, where there is one, is asked for its transaction mode, and for what has to be run. Throws `usage` for a file
 * that holds none.
 */
export async function namedTypeormFiles(
  cwd: string,
  paths: readonly string[],
  options: NamedOptions,
): Promise<ReviewableFiles> {
  const lazy = await projectOf(dirname(paths[0] ?? cwd), options);
  try {
    const listed = await listedIn(lazy);
    const found = await Promise.all(
      paths.map(async (file) => {
        const known = listed?.history.filter((migration) => migration.file === file) ?? [];
        const named = known.length > 0 ? known : await namesIn(cwd, file);
        return named.map(({ name, className }) => ({ name, className, file }));
      }),
    );
    const migrations = found
      .flat()
      .toSorted((a, b) => Number(a.name.slice(-13)) - Number(b.name.slice(-13)) || 0);
    const transactionMode = listed?.transactionMode ?? 'all';
    return await reviewableFiles({ cwd, migrations, lazy, transactionMode, together: true });
  } finally {
    await lazy?.stop();
  }
}

async function namesIn(cwd: string, file: string): Promise<{ name: string; className: string }[]> {
  const { classes } = readMigrationSource(file, await readRegularText(file));
  if (classes.length > 0)
    return classes.map(({ name = 'default', className = name }) => ({ name, className }));
  const shown = posixRelative(cwd, file);
  throw new TableplanError('usage', `${shown} holds no migration: no class in it has a method \`up\`.`, {
    hint: 'Name SQL files, or files with classes that implement MigrationInterface.',
    at: { file: shown },
  });
}

/** Files need no project. */
async function projectOf(folder: string, { config, cache }: NamedOptions): Promise<LazyTypeorm | undefined> {
  try {
    return lazyTypeorm(await locateTypeorm(folder, { config }), { cache });
  } catch (error) {
    if (!(error instanceof TableplanError) || config !== undefined) throw error;
    return undefined;
  }
}

/** What the project knows of its migrations; nothing where it cannot be asked. */
async function listedIn(lazy: LazyTypeorm | undefined): Promise<ListedHistory | undefined> {
  try {
    return lazy && (await listMigrations(lazy));
  } catch (error) {
    if (!(error instanceof TableplanError)) throw error;
    return undefined;
  }
}
