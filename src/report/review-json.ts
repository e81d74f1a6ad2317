import type { ReviewOutcome } from '../commands/review.ts';
import type { Finding } from '../review/finding.ts';
import { clippedStatement } from './clipped.ts';
import type { JsonReport } from './json.ts';
import { fixJson } from './shown-fix.ts';

/** A review as the `--json` object (design §3). */
export function reviewJson({ files, findings, allowed, stopping, rulesOff }: ReviewOutcome): JsonReport {
  return {
    status: stopping.length > 0 ? 'findings' : files === 0 && findings.length === 0 ? 'no_changes' : 'ok',
    findings: findings.map(toJson),
    allowed: allowed.map(({ allowed: reason, ...finding }) => ({ ...toJson(finding), reason })),
    ...(rulesOff.length > 0 && { rulesOff }),
  };
}

/** The keys in the design's order. */
function toJson(finding: Finding) {
  const { rule, severity, file, line, column, statement, objects, message, observed } = finding;
  return {
    rule,
    severity,
    file,
    line,
    column,
    statement: clippedStatement(statement),
    objects,
    message,
    ...fixJson(finding),
    observed,
  };
}
