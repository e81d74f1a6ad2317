import type { PlanSafety } from '../plan/plan.ts';
import { UNPROVEN_RULES } from './unproven.ts';
import { type Finding, objectOf } from '../review/finding.ts';

/** A finding that the plan lets pass, with the plan's reason. */
export interface OverriddenFinding extends Finding {
  readonly reason: string;
}

export interface GateOptions {
  readonly safety: PlanSafety | undefined;
  /** Stop at warnings too (`safety: enforce` in the settings, or `--enforce`). */
  readonly enforce: boolean;
  /** Stop where nothing was rehearsed or compared, whatever the severity of that. */
  readonly mustBeProven: boolean;
}

export interface GateResult {
  /** Everything that is still to be said. */
  readonly findings: readonly Finding[];
  readonly overridden: readonly OverriddenFinding[];
  /** Those of `findings` that end the command with exit code 1; none with `safety.skip`. */
  readonly stopping: readonly Finding[];
}

/** Which findings stop a migration (design §2.10): errors, and warnings where they are enforced, unless the plan allows them. */
export function gate(
  findings: readonly Finding[],
  { safety, enforce, mustBeProven }: GateOptions,
): GateResult {
  const reasonFor = (finding: Finding): string | undefined =>
    safety?.allow?.find(
      ({ rule, object }) =>
        rule === finding.rule &&
        (object === undefined || finding.objects.includes(object.replace(/^public\./, ''))),
    )?.reason;
  const overridden = findings.flatMap((finding) => {
    const reason = reasonFor(finding);
    return reason === undefined ? [] : [{ ...finding, reason }];
  });
  const left = findings.filter((finding) => reasonFor(finding) === undefined);
  const stops = (finding: Finding) =>
    finding.severity === 'error' ||
    (finding.severity === 'warning' && (enforce || (mustBeProven && UNPROVEN_RULES.has(finding.rule))));
  return { findings: left, overridden, stopping: safety?.skip === undefined ? left.filter(stops) : [] };
}

/** The lines of a plan that would let findings pass; the reasons are for a person to give. */
export function allowLines(findings: readonly Finding[]): string {
  const entries = new Map(
    findings.map((finding) => {
      const { rule } = finding;
      const object = objectOf(finding);
      return [`${rule} ${object ?? ''}`, { rule, object }] as const;
    }),
  );
  const lines = [...entries.values()].flatMap(({ rule, object }) => [
    `    - rule: ${rule}`,
    ...(object === undefined
      ? []
      : [`      object: ${/^[\w.]+$/.test(object) ? object : JSON.stringify(object)}`]),
    '      reason: why it is safe here',
  ]);
  return ['safety:', '  allow:', ...lines].join('\n');
}
