import { locateProject, startProject } from '../orm/orms.ts';
import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TableplanError } from '../errors.ts';
import { type Applied, isApplied } from '../orm/applied.ts';
import { committedText } from '../workspace/git.ts';
import { nearest } from '../plan/suggest.ts';
import { unifiedDiff } from '../workspace/diff.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import {
  forgetRun,
  hashOf,
  type StoredFile,
  type StoredMigration,
  type StoredRun,
  refuseLinks,
  storedRuns,
} from '../workspace/run-store.ts';
import { readIfThere } from '../workspace/read-text.ts';
import { inWorkspace } from '../workspace/session.ts';

export interface UndoOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  /** The run to take back; the newest unless given. */
  readonly id?: string | undefined;
  readonly dryRun: boolean;
  /** Take the files back though a database has run the migration. */
  readonly evenIfApplied: boolean;
  /** Take the files back though git has committed them as the run wrote them. */
  readonly evenIfCommitted?: boolean | undefined;
  /** Asked with what would be taken back, before anything is. */
  readonly confirm?: ((outcome: UndoOutcome) => Promise<boolean>) | undefined;
  /** How long the project's config may take, instead of what the settings say. */
  readonly timeoutMs?: number | undefined;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface UndoOutcome {
  readonly root: string;
  readonly run: StoredRun;
  readonly edits: readonly FileEdit[];
  /** What the project's database says of the migration; undefined where the run made none. */
  readonly applied: Applied | undefined;
  readonly isDryRun: boolean;
  /** A person did not want it: nothing was changed. */
  readonly isDeclined: boolean;
}

/** `tableplan undo --list`: the runs that can be taken back, newest first, and the folder of the project. */
export async function listRuns(
  cwd: string,
  config: string | undefined,
  say?: (line: string) => void,
): Promise<{ readonly root: string; readonly runs: readonly StoredRun[] }> {
  const { project } = await locateProject(cwd, { config });
  return { root: project.root, runs: await storedRuns(project, say) };
}

/**
 * `tableplan undo [id]`: takes the files and edits of a run back, a migration or a whole domain. Throws `usage` where there
 * is no such run, `undo-refused` where one of its files is not as the run left it, or where the project's own database can
 * be reached and has run the migration, or git has committed what the run wrote; nothing was changed then.
 */
export async function runUndoCommand(options: UndoOptions): Promise<UndoOutcome> {
  const { project } = await locateProject(options.cwd, { config: options.config });
  const { root, repoRoot } = project;
  const { dryRun, say, signal } = options;
  return inWorkspace({ root, repoRoot, dryRun, say, signal }, async (flush) => {
    const runs = await storedRuns(project, say);
    const run = pick(runs, options.id);
    await refuseLinks(project, run);
    const edits = await editsBack(run, { root, later: runs.slice(0, runs.indexOf(run)) });
    const applied = run.migration && (await askDatabase(run.migration, options));
    if (applied?.state === 'applied' && !options.evenIfApplied) throw hasRun(run, applied.where);
    if (!options.evenIfCommitted) await refuseCommitted(run, root);
    const outcome = { root, run, edits, applied, isDryRun: dryRun, isDeclined: false };
    if (!dryRun && options.confirm && !(await options.confirm(outcome)))
      return { ...outcome, isDeclined: true };
    signal?.throwIfAborted();
    if (!dryRun) {
      await flush(edits);
      await forgetRun(root, run.id);
      await dropEmptyFolders(edits, root);
    }
    return outcome;
  });
}

function pick(runs: readonly StoredRun[], id: string | undefined): StoredRun {
  const [newest] = runs;
  if (newest === undefined)
    throw new TableplanError('usage', 'There is no run to undo.', {
      hint: 'Runs are remembered in .tableplan/undo, on the machine where they ran. git knows older ones.',
    });
  if (id === undefined) return newest;
  const found = runs.find((run) => run.id === id);
  if (found) return found;
  const [near] = nearest(
    id,
    runs.map((run) => run.id),
  );
  throw new TableplanError('usage', `There is no run ${id}.`, {
    hint: `${near === undefined ? '' : `Did you mean ${near}? `}tableplan undo --list shows what can be undone.`,
  });
}

