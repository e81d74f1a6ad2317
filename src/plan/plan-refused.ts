import { TableplanError } from '../errors.ts';
import type { ParsedPlan } from './parse.ts';
import { type PlannedFailure, placeOfFailure } from './place-of-failure.ts';

/** The error for what Postgres alone can refuse of a plan: `varchar(0)`, a subquery as a default. */
export function planRefused(failure: PlannedFailure, parsed: ParsedPlan): TableplanError {
  const place = placeOfFailure(parsed.plan, failure);
  const at = place && parsed.at(place.path, place.offset);
  const frames = [at && parsed.frame(at), failure.sql].filter((frame) => frame !== undefined);
  const detail = failure.detail === undefined ? '' : `Postgres: ${failure.detail}\n${wayOf(failure)}`;
  return new TableplanError('plan-invalid', `Postgres refuses what the plan asks for: ${failure.message}.`, {
    at,
    frame: frames.join('\n'),
    hint: `${detail}SQLSTATE ${failure.sqlstate}, on an empty database with this project's history. Nothing was written.`,
  });
}

/** What keeps a column or table from changing is in the detail, which no source has perhaps. */
function wayOf({ message, detail = '' }: PlannedFailure): string {
  if (!/\b(?:cannot drop|cannot alter type)\b/.test(message) || !/depends on|used by/.test(detail)) return '';
  return 'Drop what depends on it in a migration before this one, run this plan again, and create it anew in a migration after it.\n';
}
