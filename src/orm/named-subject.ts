import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isFile, packageFolder } from '../project/folders.ts';
import { isSource, withoutCompiled } from '../project/source-file.ts';
import { readRegularFileSync } from '../read-regular-file.ts';
import { namedFiles } from './drizzle/review/named-files.ts';
import type { LocateOptions } from './orm.ts';
import type { ReviewSubject, SubjectOptions } from './review-subject.ts';

/**
 * SQL files and TypeORM's migrations that a user named, and folders of either, absolute or relative to `cwd`. The settings
 * are those of the package that the first file lies in. Throws `usage` for what is not there.
 */
export async function namedSubject(
  cwd: string,
  names: readonly string[],
  options: LocateOptions & Pick<SubjectOptions, 'cache'>,
): Promise<ReviewSubject> {
  const { code, other } = await codeAmong(cwd, names);
  const sql = other.length > 0 ? await namedFiles(cwd, other) : [];
  const typeorm =
    code.length > 0
      ? await (await import('./typeorm/review/named-files.ts')).namedTypeormFiles(cwd, code, options)
      : { files: [], findings: [] };
  const files = [...sql, ...typeorm.files];
  return { root: await packageFolder(dirname(files[0]?.path ?? cwd)), files, findings: typeorm.findings };
}

/**
 * What a user named, divided into TypeScript and JavaScript files (absolute; a folder without SQL stands for those in it)
 * and all else.
 */
async function codeAmong(
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
