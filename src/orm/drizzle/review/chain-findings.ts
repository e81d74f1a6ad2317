import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TableplanError } from '../../../errors.ts';
import type { Finding } from '../../../review/finding.ts';
import { historyFinding } from '../../../review/files/history-findings.ts';
import type { JournalEntry } from '../artifacts.ts';
import { checkHistory, readHistory } from '../history.ts';
import type { MigrationsFolder } from './folder.ts';

const IN_HISTORY: ReadonlySet<string> = new Set(['history-broken', 'answer-needed']);

/**
 * What would make the next generate repeat changes, refuse without saying so or overwrite files: snapshots that are
 * missing, doubled or hang on the wrong parent. Nothing where a team keeps no journal or no snapshots at all.
 */
export async function brokenChain({ journal, outDir }: MigrationsFolder): Promise<Finding[]> {
  if (!journal) return [];
  try {
    const history = await readHistory(outDir);
    if (history.snapshots.length > 0) checkHistory(history);
    return [];
  } catch (error) {
    if (!(error instanceof TableplanError) || !IN_HISTORY.has(error.code)) throw error;
    return [
      historyFinding('snapshot-chain', {
        file: error.at?.file ?? journal.path,
        message: error.message,
        ...(error.hint !== undefined && { fix: error.hint }),
      }),
    ];
  }
}

/** The folder with the migrations whose files are there, and what is to be said of the others: the rest can be reviewed. */
export function missingFiles(folder: MigrationsFolder): {
  readonly folder: MigrationsFolder;
  readonly findings: readonly Finding[];
} {
  const pathOf = (tag: string): string => join(folder.outDir, `${tag}.sql`);
  const missing = folder.entries.filter(({ tag }) => !existsSync(pathOf(tag)));
  return {
    folder: { ...folder, entries: folder.entries.filter((entry) => !missing.includes(entry)) },
    findings: missing.map(({ tag }) =>
      historyFinding('edited-or-missing-applied', {
        file: pathOf(tag),
        message: `The journal names ${tag}, but there is no ${tag}.sql: drizzle's migrator fails before it runs anything.`,
        fix: 'Restore the file from version control, or take its entry out of the journal if no database has run it.',
      }),
    ),
  };
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
