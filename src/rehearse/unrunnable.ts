import { TableplanError } from '../errors.ts';
import { parseScript } from '../postgres/parse-script.ts';
import type { Rehearsal } from './rehearse.ts';

/**
 * Ends a run whose migration fails whatever rows there are: it is never offered as something to allow. That is SQL which
 * Postgres cannot parse, and statements of the generator that name what is not there, or not of that type, where the
 * plan's own SQL ran on the same database. Throws `generate-failed`. Needs the SQL parser to be loaded.
 *
 * @param generator what has written the SQL, as people know it: `drizzle-kit`
 */
export function refuseUnrunnable(sql: string, rehearsal: Rehearsal | undefined, generator: string): void {
  const unread = parseScript(sql).find(({ error }) => error !== undefined);
  if (unread) throw unrunnable(generator, { message: unread.error ?? '', sql: unread.text });
  const failed = rehearsal?.statements.find(({ failure }) => failure !== undefined);
  if (!failed?.failure || rehearsal?.up !== 'failed' || rehearsal.comparedWith !== 'plan') return;
  const { sqlstate, message } = failed.failure;
  if (isAboutTheStatement(sqlstate))
    throw unrunnable(generator, { message: `${message} (SQLSTATE ${sqlstate})`, sql: failed.sql });
}

/** Syntax, names and types (class 42, but for rights), dependent objects, and what Postgres does not do. */
function isAboutTheStatement(sqlstate: string): boolean {
  return (
    (sqlstate.startsWith('42') && sqlstate !== '42501') || ['2BP01', '3F000', '0A000'].includes(sqlstate)
  );
}

function unrunnable(generator: string, { message, sql }: { message: string; sql: string }): TableplanError {
  return new TableplanError(
    'generate-failed',
    `The SQL of ${generator} cannot run on any data: ${message}.`,
    {
      hint: `Nothing was written. The plan is valid; ${generator} writes this statement wrongly. Leave this change out of the plan and write it by hand in a migration of its own.`,
      frame: sql,
    },
  );
}
