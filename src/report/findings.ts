import type { Notice } from '../plan/change.ts';
import type { MigrationOutcome } from '../pipeline.ts';
import type { Finding } from '../review/finding.ts';

/** Everything worth telling of a run: notices of plan, history and editors, checks that failed, rehearsal and review. */
export function findingsOf(outcome: MigrationOutcome): (Notice | Finding)[] {
  if (outcome.status === 'no_changes') return [...outcome.notices];
  const failed = (outcome.verification?.steps ?? []).filter(({ ok }) => !ok);
  return [
    ...outcome.draft.notices,
    ...outcome.draft.proof.findings,
    ...failed.map((step): Notice => ({
      severity: 'warning',
      rule: `${step.name}-failed`,
      message: `${step.command} fails:\n${step.output.trim()}`,
    })),
  ];
}

/** The finding that is to be settled first. */
export function worst(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ severity }) => severity === 'error') ?? findings[0];
}

/** Whether a run ends with exit code 1: findings that stop it, or checks of the project that fail. */
export function stops(outcome: MigrationOutcome): boolean {
  if (outcome.status === 'no_changes' || outcome.status === 'declined') return false;
  return outcome.verification?.ok === false || outcome.draft.proof.stopping.length > 0;
}
