import type { PlanSafety } from '../plan/plan.ts';
import { type Finding, objectOf } from './finding.ts';

/** What a person says of one finding: let it pass with a reason, or take its fix. */
export type Decision =
  | { readonly kind: 'allow'; readonly finding: Finding; readonly reason: string }
  | { readonly kind: 'fix'; readonly finding: Finding };

/** Whether the fix can stand where the statement stands: SQL alone, without a step that belongs elsewhere. */
export function canTakeFix({ fix, statement }: Finding, sql: string): boolean {
  return (
    fix !== undefined &&
    statement !== '' &&
    !/^\s*--/m.test(fix) &&
    !/\bCONCURRENTLY\b/i.test(fix) &&
    sql.split(statement).length === 2
  );
}

/**
 * Statements with the fixes that were taken, and what was done in words; undefined where none was. A fix whose statement
 * another one has changed is not taken, and the words say so.
 */
export function withFixes(
  statements: readonly string[],
  decisions: readonly Decision[],
): { readonly statements: readonly string[]; readonly byHand: readonly string[] } | undefined {
  const fixes = decisions.flatMap((decision) => (decision.kind === 'fix' ? [decision.finding] : []));
  if (fixes.length === 0) return undefined;
  const byHand: string[] = [];
  const fixed = [...statements];
  for (const { rule, statement, fix = '' } of fixes) {
    const index = fixed.findIndex((text) => text.includes(statement));
    if (index === -1) {
      byHand.push(`The fix of ${rule} was not taken: another one has changed its statement.`);
      continue;
    }
    const text = fixed[index]!;
    const at = text.indexOf(statement);
    fixed[index] = text.slice(0, at) + fix.replace(/;\s*$/, '') + text.slice(at + statement.length);
    byHand.push(`${fix} (the fix of ${rule}, taken at the terminal)`);
  }
  return { statements: fixed, byHand };
}

/** The plan's safety with what was let pass. */
export function withAllowed(
  safety: PlanSafety | undefined,
  decisions: readonly Decision[],
): PlanSafety | undefined {
  const allowed = decisions.flatMap((decision) => {
    if (decision.kind !== 'allow') return [];
    const { rule } = decision.finding;
    const object = objectOf(decision.finding);
    return [{ rule, ...(object !== undefined && { object }), reason: decision.reason }];
  });
  return allowed.length === 0 ? safety : { ...safety, allow: [...(safety?.allow ?? []), ...allowed] };
}
