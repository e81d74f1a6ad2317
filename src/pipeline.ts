import type { StartedProject } from './orm/orm.ts';
import { draftMigration } from './pipeline/draft.ts';
import {
  type AnyRequest,
  type CodeRequest,
  type Drafted,
  type MigrationOutcome,
  type MigrationRequest,
  type RunOutcome,
  unseen,
} from './pipeline/types.ts';
import {
  checksOf,
  decided,
  notWritten,
  provenTypes,
  refuseTicks,
  remembering,
  unlessInterrupted,
  withLater,
  writeCode,
  writeRepairs,
} from './pipeline/write.ts';
import { tickedChecks, verify } from './pipeline/verification.ts';
import type { FileEdit } from './workspace/file-edit.ts';
import { requireInside } from './workspace/inside.ts';
import { inWorkspace } from './workspace/session.ts';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The whole way through: a plan in; schema edits, the ORM's migration, its rollback and the record out.
 * Every stage is one call, data flows down. Up to `flush` nothing of the project is touched; the flush is journalled.
 * Throws TableplanError, and then every file is as it was.
 */
export function runPipeline(request: MigrationRequest, started: StartedProject): Promise<MigrationOutcome>;
export function runPipeline(request: CodeRequest, started: StartedProject): Promise<RunOutcome>;
export async function runPipeline(request: AnyRequest, started: StartedProject): Promise<RunOutcome> {
  const { project } = started;
  const workspace = {
    root: project.root,
    repoRoot: project.repoRoot,
    dryRun: request.dryRun,
    say: request.say,
    signal: request.signal,
  };
  return inWorkspace(workspace, async (flush) => {
    const first = await draftMigration(request, started);
    await requireInside(editsOf(first), project.repoRoot);
    if (first.status === 'no_changes') return writeRepairs(first, request, flush);
    if (first.status === 'code') return writeCode(first, { ...request, limits: started.limits }, flush);
    const { drafted, isWanted } = await decided(first, request.confirm);
    const { draft } = drafted;
    if (request.dryRun && isWanted) return { status: 'dry-run', draft, verification: undefined };
    request.signal?.throwIfAborted();
    if (!isWanted || draft.proof.stopping.length > 0)
      return notWritten(draft, request, isWanted ? 'stopped' : 'declined');
    const types = await provenTypes(project, { ...request, limits: started.limits }, draft);
    request.signal?.throwIfAborted();
    await flush(draft.edits);
    const remember = await remembering(project, draft, request.say);
    await remember(draft.edits);
    const verification = await unlessInterrupted(request.signal, async (stopped) => {
      const checks = checksOf(request, draft.code);
      const { progress = unseen } = request;
      const verifying = progress(checks.tests ? 'Types and tests checked' : 'Types checked', () =>
        verify(
          { ...project, dependent: draft.code?.application },
          { ...checks, edits: draft.edits, limits: started.limits, types },
        ),
      );
      const verified = await Promise.race([verifying, stopped]);
      // The signal may have reached the compiler before it is heard here.
      if (!verified.ok) await sleep(10);
      request.signal?.throwIfAborted();
      const ticked = await drafted.recordWith(tickedChecks(verified, draft.proof, draft.words));
      if (ticked) {
        await flush([ticked]).catch(refuseTicks);
        await remember(withLater(draft.edits, ticked));
      }
      return verified;
    });
    return { status: 'done', draft, verification };
  });
}

/** All that a run would write. */
function editsOf(drafted: Drafted): readonly FileEdit[] {
  if (drafted.status === 'no_changes') return drafted.repairs;
  return drafted.status === 'code' ? drafted.code.edits : drafted.draft.edits;
}
