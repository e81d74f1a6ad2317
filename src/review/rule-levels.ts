import type { Notice } from '../plan/change.ts';
import type { Finding, Severity } from './finding.ts';

export const RULE_LEVELS = ['error', 'warning', 'info', 'off'] as const;

/** How much a project makes of a rule. */
export type RuleLevel = (typeof RULE_LEVELS)[number];

/** By rule: `{ 'type-preferences': 'off' }`. */
export type RuleLevels = Readonly<Record<string, RuleLevel>>;

/** Findings with the severity that the settings give their rule; without those of rules that are off. */
export function withLevels<Found extends { readonly rule: string; readonly severity: Severity }>(
  findings: readonly Found[],
  levels: RuleLevels = {},
): (Found & { readonly severity: Severity })[] {
  return findings.flatMap((finding) => {
    const level = levels[finding.rule];
    return level === 'off' ? [] : [level === undefined ? finding : { ...finding, severity: level }];
  });
}

export interface NoticesWithLevels {
  readonly notices: readonly Notice[];
  /** Notices of rules that are errors for this project: only a finding can stop a command. */
  readonly findings: readonly Finding[];
}

/** The same for notices, which stop nothing themselves. */
export function noticesWithLevels(
  notices: readonly Notice[],
  levels: RuleLevels | undefined,
): NoticesWithLevels {
  const all = withLevels<Omit<Notice, 'severity'> & { readonly severity: Severity }>(notices, levels);
  return {
    notices: all.flatMap(({ severity, ...notice }) =>
      severity === 'error' ? [] : [{ ...notice, severity }],
    ),
    findings: all.flatMap(({ rule, severity, message, file, line = 1 }) =>
      severity === 'error'
        ? [
            {
              rule,
              severity,
              message,
              statement: '',
              objects: [],
              ...(file !== undefined && { file }),
              line,
              column: 1,
              observed: false,
            },
          ]
        : [],
    ),
  };
}

/** Rules that are off, in their order. */
export function rulesOff(levels: RuleLevels = {}): string[] {
  return Object.keys(levels)
    .filter((rule) => levels[rule] === 'off')
    .toSorted();
}
