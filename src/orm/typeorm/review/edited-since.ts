import { readRegularText } from '../../../read-regular-file.ts';
import { isSource } from '../../../project/source-file.ts';
import type { GitChanges } from '../../../workspace/git.ts';
import { loadSqlParser } from '../../../postgres/sql.ts';
import { historyFinding } from '../../../review/files/history-findings.ts';
import type { Finding } from '../../../review/finding.ts';
import { parseScript } from '../../../postgres/parse-script.ts';
import type { SourcePlace, TypeormMigration } from '../child/child.ts';
import { IS_MIGRATION } from '../history-findings.ts';
import { asStatement } from '../script.ts';
import { readMigrationSource, type WrittenMigration } from '../source/migration-source.ts';
import { namedIn } from './listed.ts';

/** A migration that was there at a commit. */
export interface FormerMigration {
  readonly name: string;
  readonly file: string;
  /** Of its file then; undefined where the file is the same still. */
  readonly text: string | undefined;
}

type Listed = Pick<TypeormMigration, 'name' | 'file'>;

/** The migrations at a commit, by name. */
export async function migrationsBefore(
  history: readonly Listed[],
  changes: GitChanges,
): Promise<ReadonlyMap<string, FormerMigration>> {
  const listed = new Set(history.flatMap(({ file }) => file ?? []));
  const touched = new Set([...changes.changed, ...changes.deleted].filter(isSource));
  const before = new Map<string, FormerMigration>();
  for (const { name, file } of history)
    if (file !== undefined && !touched.has(file)) before.set(name, { name, file, text: undefined });
  for (const file of touched) {
    const text = await changes.textBefore(file);
    if (text === undefined || !(listed.has(file) || IS_MIGRATION.test(text))) continue;
    for (const { name } of namedIn(text)) before.set(name, { name, file, text });
  }
  return before;
}

/**
 * Migrations that were there at a commit and run something else now, or are gone. TypeORM knows them by their names, so
 * that one may move to another file; comments, and the way down, may be edited.
 */
export async function editedMigrations(
  before: ReadonlyMap<string, FormerMigration>,
  history: readonly Listed[],
  changes: GitChanges,
): Promise<Finding[]> {
  const now = new Map(history.map((migration) => [migration.name, migration]));
  const judged = [...before.values()].map(async ({ name, file, text }): Promise<Finding[]> => {
    if (text === undefined) return [];
    const found = (message: string, place: { file: string } & Partial<Finding>): Finding[] => [
      historyFinding('edited-or-missing-applied', {
        ...place,
        message: `${name} was there at ${changes.ref} and ${message}. Databases that have run it do not notice.`,
        fix: `Restore ${name} as it was at ${changes.ref}, and make the change in a migration of its own.`,
      }),
    ];
    const current = now.get(name);
    if (current?.file === undefined) return found('is gone', { file });
    const edit = await firstEdit(
      classOf(file, text, name),
      classOf(current.file, await readRegularText(current.file), name),
    );
    return edit === undefined ? [] : found('has been edited since', { file: current.file, ...edit });
  });
  return (await Promise.all(judged)).flat();
}

function classOf(path: string, text: string, name: string): WrittenMigration | undefined {
  return readMigrationSource(path, text).classes.find((each) => each.name === name);
}

/** Where two ways up first differ; undefined where they run the same. */
async function firstEdit(
  old: WrittenMigration | undefined,
  now: WrittenMigration | undefined,
): Promise<(SourcePlace & { statement?: string }) | undefined> {
  if (!old || !now || old.code() === now.code()) return undefined;
  const [before, after] = [old.up.queries, now.up.queries];
  if (!before || !after) return now.up.place;
  await loadSqlParser();
  const plain = (sql: string): string =>
    parseScript(sql)
      .map(({ text }) => text.replaceAll('\r\n', '\n'))
      .join(';\n');
  const texts = before.map((query) => plain(asStatement(query)));
  const at = after.findIndex((query, index) => plain(asStatement(query)) !== texts[index]);
  if (at === -1) return after.length === before.length ? undefined : now.up.place;
  return { ...(after[at]?.at ?? now.up.place), statement: after[at]?.sql ?? '' };
}
