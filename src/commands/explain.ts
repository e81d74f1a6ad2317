import { TableplanError } from '../errors.ts';
import { nearest } from '../plan/suggest.ts';
import type { Severity } from '../review/finding.ts';
import { HISTORY_RULES } from '../review/files/history-findings.ts';
import { FIXED_RULES, RULE_NAMES } from '../review/rule-names.ts';
import { review } from '../review/review.ts';
import type { Example } from '../review/rule.ts';
import { rules } from '../review/rules/index.ts';
import { loadSqlParser } from '../postgres/sql.ts';

/** What there is to know of a rule. */
export interface Explanation {
  readonly rule: string;
  /** Undefined where it depends on what was found. */
  readonly severity: Severity | undefined;
  readonly reason: string | undefined;
  /** SQL that the rule reports, what it says of it, and what it proposes instead. */
  readonly bad: string | undefined;
  readonly message: string | undefined;
  readonly fix: string | undefined;
  /** SQL that it lets pass. */
  readonly good: string | undefined;
  /** False where no setting and no plan can turn it off. */
  readonly canBeOff: boolean;
}

/**
 * `tableplan explain <rule>`: why a rule is there, with SQL that it reports and SQL that it lets pass; the message and the
 * fix are those that the rule itself gives. Throws `usage` for a name that is none, with those that are near.
 */
export async function explainRule(name: string): Promise<Explanation> {
  const rule = rules.find((each) => each.name === name);
  const canBeOff = !FIXED_RULES.has(name);
  if (rule === undefined) {
    if (!RULE_NAMES.has(name) && canBeOff) throw unknownRule(name);
    const known = Object.entries(HISTORY_RULES).find(([each]) => each === name);
    const unexplained = { bad: undefined, message: undefined, fix: undefined, good: undefined };
    return { rule: name, severity: undefined, reason: known?.[1].reason, ...unexplained, canBeOff };
  }
  await loadSqlParser();
  const judged = rule.bad
    .map((example) => ({ sql: sqlOf(example), finding: findingOf(rule.name, example) }))
    .toSorted((a, b) => a.sql.length - b.sql.length);
  // One that comes with a fix shows more.
  const shown = judged.find(({ finding }) => finding?.fix !== undefined) ?? judged[0];
  return {
    rule: rule.name,
    severity: rule.severity,
    reason: rule.reason,
    bad: shown?.sql,
    message: shown?.finding?.message,
    fix: shown?.finding?.fix,
    good: rule.good.map(sqlOf).toSorted((a, b) => a.length - b.length)[0],
    canBeOff,
  };
}

function findingOf(name: string, example: Example) {
  const target = typeof example === 'string' ? {} : example.target;
  const { findings } = review(sqlOf(example), { transaction: 'none', optIn: [name], ...target });
  return findings.find(({ rule }) => rule === name);
}

function sqlOf(example: Example): string {
  return typeof example === 'string' ? example : example.sql;
}

function unknownRule(name: string): TableplanError {
  const near = nearest(name, [...RULE_NAMES, ...FIXED_RULES]);
  return new TableplanError('usage', `There is no rule ${JSON.stringify(name)}.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(', ')}?`
        : 'docs/reference/rules.md of the package lists all rules.',
  });
}
