import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readTextIfThere } from '../../read-regular-file.ts';

/**
 * Where the rollback script of a migration goes: the folder in which the project keeps such scripts already, and
 * named as they are; else `rollback/{tag}.down.sql` inside the migrations folder. Absolute path.
 */
export async function rollbackPath(outDir: string, tag: string): Promise<string> {
  for (const folder of [outDir, dirname(outDir)].flatMap((base) =>
    ['rollback', 'rollbacks', 'down'].map((name) => join(base, name)),
  )) {
    const scripts = (await readdir(folder).catch(() => []))
      .filter((name) => name.endsWith('.sql'))
      .toSorted();
    const newest = scripts.at(-1);
    if (newest !== undefined) return join(folder, namedLike(newest, tag));
  }
  return join(outDir, 'rollback', `${tag}.down.sql`);
}

/** The rollback script of a migration that there is: where tableplan puts it, or beside the migration. */
export async function readRollback(
  outDir: string,
  tag: string,
): Promise<{ readonly path: string; readonly sql: string } | undefined> {
  for (const path of [await rollbackPath(outDir, tag), join(outDir, `${tag}.down.sql`)]) {
    const sql = await readTextIfThere(path);
    if (sql !== undefined) return { path, sql };
  }
  return undefined;
}

function namedLike(neighbour: string, tag: string): string {
  const prefix = /^(rollback|down|revert)[_-]/i.exec(neighbour)?.[0] ?? '';
  const ending = /([._-](down|rollback|revert))?\.sql$/i.exec(neighbour)?.[0] ?? '.sql';
  return `${prefix}${tag}${ending}`;
}
