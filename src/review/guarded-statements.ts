import { reviewSql } from './review.ts';

/**
 * Statements as `idempotent-ddl` wants them, so that each may run twice: with `IF [NOT] EXISTS`, or in a block that passes
 * over what is there already. What takes more than that stays as it is.
 */
export function guardedStatements(statements: readonly string[]): Promise<string[]> {
  return Promise.all(
    statements.map(async (text) => {
      const findings = await reviewSql(text, { optIn: ['idempotent-ddl'] });
      const [finding, ...others] = findings.filter(({ rule }) => rule === 'idempotent-ddl');
      const fix = finding?.fix;
      if (finding === undefined || fix === undefined || others.length > 0) return text;
      const at = text.indexOf(finding.statement);
      return at === -1
        ? text
        : text.slice(0, at) + fix.replace(/;\s*$/, '') + text.slice(at + finding.statement.length);
    }),
  );
}
