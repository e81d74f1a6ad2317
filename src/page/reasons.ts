import { HISTORY_RULES } from '../review/files/history-findings.ts';
import { rules } from '../review/rules/index.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(HISTORY_RULES).map(([name, { reason }]): [string, string] => [name, reason]),
  ...rules.map(({ name, reason }): [string, string] => [name, reason]),
]);

/** Why a rule is there; empty where it is not in the catalogue. */
export function reasonOf(rule: string): string {
  return REASONS.get(rule) ?? '';
}
