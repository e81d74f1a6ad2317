import { join } from 'node:path';
import { readRegularText } from '../../read-regular-file.ts';
import { TableplanError } from '../../errors.ts';
import type { Notice } from '../../plan/change.ts';
import { formatEdit } from '../../project/format.ts';
import type { FileEdit, SourceText } from '../../workspace/file-edit.ts';
import type { LoadedDataSource, Query } from './child/child.ts';
import { readMigrationStyle } from './migration-style.ts';
import { isFoundByGlob, migrationFolder, nextStamp, transactionOf } from './next-migration.ts';
import { registerMigration } from './register-migration.ts';
import { migrationNames, renderMigration } from './render.ts';

export interface WriteInput {
  readonly root: string;
  readonly loaded: LoadedDataSource;
  readonly dataSourcePath: string;
  /** In snake_case, as the plan's name is derived. */
  readonly name: string;
  readonly up: readonly Query[];
  readonly down: readonly Query[];
  readonly now: number;
}

export interface WrittenMigration {
  readonly className: string;
  /** The stamp, which is what TypeORM's migrations have for a number. */
  readonly number: string;
  readonly path: string;
  readonly transaction: 'default' | 'none';
  /** The new file, then the files that list it. */
  readonly edits: readonly FileEdit[];
  readonly notices: readonly Notice[];
}

/**
 * The migration as the edits that make it part of the project: a file in the folder and the style of the others, with a
 * stamp above theirs, formatted as the project's formatter does it, listed where the project lists them by hand. Throws `generate-failed` where there is nothing to
 * write or the project's transaction mode forbids it. Nothing is written here.
 */
export async function writeTypeormMigration(input: WriteInput): Promise<WrittenMigration> {
  const { loaded, dataSourcePath, up, down } = input;
  if (up.length === 0)
    throw new TableplanError(
      'generate-failed',
      'The plan changes the entities, but neither TypeORM nor the plan has a statement to write for it.',
      { hint: 'Nothing was written. Does the data source load the entity?' },
    );
  const transaction = transactionOf([...up, ...down], loaded);
  const style = readMigrationStyle(await sourcesOf(loaded.history.flatMap(({ file }) => file ?? [])));
  const stamp = nextStamp(loaded, input.now);
  const { className, fileName } = migrationNames(input.name, stamp, style);
  const path = join(migrationFolder(loaded, dataSourcePath), fileName);
  const lists = await listing({ className, path }, loaded);
  const isFound = isFoundByGlob(loaded, path) || lists.length > 0;
  const made = { path, before: null, after: renderMigration({ className, up, down, transaction }, style) };
  const unformatted: Notice[] = [];
  const options = { root: input.root, report: (notice: Notice) => void unformatted.push(notice) };
  const edits = await Promise.all([made, ...lists].map((edit) => formatEdit(edit, options)));
  return {
    className,
    number: String(stamp),
    path,
    transaction,
    edits,
    notices: [...unformatted, ...(isFound ? [] : [notFound(dataSourcePath, className)])],
  };
}

/** Where classes are listed by hand, the new one is too. */
async function listing(
  added: { className: string; path: string },
  loaded: LoadedDataSource,
): Promise<FileEdit[]> {
  if (loaded.migrations.listed === 0) return [];
  const known = new Map(loaded.history.map(({ className, file }) => [className, file]));
  const migrations = new Set(loaded.history.map(({ file }) => file));
  const sources = await sourcesOf(loaded.modules.filter((file) => !migrations.has(file)));
  return registerMigration(added, known, sources);
}

async function sourcesOf(paths: readonly string[]): Promise<SourceText[]> {
  return Promise.all(paths.map(async (path) => ({ path, text: await readRegularText(path) })));
}

function notFound(dataSourcePath: string, className: string): Notice {
  return {
    severity: 'warning',
    rule: 'migration-never-runs',
    message: `${className} is found by no glob and no array under \`migrations\` of the data source: add it there, or it never runs`,
    file: dataSourcePath,
  };
}
