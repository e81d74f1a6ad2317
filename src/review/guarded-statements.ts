import { reviewSql } from './review.ts';

/**
 * Statements as `idempotent-ddl` wants them, so that each may run twice, where words in the same statement are all that
 * takes (`IF NOT EXISTS`); the others stay as they are.
 */
export function guardedStatements(statements: readonly string[]): Promise<string[]> {
  return Promise.all(
    statements.map(async (text) => {
      const findings = await reviewSql(text, { optIn: ['idempotent-ddl'] });
      const [finding, ...others] = findings.filter(({ rule }) => rule === 'idempotent-ddl');
      const fix = finding?.fix;
      if (
        finding === undefined ||
        fix === undefined ||
        others.length > 0 ||
        !/\bIF (NOT )?EXISTS\b/.test(fix)
      )
        return text;
      const at = text.indexOf(finding.statement);
      return at === -1
        ? text
        : text.slice(0, at) + fix.replace(/;\s*$/, '') + text.slice(at + finding.statement.length);
    }),
  );
}
