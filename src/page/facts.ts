import { describeCompared, ROLLBACK_HOLDS_FOR } from '../rehearse/coverage.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import type { Unproven } from '../rehearse/unproven.ts';
import type { Severity } from '../review/finding.ts';
import type { Fact, Verdict } from './view.ts';

/** What it comes to in a line. */
export function verdictOf(
  findings: readonly { readonly severity: Severity }[],
  stopping: readonly { readonly severity: Severity }[],
): Verdict {
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    if (count === 0) return [];
    return [`${count} ${severity}${count === 1 || severity === 'info' ? '' : 's'}`];
  });
  const found = counts.length === 0 ? '' : `: ${counts.join(', ')}`;
  const isStopped = stopping.length > 0 || findings.some(({ severity }) => severity === 'error');
  if (isStopped) return { kind: 'error', text: `✖ Stopped${found}` };
  const kind = findings.some(({ severity }) => severity === 'warning') ? 'warning' : 'ok';
  return { kind, text: `${kind === 'ok' ? '✔' : '▲'} Nothing stops it${found}` };
}

/** Where it was rehearsed, and how far its rollback leads back. */
export function rehearsalFacts(rehearsal: Rehearsal | undefined): Fact[] {
  if (rehearsal === undefined) return [];
  const { engine, version, up, down, again, rollback, compared, limits, lost } = rehearsal;
  const steps = [`up ${up}`, `down ${down}`, `up again ${again}`].join(', ');
  return [
    { label: 'Rehearsed', value: `${engine}, PostgreSQL ${version}: ${steps}` },
    { label: 'Rollback', value: rollback === 'exact' ? `exact for ${ROLLBACK_HOLDS_FOR}` : rollback },
    ...(lost.length > 0 ? [{ label: 'Not brought back', value: lost.join('; ') }] : []),
    ...(limits.length > 0 ? [{ label: 'Limit of the rollback', value: limits.join('; ') }] : []),
    ...(compared ? [{ label: 'Compared', value: describeCompared(compared) }] : []),
  ];
}

/** What was not proven. */
export function warningsOf({
  notRehearsed,
  notCompared,
}: {
  readonly notRehearsed: Unproven | undefined;
  readonly notCompared: Unproven | undefined;
}): string[] {
  return [
    ...(notRehearsed ? [`Not rehearsed. ${notRehearsed.reason}`] : []),
    ...(notCompared ? [`Not compared. ${notCompared.reason}`] : []),
  ];
}
