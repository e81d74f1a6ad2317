import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecordName, readRecord, withoutZeros } from '../../docs/record-facts.ts';
import { rollbackSqlOf } from '../../docs/record-rollback.ts';
import { readTextIfThere } from '../../read-regular-file.ts';

/** Where teams keep the records of migrations, relative to the project. */
const RECORDS = 'docs/migrations';

/** The rollback SQL of a migration's record, where the migration has no script of its own. */
export async function recordedRollback(
  root: string,
  tag: string,
): Promise<{ readonly path: string; readonly sql: string } | undefined> {
  const folder = join(root, RECORDS);
  const names = (await readdir(folder).catch(() => [])).filter(isRecordName).toSorted();
  for (const name of names) {
    const path = join(folder, name);
    const text = (await readTextIfThere(path)) ?? '';
    if (!isRecordOf(tag, name, text)) continue;
    const sql = rollbackSqlOf(text);
    if (sql !== undefined) return { path, sql };
  }
  return undefined;
}

/** By the file that it names, or by its own number and name. */
function isRecordOf(tag: string, file: string, text: string): boolean {
  const { migration, number, name } = readRecord(file, text);
  if (migration !== undefined) return migration === tag;
  const [, ownNumber = '', ownName = ''] = /^(\d+)_(.*)$/s.exec(tag) ?? [];
  return (
    number !== undefined &&
    number === withoutZeros(ownNumber) &&
    name.toLowerCase().replaceAll('_', '-') === ownName.toLowerCase().replaceAll('_', '-')
  );
}
