import type { PlanPath } from '../plan.ts';
import { PlanProblem } from '../problem.ts';

/**
 * Drizzle's migrator cuts a migration file wherever this stands, in the middle of a text or a comment too
 * (drizzle-orm/migrator: `query.split('--> statement-breakpoint')`): what follows would run as SQL of its own.
 */
export const STATEMENT_BREAK = '--> statement-breakpoint';

/** Throws PlanProblem at the first text of the plan, whatever it is for, that would cut the migration in two. */
export function refuseStatementBreaks(value: unknown, path: PlanPath = []): void {
  if (typeof value === 'string') refuseStatementBreak(value, path);
  else if (Array.isArray(value))
    value.forEach((item, index) => refuseStatementBreaks(item, [...path, index]));
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) refuseStatementBreaks(item, [...path, key]);
}

/** The same for one text: one of the plan's, or what Postgres reads an escaped one (`E'--\x3e …'`) as. */
export function refuseStatementBreak(text: string, path: PlanPath, written = text): void {
  if (!text.includes(STATEMENT_BREAK)) return;
  const offset = written.indexOf(STATEMENT_BREAK);
  throw new PlanProblem(path, `"${STATEMENT_BREAK}" cannot stand in a plan`, {
    offset: offset === -1 ? undefined : offset,
    hint: 'The migrator cuts the migration file there, even within a text. Write it in another way.',
  });
}
