import { formatAt } from '../errors.ts';
import type { Notice } from '../plan/change.ts';
import { shownFix } from '../report/shown-fix.ts';
import type { Finding, Severity } from '../review/finding.ts';
import type { FindingView, FrameLine } from './view.ts';

type Reported = Finding | (Omit<Notice, 'severity'> & { readonly severity: Severity });

/** Lines of a statement that a frame shows, and those around it. */
const MOST_LINES = 12;
const AROUND = 1;

/**
 * Findings, worst first, each with the lines of its file (`textOf`, by the name of the file) and its fix; why the rule is
 * there stands at the first one of each.
 */
export function findingViews(
  findings: readonly Reported[],
  textOf: (file: string) => string | undefined,
  reasonOf: (rule: string) => string,
): FindingView[] {
  const told = new Set<string>();
  return findings
    .toSorted((a, b) => RANK[a.severity] - RANK[b.severity])
    .map((finding) => {
      const { severity, rule, message, file, line } = finding;
      const isFirst = !told.has(rule);
      told.add(rule);
      return {
        severity,
        rule,
        message,
        place: file === undefined ? '' : formatAt({ file, ...(line !== undefined && { line }) }),
        frame: 'statement' in finding ? frameOf(finding, textOf) : [],
        fix: 'statement' in finding ? shownFix(finding) : undefined,
        reason: isFirst ? reasonOf(rule) : '',
      };
    });
}

const RANK = { error: 0, warning: 1, info: 2 };

/** The statement with the lines around it, as they stand in the file; the statement alone where the file is not known. */
function frameOf(
  { statement, file, line }: Finding,
  textOf: (file: string) => string | undefined,
): FrameLine[] {
  if (statement === '') return [];
  const length = Math.min(statement.split(/\r?\n/).length, MOST_LINES);
  const text = file === undefined ? undefined : textOf(file);
  const all = text?.split(/\r?\n/);
  if (all === undefined || line > all.length) {
    return statement
      .split(/\r?\n/)
      .slice(0, length)
      .map((each, index) => ({ number: line + index, text: each, isHit: true }));
  }
  const first = Math.max(line - AROUND, 1);
  return all
    .slice(first - 1, line - 1 + length + AROUND)
    .map((each, index) => ({
      number: first + index,
      text: each,
      isHit: first + index >= line && first + index < line + length,
    }))
    .filter(({ text: each, isHit }, index, { length: count }) =>
      isHit ? true : each.trim() !== '' || (index > 0 && index < count - 1),
    );
}
