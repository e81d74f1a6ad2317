import { TableplanError } from '../errors.ts';
import type { ParsedPlan } from './parse.ts';
import { type PlannedFailure, placeOfFailure } from './place-of-failure.ts';

/** The error for what Postgres alone can refuse of a plan: `varchar(0)`, a subquery as a default. */
export function planRefused(failure: PlannedFailure, parsed: ParsedPlan): TableplanError {
  const place = placeOfFailure(parsed.plan, failure);
  const at = place && parsed.at(place.path, place.offset);
  const frames = [at && parsed.frame(at), failure.sql].filter((frame) => frame !== undefined);
  const detail = failure.detail === undefined ? '' : `Postgres: ${failure.detail}\n`;
  return new TableplanError('plan-invalid', `Postgres refuses what the plan asks for: ${failure.message}.`, {
    at,
    frame: frames.join('\n'),
    hint: `${detail}${wayOf(failure)}SQLSTATE ${failure.sqlstate}, on an empty database with this project's history. Nothing was written.`,
  });
}

/** What keeps a column or table from changing is in the detail, which no source has perhaps. */
function wayOf(failure: PlannedFailure): string {
  const { message, detail = '' } = failure;
  const forRows = wayForRows(failure);
  if (forRows !== undefined) return `${forRows}\n`;
  if (!/\b(?:cannot drop|cannot alter type)\b/.test(message) || !/depends on|used by/.test(detail)) return '';
  return 'Drop what depends on it in a migration before this one, run this plan again, and create it anew in a migration after it.\n';
}

/** What to do about rows: none are there but those that the history inserts. Undefined where rows are not the reason. */
function wayForRows({ message, sql, sqlstate = '' }: PlannedFailure): string | undefined {
  const isType = /\bALTER COLUMN\b[^;]*\bTYPE\b/i.test(sql) && sqlstate.startsWith('22');
  if (!isType && !sqlstate.startsWith('23')) return undefined;
  const rows = "The project's own migrations insert such rows, so every database may have them.";
  if (/\bADD COLUMN\b/i.test(sql)) return `${rows} Give the column a default, or leave it nullable.`;
  const [, column, table] = /^column "(.+)" of relation "(.+)" contains null values/.exec(message) ?? [];
  const filling =
    column === undefined ? '' : `: UPDATE "${table}" SET "${column}" = … WHERE "${column}" IS NULL;`;
  return `${rows} Correct them in a migration before this one (drizzle-kit generate --custom, typeorm migration:create)${filling}\nThen run this plan again.`;
}
