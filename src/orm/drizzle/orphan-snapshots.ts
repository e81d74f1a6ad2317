import { readRegularText } from '../../read-regular-file.ts';
import type { Notice } from '../../plan/change.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import type { DrizzleHistory, SnapshotFile } from './history.ts';
import { fileByTag } from './journal.ts';

/**
 * Snapshots that neither a journal entry nor an SQL file belongs to: what is left of a migration that was taken back, and
 * what drizzle-kit would compare with all the same. One whose SQL file is there belongs to a lost journal entry.
 */
export function orphanSnapshots({ entries, sqlFiles, snapshots, numbering }: DrizzleHistory): SnapshotFile[] {
  const owned = new Set([
    ...entries.map((entry) => numbering.snapshotFileOf(entry)),
    ...[...entries, ...sqlFiles.map((tag) => ({ tag }))].map(fileByTag),
  ]);
  return snapshots.filter(({ file }) => !owned.has(file));
}

/** The history without them, and the edits that remove them. */
export async function withoutOrphans(history: DrizzleHistory): Promise<{
  readonly history: DrizzleHistory;
  readonly edits: readonly FileEdit[];
  readonly notices: readonly Notice[];
}> {
  const orphans = orphanSnapshots(history);
  const edits = await Promise.all(
    orphans.map(async ({ path }) => ({ path, before: await readRegularText(path), after: null })),
  );
  return {
    history: { ...history, snapshots: history.snapshots.filter((snapshot) => !orphans.includes(snapshot)) },
    edits,
    notices: orphans.map(({ file, path }) => ({
      severity: 'info',
      rule: 'snapshot-repaired',
      message: `${file} belonged to no migration: it is removed.`,
      file: path,
    })),
  };
}
