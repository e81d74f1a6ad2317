import type { Notice } from '../plan/change.ts';
import type { MigrationOutcome } from '../pipeline.ts';

/** Everything worth telling of a run: the notices of plan, history and editors, and the checks that failed. */
export function findingsOf(outcome: MigrationOutcome): Notice[] {
  if (outcome.status === 'no_changes') return [...outcome.notices];
  const failed = (outcome.verification?.steps ?? []).filter(({ ok }) => !ok);
  return [
    ...outcome.draft.notices,
    ...failed.map((step): Notice => ({
      severity: 'warning',
      rule: `${step.name}-failed`,
      message: `${step.command} fails:\n${step.output.trim()}`,
    })),
  ];
}
