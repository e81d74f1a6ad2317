import type { CodeDraft } from '../crud/code.ts';
import type { Notice } from '../plan/change.ts';
import { shownPaths } from '../project/shown-paths.ts';
import type { RunOutcome } from '../pipeline.ts';
import type { Finding } from '../review/finding.ts';

/** Everything worth telling of a run: notices of plan, history and editors, checks that failed, rehearsal and review. */
export function findingsOf(outcome: RunOutcome): (Notice | Finding)[] {
  if (outcome.status === 'no_changes') return [...outcome.notices];
  const failed = (outcome.verification?.steps ?? []).filter(({ ok }) => !ok);
  return [
    ...(outcome.status === 'code' ? outcome.notices : outcome.draft.notices),
    ...(codeOf(outcome)?.notices ?? []),
    ...(outcome.status === 'code' ? [] : outcome.draft.proof.findings),
    ...shownPaths(outcome.status === 'code' ? outcome.project : outcome.draft.project)(
      failed.map((step): Notice => ({
        severity: 'warning',
        rule: `${step.name}-failed`,
        message: `${step.command} fails:\n${step.output.trim()}`,
      })),
    ),
  ];
}

/** The finding that is to be settled first. */
export function worst(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ severity }) => severity === 'error') ?? findings[0];
}

/** Whether a run ends with exit code 1: findings that stop it, or checks of the project that fail. */
export function stops(outcome: RunOutcome): boolean {
  if (outcome.status === 'no_changes' || outcome.status === 'declined') return false;
  if (outcome.verification?.ok === false) return true;
  return outcome.status !== 'code' && outcome.draft.proof.stopping.length > 0;
}

/** The code that a run writes, with a migration or alone. */
export function codeOf(outcome: RunOutcome): CodeDraft | undefined {
  if (outcome.status === 'no_changes') return undefined;
  return outcome.status === 'code' ? outcome.code : outcome.draft.code;
}
