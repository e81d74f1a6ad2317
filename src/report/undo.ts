import type { UndoOutcome } from '../commands/undo.ts';
import { summarise, unifiedDiff } from '../workspace/diff.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import type { StoredRun } from '../workspace/run-store.ts';
import { createColors } from './terminal-text.ts';

interface Listed {
  readonly root: string;
  readonly runs: readonly StoredRun[];
}

/** The runs that can be taken back, for people: one a line, its files below it. */
export function renderRuns({ root, runs }: Listed): string {
  if (runs.length === 0) return 'There is no run to undo.';
  return runs
    .flatMap(({ id, at, files }) => [
      `${id}  ${at.slice(0, 16).replace('T', ' ')} UTC`,
      ...files.map(({ path, before, hash }) => `  ${actionOf(before, hash)} ${posixRelative(root, path)}`),
    ])
    .join('\n');
}

export function reportRuns({ root, runs }: Listed): object {
  return {
    status: 'ok',
    runs: runs.map(({ id, at, migration, files }) => ({
      id,
      at,
      ...(migration && { migration: migration.name }),
      files: files.map(({ path, before, hash }) => ({
        path: posixRelative(root, path),
        action: actionOf(before, hash),
      })),
    })),
  };
}

function actionOf(before: string | null, hash: string | null): 'create' | 'modify' | 'delete' {
  if (before === null) return 'create';
  return hash === null ? 'delete' : 'modify';
}

/** What was taken back, for people. */
export function renderUndone(outcome: UndoOutcome, options: { readonly color: boolean }): string {
  const colors = createColors(options.color);
  const { root, run, edits, applied, isDryRun, isDeclined } = outcome;
  if (isDeclined) return 'Nothing was changed.';
  const asked =
    applied === undefined
      ? []
      : applied.state === 'unknown'
        ? [colors.dim(`○ no database could be asked whether it has run the migration (${applied.why})`)]
        : [
            colors.dim(
              `○ ${applied.where} has ${applied.state === 'applied' ? '' : 'not '}run the migration`,
            ),
          ];
  if (isDryRun)
    return [unifiedDiff(edits, root).trimEnd(), ...asked, 'Dry run: nothing was changed.'].join('\n');
  return [colors.bold(`Undid ${run.id}`), ...filesOf(outcome, options), ...asked].join('\n');
}

/** What would be undone, in a line for each file. */
export function renderUndoQuestion(outcome: UndoOutcome, options: { readonly color: boolean }): string {
  const colors = createColors(options.color);
  return [colors.bold(`Undo ${outcome.run.id}`), ...filesOf(outcome, options)].join('\n');
}

function filesOf({ edits, root }: UndoOutcome, options: { readonly color: boolean }): string[] {
  const colors = createColors(options.color);
  return edits.map(
    ({ path, after }) =>
      `  ${after === null ? colors.red('delete') : colors.yellow('restore')} ${posixRelative(root, path)}`,
  );
}

export function reportUndone({ root, run, edits, applied, isDryRun }: UndoOutcome): object {
  return {
    status: 'ok',
    ...(isDryRun && { dryRun: true }),
    undone: run.id,
    edits: summarise(edits, root),
    ...(applied && { applied: applied.state }),
  };
}
