import { join } from 'node:path';
import { readRegularText } from '../../read-regular-file.ts';
import type { JournalEntry } from '../../orm/drizzle/artifacts.ts';
import { parseJournal } from '../../orm/drizzle/journal.ts';
import type { GitChanges } from '../../project/git.ts';
import type { Finding } from '../finding.ts';
import type { SqlStatement } from '../script.ts';
import type { RuleInfo } from './judged.ts';
import type { MigrationsFolder } from './select.ts';

/** What a history says of itself, without regard to its SQL. `file` is absolute. */
export const HISTORY_RULES = {
  'edited-or-missing-applied': {
    id: 'ORM-03',
    reason:
      'Databases that have run a migration never run it again: what is edited in it reaches new databases only, and the two drift apart.',
  },
  'journal-when-not-increasing': {
    id: 'ORM-01',
    reason:
      "Drizzle's migrator compares dates, not names: it skips whatever is not dated after the last migration that it has run.",
  },
  'journal-empty': {
    reason: "Drizzle's migrator runs what the journal names, and says nothing of other files.",
  },
  'snapshot-chain': {
    id: 'ORM-02',
    reason:
      'drizzle-kit compares the schema with the newest snapshot: where that is not the newest migration, the next generate repeats or undoes changes.',
  },
  'schema-without-migration': {
    reason: 'The code will run on a database that nobody has changed for it.',
  },
  'forbidden-tx-override': {
    id: 'ORM-05',
    reason:
      'In one transaction for all there is none for one: TypeORM refuses to run any pending migration then.',
  },
  'migration-out-of-order': {
    reason:
      'TypeORM runs what is pending in the order of the stamps: a database that has the later one already runs this one after it, a new one before it.',
  },
  'migration-stamp': {
    reason: 'TypeORM orders migrations by the last thirteen characters of their names, and by nothing else.',
  },
  'migration-never-runs': {
    reason: 'TypeORM runs what its data source has, and says nothing of other files.',
  },
  synchronize: {
    reason: 'What the application has changed by itself no migration can be sure of.',
  },
} as const satisfies Record<string, RuleInfo>;

type HistoryRule = keyof typeof HISTORY_RULES;

/** A finding about a file as a whole, or about a place in it. */
export function historyFinding(
  rule: HistoryRule,
  about: Pick<Finding, 'message'> & Partial<Finding> & { readonly file: string },
): Finding {
  return {
    rule,
    severity: 'error',
    statement: '',
    objects: [],
    line: 1,
    column: 1,
    observed: false,
    ...about,
  };
}

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
    import('../../postgres/sql.ts'),
    import('../script.ts'),
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

/** Those of some entries that the migrator would skip on a database that has run all before them. */
export function skippedEntries(
  { journal, entries }: MigrationsFolder,
  pending: readonly JournalEntry[],
): Finding[] {
  if (!journal) return [];
  return pending.flatMap((entry) => {
    const earlier = entries.slice(0, entries.indexOf(entry));
    const newest = earlier.reduce<JournalEntry | undefined>(
      (latest, each) => (latest && latest.when >= each.when ? latest : each),
      undefined,
    );
    if (!newest || newest.when < entry.when) return [];
    const lines = journal.text.split('\n');
    const line = lines.findIndex((text) => text.includes(`"${entry.tag}"`)) + 1;
    return [
      historyFinding('journal-when-not-increasing', {
        file: journal.path,
        line: Math.max(1, line),
        message: `${entry.tag} is not dated after ${newest.tag}: databases that have run that one skip it and say nothing.`,
        fix: `"when": ${newest.when + 1}`,
      }),
    ];
  });
}
