import type { CodeDraft } from '../crud/code.ts';
import { TableplanError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { displayName } from '../plan/database-schema.ts';
import { printPlan } from '../plan/print.ts';
import type { ProjectBase } from '../project/project.ts';
import { verify } from './verification.ts';
import { type StepResult, typecheckAhead } from '../project/verify.ts';
import { keepDraft } from '../workspace/drafts.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import type { ProjectFolders } from '../workspace/own-folder.ts';
import { freeRunId, hashOf, storeRun } from '../workspace/run-store.ts';
import {
  type AnyRequest,
  type CodeOutcome,
  type DraftedMigration,
  type MigrationDraft,
  type MigrationRequest,
  type NoChanges,
  type NotWritten,
  unseen,
} from './types.ts';

/** Code whose packages are still to be installed does not compile yet, and its tests do not run. */
export function checksOf({ typecheck, tests }: MigrationRequest, code: CodeDraft | undefined) {
  const isComplete = code === undefined || code.install.length === 0;
  return { typecheck: typecheck && isComplete, tests: tests && isComplete };
}

/**
 * What the project's compiler says of the code that is to be written, before it is: code that does not compile is not written.
 * Undefined where no code is, or it cannot be tried beforehand. Throws `code-not-proven` for errors that were not there before.
 */
export async function provenTypes(
  project: ProjectBase,
  request: AnyRequest & { readonly limits: Limits },
  draft: MigrationDraft | CodeDraft,
): Promise<StepResult | undefined> {
  const code = 'proof' in draft ? draft.code : draft;
  if (code === undefined || code.edits.length === 0 || !checksOf(request, code).typecheck) return undefined;
  const { progress = unseen } = request;
  const types = await progress('Types of the new code checked', () =>
    typecheckAhead({ ...project, dependent: code.application }, draft.edits, request.limits),
  );
  if (types === undefined || types.ok) return types;
  throw new TableplanError(
    'code-not-proven',
    `The code for ${code.domains.map(displayName).join(', ')} does not compile in this project.`,
    {
      frame: types.output,
      hint: `Nothing was written; these errors of ${types.command} are not there without it. --no-typecheck writes it all the same.`,
    },
  );
}

/** Lets a run be taken back: the files that it has written are kept as they were, under the name of its migration. */
export async function remembering(
  folders: ProjectFolders,
  { migration, code }: MigrationDraft,
  say: (line: string) => void,
): Promise<(edits: readonly FileEdit[]) => Promise<void>> {
  const id = await freeRunId(folders.root, migration.tag);
  const at = new Date().toISOString();
  const file = migration.edits.find(({ path }) => path === migration.sqlPath);
  const remembered = { name: migration.appliedAs, hash: hashOf(file?.after ?? '') };
  return async (edits) => {
    const run = { id, at, migration: remembered, edits, shared: code?.shared };
    sayNotUndoable(await storeRun(folders, run), say);
  };
}

function sayNotUndoable(reason: string | undefined, say: (line: string) => void): void {
  if (reason !== undefined) say(`This run cannot be undone by tableplan undo: ${reason}.`);
}

/** The files are written by then, whatever a second flush says of itself. */
export function refuseTicks(cause: unknown): never {
  if (!(cause instanceof TableplanError)) throw cause;
  throw new TableplanError(cause.code, cause.message, {
    hint: `The migration is written and stays. Only the boxes in its record are not ticked. ${cause.hint?.replace(/^Nothing was written[.;]( every file is as it was\.)? ?/, '') ?? ''}`.trim(),
    at: cause.at,
    cause,
  });
}

/** The edits of a run with a later one of one of its files. */
export function withLater(edits: readonly FileEdit[], later: FileEdit): readonly FileEdit[] {
  return edits.map((edit) => (edit.path === later.path ? { ...edit, after: later.after } : edit));
}

export async function writeRepairs(
  drafted: NoChanges,
  request: AnyRequest,
  flush: (edits: readonly FileEdit[]) => Promise<void>,
): Promise<NoChanges> {
  const { project, repairs } = drafted;
  if (request.dryRun || repairs.length === 0) return drafted;
  request.signal?.throwIfAborted();
  await flush(repairs);
  const id = await freeRunId(project.root, 'repair-snapshots');
  const run = { id, at: new Date().toISOString(), migration: undefined, edits: repairs };
  sayNotUndoable(await storeRun(project, run), request.say);
  return drafted;
}

export async function writeCode(
  drafted: CodeOutcome,
  request: AnyRequest & { readonly limits: Limits },
  flush: (edits: readonly FileEdit[]) => Promise<void>,
): Promise<CodeOutcome> {
  if (request.dryRun) return { ...drafted, state: 'dry-run' };
  if (request.confirmCode && !(await request.confirmCode(drafted))) return { ...drafted, state: 'declined' };
  request.signal?.throwIfAborted();
  const types = await provenTypes(drafted.project, request, drafted.code);
  request.signal?.throwIfAborted();
  await flush(drafted.code.edits);
  const names = drafted.code.domains.map(({ name }) => name).join('-');
  const id = await freeRunId(drafted.project.root, `crud-${names}`);
  const at = new Date().toISOString();
  const { edits, shared } = drafted.code;
  const run = { id, at, migration: undefined, edits, shared };
  sayNotUndoable(await storeRun(drafted.project, run), request.say);
  const checked = { ...drafted.project, dependent: drafted.code.application };
  const verification = await unlessInterrupted(request.signal, (stopped) =>
    Promise.race([
      verify(checked, { ...checksOf(request, drafted.code), edits, limits: request.limits, types }),
      stopped,
    ]),
  );
  return { ...drafted, verification };
}

/** Keeps the plan for `--resume`; a dry run keeps nothing. */
export async function notWritten(
  draft: MigrationDraft,
  request: AnyRequest,
  status: NotWritten['status'],
): Promise<NotWritten> {
  const kept = request.dryRun
    ? { why: 'a dry run writes nothing' }
    : await keepDraft(draft.project, {
        name: draft.migration.tag,
        command: request.code === undefined ? 'migration' : 'crud',
        plan: printPlan(draft.plan.plan),
        ...request.answers?.(),
      });
  return { status, draft, kept, verification: undefined };
}

/** Asks until the draft stands as it is to be written, or is not to be. */
export async function decided(
  first: DraftedMigration,
  confirm: MigrationRequest['confirm'],
): Promise<{ readonly drafted: DraftedMigration; readonly isWanted: boolean }> {
  let drafted = first;
  for (;;) {
    const answer = (await confirm?.(drafted.draft)) ?? 'write';
    if (answer === 'write' || answer === 'leave') return { drafted, isWanted: answer === 'write' };
    drafted = await drafted.revised(answer);
  }
}

/**
 * Runs the checks of what is written by now. A signal ends them, and `stopped` rejects: they prove nothing then, and the
 * record is not to say that they failed.
 */
export async function unlessInterrupted<T>(
  signal: AbortSignal | undefined,
  check: (stopped: Promise<never>) => Promise<T>,
): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  stopped.catch(() => undefined);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await check(stopped);
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new TableplanError('interrupted', 'Interrupted during the checks; the migration is written.');
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
