import type { CodeDraft } from '../crud/code.ts';
import type { Notice } from '../plan/change.ts';
import { shownPaths } from '../project/shown-paths.ts';
import type { VerificationStep } from '../pipeline/verification.ts';
import type { RunOutcome } from '../pipeline/types.ts';
import type { Finding } from '../review/finding.ts';

/** A check of the project that fails: it ends the run with exit code 1, and is called so. */
export interface FailedCheck extends Omit<Notice, 'severity'> {
  readonly severity: 'error';
}

/** Everything worth telling of a run: notices of plan, history and editors, checks that failed, rehearsal and review. */
export function findingsOf(outcome: RunOutcome): (Notice | Finding | FailedCheck)[] {
  if (outcome.status === 'no_changes') return [...outcome.notices];
  const project = outcome.status === 'code' ? outcome.project : outcome.draft.project;
  return [
    ...(outcome.status === 'code' ? outcome.notices : outcome.draft.notices),
    ...(codeOf(outcome)?.notices ?? []),
    ...(outcome.status === 'code' ? [] : outcome.draft.proof.findings),
    ...shownPaths(project)((outcome.verification?.steps ?? []).flatMap(checkFinding)),
  ];
}

function checkFinding(step: VerificationStep): (Notice | FailedCheck)[] {
  const { name, command, ok, output, existing } = step;
  if (ok && existing === undefined) return [];
  const before = existing === undefined ? '' : ` (${existing} errors were there before this run)`;
  if (ok)
    return [
      { severity: 'info', rule: 'types-failed-before', message: `${command} finds nothing new${before}` },
    ];
  const what = name === 'types' ? `${command} fails${before}. The places to change:` : `${command} fails:`;
  return [{ severity: 'error', rule: `${name}-failed`, message: `${what}\n${output.trim()}` }];
}

/** A matter of taste: nothing was seen to happen, and nothing goes wrong. */
export function isTaste(told: Notice | Finding | FailedCheck): boolean {
  return told.severity === 'info' && 'observed' in told && !told.observed;
}

/** The finding that is to be settled first. */
export function worst(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ severity }) => severity === 'error') ?? findings[0];
}

/** Whether a run ends with exit code 1: findings that stop it, or checks of the project that fail. */
export function stops(outcome: RunOutcome): boolean {
  if (outcome.status === 'no_changes' || outcome.status === 'declined') return false;
  if (outcome.status === 'stopped') return true;
  if (outcome.verification?.ok === false) return true;
  return outcome.status !== 'code' && outcome.draft.proof.stopping.length > 0;
}

/** The code that a run writes, with a migration or alone. */
export function codeOf(outcome: RunOutcome): CodeDraft | undefined {
  if (outcome.status === 'no_changes') return undefined;
  return outcome.status === 'code' ? outcome.code : outcome.draft.code;
}
