import { join } from 'node:path';
import { TableplanError } from '../../errors.ts';
import type { Notice } from '../../plan/change.ts';
import { listed, shortList } from '../../plan/suggest.ts';
import type { DrizzleHistory, SnapshotFile } from './history.ts';
import { numberText } from './journal.ts';

/** drizzle-kit's parent of the first snapshot. */
const NO_PARENT = '00000000-0000-0000-0000-000000000000';

const BRANCHES =
  'This is what a merge of two branches leaves. Delete the later migration (its SQL file, its snapshot and its journal entry), pull, and run its plan again.';

/**
 * Throws TableplanError for what would make drizzle-kit generate the wrong thing, refuse without saying so by its exit
 * code, or overwrite files (facts/drizzle.md 2.2, 6; facts/schema-styles.md A13). Returns what is odd but harmless.
 */
export function checkHistory(history: DrizzleHistory): Notice[] {
  refuseVersion1(history);
  refuseMissingJournal(history);
  refuseFormats(history);
  refuseMissingSql(history);
  refuseHead(history);
  refuseCollision(history);
  refuseBrokenChain(history);
  refuseOverwriting(history);
  return [...orphanSql(history), ...duplicateNumbers(history)];
}

function broken(message: string, hint: string, file: string): TableplanError {
  return new TableplanError('history-broken', message, { hint, at: { file }, rule: 'snapshot-chain' });
}

function refuseVersion1(history: DrizzleHistory): void {
  const [folder] = history.foldersOfVersion1;
  if (folder === undefined) return;
  throw new TableplanError(
    'orm-not-supported',
    `${join(history.outDir, folder)} is a migration in the layout of drizzle-kit 1.0`,
    {
      hint: 'tableplan works with drizzle-kit 0.31 (meta/_journal.json and NNNN_name.sql) so far.',
      at: { file: join(history.outDir, folder, 'migration.sql') },
    },
  );
}

/** Throws `history-broken` for a folder with migrations that no journal names: drizzle's migrator runs none of them. */
export function refuseMissingJournal(history: DrizzleHistory): void {
  if (history.entries.length > 0 || history.sqlFiles.length + history.snapshots.length === 0) return;
  const path = journalPath(history);
  const what = history.journal ? 'has no entries' : 'is missing';
  const files =
    history.sqlFiles.length > 0
      ? `${history.sqlFiles.length} SQL ${history.sqlFiles.length === 1 ? 'file' : 'files'}`
      : 'snapshots';
  throw broken(
    `${path} ${what}, but ${files} lie in the folder: drizzle's migrator runs none of them, and drizzle-kit would start over and create every table again`,
    `Restore the journal from version control. Where there never was one, write it, with an entry for each file in the order in which databases ran them: ${JSON.stringify(journalFor(history.sqlFiles))}`,
    path,
  );
}

/** A journal of SQL files in the order of their names; of very many its beginning. */
function journalFor(sqlFiles: readonly string[]): object {
  const tags = sqlFiles.length === 0 ? ['0000_init'] : sqlFiles.toSorted().slice(0, MOST_ENTRIES);
  const entries = tags.map((tag, idx) => ({
    idx,
    version: '7',
    when: FIRST_WHEN + idx,
    tag,
    breakpoints: true,
  }));
  return { version: '7', dialect: 'postgresql', entries };
}

/** So many entries are shown. */
const MOST_ENTRIES = 50;
/** Before the first `when` that drizzle-kit will write. */
const FIRST_WHEN = 1_700_000_000_000;

/** generate stops with exit 0 and writes nothing when any snapshot is of an old format. */
function refuseFormats(history: DrizzleHistory): void {
  const unreadable = history.snapshots.find((snapshot) => snapshot.id === undefined);
  if (unreadable)
    throw broken(
      `${unreadable.path} is not a snapshot of drizzle-kit`,
      'Restore it from version control.',
      unreadable.path,
    );
  const old = history.snapshots.find((snapshot) => snapshot.version !== '7');
  if (old)
    throw broken(
      `${old.path} has the format ${old.version}, drizzle-kit 0.31 needs 7 in every snapshot`,
      'Run npx drizzle-kit up, and commit what it changes.',
      old.path,
    );
}

function refuseMissingSql(history: DrizzleHistory): void {
  const missing = history.entries.find((entry) => !history.sqlFiles.includes(entry.tag));
  if (!missing) return;
  const path = join(history.outDir, `${missing.tag}.sql`);
  throw broken(
    `${path} is missing, but the journal has the migration ${missing.tag}: drizzle's migrator would fail`,
    'Restore the file from version control, or remove the entry if no database has run it.',
    path,
  );
}

/** What `--repair-snapshots` puts right. */
export function snapshotNeeded(message: string, file: string): TableplanError {
  return new TableplanError('answer-needed', message, {
    hint: 'Restore it from version control, or let tableplan make it: the history is replayed on a disposable Postgres, and the snapshot is what comes out (not drizzle-kit generate --custom, which copies the one before).',
    at: { file },
    rule: 'snapshot-chain',
    missing: [
      {
        field: 'repair-snapshots',
        question:
          'Make the snapshot from the replayed history (npx tableplan migration --repair-snapshots, alone or with the plan)?',
        supply: '--repair-snapshots',
      },
    ],
  });
}