/** The edits that put every file back as it was before the run, each of them still as the run left it. */
async function editsBack(
  run: StoredRun,
  { root, later }: { readonly root: string; readonly later: readonly StoredRun[] },
): Promise<readonly FileEdit[]> {
  const own = run.files.filter(({ isShared }) => !isShared || later.length === 0);
  const now = await Promise.all(own.map(async (file) => ({ file, text: await readIfThere(file.path) })));
  const edited = now.filter(({ file, text }) => (text === null ? null : hashOf(text)) !== file.hash);
  if (edited.length > 0) throw changedSince(run, edited, { root, later });
  return now.map(({ file, text }) => ({ path: file.path, before: text, after: file.before }));
}

function changedSince(
  run: StoredRun,
  edited: readonly { readonly file: StoredFile; readonly text: string | null }[],
  { root, later }: { readonly root: string; readonly later: readonly StoredRun[] },
): TableplanError {
  const paths = edited.map(({ file }) => file.path);
  const others = later
    .filter(({ files }) => files.some(({ path }) => paths.includes(path)))
    .map(({ id }) => id);
  const diff = edited.flatMap(({ file, text }) =>
    file.after === null && file.hash !== null ? [] : [{ path: file.path, before: file.after, after: text }],
  );
  return new TableplanError(
    'undo-refused',
    `Since ${run.id} ran, somebody has changed ${paths.map((path) => posixRelative(root, path)).join(', ')}.`,
    {
      frame: unifiedDiff(diff, root),
      hint:
        others.length > 0
          ? `Nothing was changed. Take the later ${others.length === 1 ? 'run' : 'runs'} back first: ${others.join(', ')}.`
          : 'Nothing was changed. Take these changes out, or the run back by hand.',
    },
  );
}

/** What was committed is others' too: it is taken back by a commit. */
async function refuseCommitted({ id, files }: StoredRun, root: string): Promise<void> {
  const committed = await Promise.all(
    files.map(async ({ path, hash }) => {
      const text = hash === null ? undefined : await committedText(path);
      return text !== undefined && hashOf(text) === hash ? [posixRelative(root, path)] : [];
    }),
  );
  const paths = committed.flat();
  if (paths.length === 0) return;
  throw new TableplanError(
    'undo-refused',
    `${id} is committed: ${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ' …' : ''}`,
    {
      hint: 'Nothing was changed. Revert the commit (git revert), or pass --even-if-committed to undo the files.',
    },
  );
}

function hasRun({ id, migration }: StoredRun, where: string): TableplanError {
  return new TableplanError('undo-refused', `The database ${where} has run ${migration?.name ?? id}.`, {
    hint: 'Nothing was changed. Run its way back there first (the record has it), or pass --even-if-applied to undo the files alone.',
  });
}

/** Whether the project's own database has the migration: asked by one SELECT, in a read-only transaction. */
async function askDatabase(
  migration: StoredMigration,
  { cwd, config, timeoutMs }: UndoOptions,
): Promise<Applied> {
  const started = await startProject(cwd, { config, keep: false, timeoutMs });
  try {
    const { address, table } = await started.migrator(migration);
    return await isApplied(address, table);
  } catch (error) {
    return { state: 'unknown', why: (error as Error).message };
  } finally {
    await started.stop();
  }
}

/** Folders in which only the run's own files lay. */
async function dropEmptyFolders(edits: readonly FileEdit[], root: string): Promise<void> {
  const folders = new Set(edits.filter(({ after }) => after === null).map(({ path }) => dirname(path)));
  for (const start of [...folders].toSorted((a, b) => b.length - a.length)) {
    for (let folder = start; folder.startsWith(`${root}/`); folder = dirname(folder)) {
      const isGone = await rmdir(folder).then(
        () => true,
        () => false,
      );
      if (!isGone) break;
    }
  }
}
