import type { Finding } from '../review/finding.ts';

/** What is shown of a fix: a heading, and the SQL under it unless it is withheld. */
export interface ShownFix {
  readonly heading: string;
  readonly sql: string | undefined;
}

/**
 * The fix of a finding as reports show it: with those of the findings before it on the same statement, which it would
 * write back alone; or why it is withheld. Undefined where there is none.
 */
export function shownFix({ fix, together }: Pick<Finding, 'fix' | 'together'>): ShownFix | undefined {
  if (fix === undefined) return undefined;
  if (together === undefined) return { heading: 'fix', sql: fix };
  const rules = together.rules.join(', ');
  return together.fix === undefined
    ? {
        heading: `fix: withheld, it does not go with that of ${rules}; take that one and run again`,
        sql: undefined,
      }
    : { heading: `fix, with that of ${rules}`, sql: together.fix };
}

/** The same for JSON: `fixWith` are the rules whose fixes it holds too, `fixWithheldFor` those that it does not go with. */
export function fixJson(finding: Pick<Finding, 'fix' | 'together'>): object {
  const { fix, together } = finding;
  if (fix === undefined) return {};
  if (together === undefined) return { fix };
  return together.fix === undefined
    ? { fixWithheldFor: together.rules }
    : { fix: together.fix, fixWith: together.rules };
}

/** The message with the fix under it, as plain text. */
export function textWithFix(finding: Pick<Finding, 'message' | 'fix' | 'together'>): string {
  const { message } = finding;
  const fix = shownFix(finding);
  if (fix === undefined) return message;
  const heading = fix.heading.charAt(0).toUpperCase() + fix.heading.slice(1);
  return `${message}\n\n${heading}${fix.sql === undefined ? '.' : `:\n${fix.sql}`}`;
}
