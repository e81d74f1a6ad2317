import { historyFinding } from '../../../review/files/history-findings.ts';
import type { ReviewSubject, SubjectOptions } from '../../review-subject.ts';
import type { DrizzleLocation } from '../locate/locate.ts';
import { outFolder } from '../out-folder.ts';
import { brokenChain, missingFiles, skippedEntries } from './chain-findings.ts';
import {
  everyMigration,
  type MigrationsFolder,
  oneBatch,
  readMigrationsFolder,
  unnamedFiles,
} from './folder.ts';
import { namedFiles } from './named-files.ts';

/** The newest migration of a project, all of them, or those that are new since a ref. Throws what reading the journal throws. */
export async function drizzleSubject(
  project: DrizzleLocation,
  { cwd, since, all, timeoutMs }: SubjectOptions,
): Promise<ReviewSubject> {
  const found = await readMigrationsFolder(await outFolder(project, timeoutMs));
  const { root } = project;
  const { folder, findings: missing } = missingFiles(found);
  const broken = await brokenChain(folder);
  const chain = [...missing, ...broken.filter(({ file }) => !missing.some((each) => each.file === file))];
  const unnamed = since === undefined ? await unnamedFiles(folder) : [];
  if (unnamed.length > 0) {
    const subject = await withoutJournal(cwd, root, unnamed, all);
    return { ...subject, findings: [...missing, ...subject.findings] };
  }
  if (all) return { root, files: everyMigration(cwd, folder), findings: chain };
  if (since !== undefined) {
    const { files: added, findings } = await changedSince(folder, {
      cwd,
      project,
      ref: since,
      timeoutMs,
      journal: found,
    });
    // Who has deleted a file is told with the commit.
    const others = chain.filter(({ file }) => !findings.some((each) => each.file === file));
    return { root, files: added, findings: [...others, ...findings] };
  }
  const newest = folder.entries.slice(-1);
  return {
    root,
    files: oneBatch(cwd, folder, newest),
    findings: [...chain, ...skippedEntries(folder, newest)],
  };
}

/** Migrations that no journal names: they are reviewed all the same, and it is said that no migrator runs them. */
async function withoutJournal(
  cwd: string,
  root: string,
  unnamed: readonly string[],
  all: boolean,
): Promise<ReviewSubject> {
  const [first = ''] = unnamed;
  const count = unnamed.length === 1 ? 'a SQL file lies' : `${unnamed.length} SQL files lie`;
  return {
    root,
    files: await namedFiles(cwd, all ? unnamed : unnamed.slice(-1)),
    findings: [
      historyFinding('journal-empty', {
        file: first,
        message: `The journal (meta/_journal.json) names no migration that is there, but ${count} in its folder: drizzle-kit migrate runs none of them.`,
        fix: 'Restore meta/ from version control. If the files are run by hand, keep them in another folder than `out`.',
      }),
    ],
  };
}

/** The migrations that a branch adds, and what it does to those before it and to the schema. */
async function changedSince(
  folder: MigrationsFolder,
  {
    cwd,
    project,
    ref,
    timeoutMs,
    journal,
  }: Pick<SubjectOptions, 'cwd' | 'timeoutMs'> & {
    readonly project: DrizzleLocation;
    readonly ref: string;
    /** With the migrations whose files are missing. */
    readonly journal: MigrationsFolder;
  },
): Promise<Pick<ReviewSubject, 'files' | 'findings'>> {
  const [{ changesSince }, { editedSince, entriesBefore }, { schemaWithoutMigration }] = await Promise.all([
    import('../../../workspace/git.ts'),
    import('./edited-since.ts'),
    import('./schema-findings.ts'),
  ]);
  const changes = await changesSince(project.repoRoot, ref);
  const before = await entriesBefore(journal, changes);
  const tags = new Set(before.map(({ tag }) => tag));
  const added = folder.entries.filter(({ tag }) => !tags.has(tag));
  return {
    findings: [
      ...(await editedSince(journal, before, changes)),
      ...skippedEntries(folder, added),
      ...(await schemaWithoutMigration(project, folder.outDir, changes, timeoutMs)),
    ],
    files: oneBatch(cwd, folder, added),
  };
}