/** The newest journal entry and the newest snapshot must be one migration: drizzle-kit diffs against the last file. */
function refuseHead(history: DrizzleHistory): void {
  const { snapshotFileOf } = history.numbering;
  const last = history.entries.at(-1);
  if (!last) return;
  const file = snapshotFileOf(last);
  const path = join(history.outDir, 'meta', file);
  if (!history.newest) {
    throw snapshotNeeded(
      `${path} is missing: without the snapshot of the newest migration ${last.tag}, drizzle-kit would compare with an older state and repeat its changes.`,
      path,
    );
  }
  const twin = history.entries.find((entry) => entry !== last && snapshotFileOf(entry) === file);
  if (twin)
    throw broken(
      `The migrations ${twin.tag} and ${last.tag} bear the same number and share one snapshot, which cannot show both`,
      BRANCHES,
      path,
    );
  const newest = history.snapshots.at(-1);
  if (newest && newest.file !== file) {
    throw broken(
      `${newest.path} belongs to no journal entry, but drizzle-kit would compare with it: the newest migration is ${last.tag}`,
      'If it is left from a migration that was undone, npx tableplan migration --repair-snapshots removes it; else restore the journal from version control.',
      newest.path,
    );
  }
}

function refuseCollision(history: DrizzleHistory): void {
  const byParent = groupByParent(history.snapshots);
  for (const siblings of byParent.values()) {
    if (siblings.length < 2) continue;
    const names = listed(
      siblings.map(({ file }) => file),
      'and',
    );
    throw broken(
      `${names} have the same parent: drizzle-kit calls it a collision and generates nothing`,
      BRANCHES,
      siblings.at(-1)?.path ?? '',
    );
  }
}

function groupByParent(snapshots: readonly SnapshotFile[]): Map<string | undefined, SnapshotFile[]> {
  const groups = new Map<string | undefined, SnapshotFile[]>();
  for (const snapshot of snapshots)
    groups.set(snapshot.prevId, [...(groups.get(snapshot.prevId) ?? []), snapshot]);
  return groups;
}

/** The newest snapshot must have been made on top of the one before it, or it lacks what that one has. */
function refuseBrokenChain(history: DrizzleHistory): void {
  const [before, newest] = history.snapshots.slice(-2);
  if (!before || !newest || newest.prevId === before.id) return;
  const previous = history.entries.at(-2);
  if (previous && history.numbering.snapshotFileOf(previous) !== before.file) return;
  const parent = history.snapshots.find((snapshot) => snapshot.id === newest.prevId)?.file;
  const says = parent
    ? `names ${parent} as its parent`
    : newest.prevId === NO_PARENT
      ? 'says that it is the first'
      : 'names a parent that is not there';
  throw broken(
    `${newest.path} ${says}, not ${before.file}: it may lack what that one has, and drizzle-kit would repeat it`,
    BRANCHES,
    newest.path,
  );
}

/** Only where migrations are numbered: drizzle-kit overwrites what bears the next number. */
function refuseOverwriting(history: DrizzleHistory): void {
  const prefix = numberText(history.nextIdx + history.numbering.ahead);
  const tags = history.entries.map((entry) => entry.tag);
  const sql = history.sqlFiles.find((tag) => tag.startsWith(`${prefix}_`) && !tags.includes(tag));
  if (sql !== undefined) {
    const path = join(history.outDir, `${sql}.sql`);
    throw broken(
      `${path} bears the number of the next migration, but the journal does not have it`,
      'Delete it if it was undone, or add it to the journal if databases have run it.',
      path,
    );
  }
  const numbered = history.entries.some((entry) => entry.tag.startsWith(`${prefix}_`));
  if (!numbered) return;
  throw broken(
    `The journal's last idx is ${history.nextIdx - 1}, but a migration with the number ${prefix} exists: drizzle-kit would overwrite its snapshot`,
    "Correct the last entry's idx in the journal.",
    journalPath(history),
  );
}

function orphanSql(history: DrizzleHistory): Notice[] {
  const tags = new Set(history.entries.map((entry) => entry.tag));
  return history.sqlFiles
    .filter((tag) => !tags.has(tag))
    .map((tag) =>
      warning(
        'orphan-sql',
        `${tag}.sql is not in the journal and never runs`,
        join(history.outDir, `${tag}.sql`),
      ),
    );
}

function duplicateNumbers(history: DrizzleHistory): Notice[] {
  const seen = new Map<string, string>();
  return history.entries.flatMap(({ tag }) => {
    const number = tag.split('_')[0] ?? '';
    const twin = seen.get(number);
    seen.set(number, tag);
    return twin === undefined
      ? []
      : [
          warning(
            'duplicate-number',
            `the migrations ${twin} and ${tag} bear the same number`,
            journalPath(history),
          ),
        ];
  });
}

/**
 * Migrations without a snapshot under a newer one that has its own: one notice for them all. New migrations go by the newest
 * snapshot alone, so that no plan needs to hear of it.
 */
export function missingSnapshots(history: DrizzleHistory): Notice[] {
  const files = new Set(history.snapshots.map((snapshot) => snapshot.file));
  const without = history.entries
    .filter((entry) => !files.has(history.numbering.snapshotFileOf(entry)))
    .map(({ tag }) => tag);
  if (without.length === 0) return [];
  const [names, have] = [shortList(without), without.length === 1 ? 'has' : 'have'];
  return [
    {
      severity: 'info',
      rule: 'missing-snapshot',
      message: `${names} ${have} no snapshot; a newer migration has, so nothing is missing for the next one`,
      file: journalPath(history),
    },
  ];
}

function warning(rule: string, message: string, file: string): Notice {
  return { severity: 'warning', rule, message, file };
}

function journalPath(history: DrizzleHistory): string {
  return join(history.outDir, 'meta', '_journal.json');
}
