import { join } from 'node:path';
import type { GitChanges } from '../../../workspace/git.ts';
import { readRegularText } from '../../../read-regular-file.ts';
import type { Finding } from '../../../review/finding.ts';
import { historyFinding } from '../../../review/files/history-findings.ts';
import type { SqlStatement } from '../../../postgres/parse-script.ts';
import type { JournalEntry } from '../artifacts.ts';
import { parseJournal } from '../journal.ts';
import type { MigrationsFolder } from './folder.ts';

/** The entries of a journal at a commit; none where there was no journal. */
export async function entriesBefore(
  { journal }: MigrationsFolder,
  changes: GitChanges,
): Promise<readonly JournalEntry[]> {
  const text = journal && (await changes.textBefore(journal.path));
  return text === undefined ? [] : parseJournal(text, `${journal?.path} at ${changes.ref}`).entries;
}

/**
 * Migrations that were there at a commit and are not the same any more: edited, gone, or out of the journal. Comments may
 * be edited: `-- tableplan:allow` is one.
 */
export async function editedSince(
  folder: MigrationsFolder,
  before: readonly JournalEntry[],
  changes: GitChanges,
): Promise<Finding[]> {
  const now = new Map(folder.entries.map((entry) => [entry.tag, entry]));
  const judged = before.map(async (entry): Promise<Finding[]> => {
    const path = join(folder.outDir, `${entry.tag}.sql`);
    const found = (message: string, fix: string, place: Partial<Finding> = {}): Finding[] => [
      historyFinding('edited-or-missing-applied', {
        ...place,
        file: path,
        message: `${entry.tag} was there at ${changes.ref} and ${message}. Databases that have run it do not notice.`,
        fix,
      }),
    ];
    const restore = `Restore ${entry.tag}.sql as it was at ${changes.ref}, and make the change in a migration of its own.`;
    if (changes.deleted.has(path)) return found('its file is gone', restore);
    const current = now.get(entry.tag);
    if (!current) return found('is no longer in the journal', 'Restore its entry in meta/_journal.json.');
    if (current.when !== entry.when)
      return found('is dated anew in the journal', `Restore its "when": ${entry.when}.`);
    if (!changes.changed.has(path)) return [];
    const edit = await firstEdit(path, changes);
    return edit === undefined ? [] : found('has been edited since', restore, edit);
  });
  return (await Promise.all(judged)).flat();
}

/** Where the statements of a file first differ from those that it had; undefined where only comments and space do. */
async function firstEdit(path: string, changes: GitChanges): Promise<Partial<Finding> | undefined> {
  const [{ loadSqlParser }, { parseScript }] = await Promise.all([
    import('../../../postgres/sql.ts'),
    import('../../../postgres/parse-script.ts'),
  ]);
  await loadSqlParser();
  const text = await readRegularText(path);
  const lines = (sql: string): string => sql.replaceAll('\r\n', '\n');
  const old = parseScript((await changes.textBefore(path)) ?? '').map((statement) => lines(statement.text));
  const now = parseScript(text);
  const at = now.findIndex((statement, index) => lines(statement.text) !== old[index]);
  if (at === -1) return now.length === old.length ? undefined : {};
  return placeOf(now[at]!, text);
}

function placeOf({ text: statement, start }: SqlStatement, text: string): Partial<Finding> {
  const before = text.slice(0, start).split('\n');
  return { statement, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
