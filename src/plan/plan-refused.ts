import { TableplanError } from '../errors.ts';

/** The error for what Postgres alone can refuse of a plan: `varchar(0)`, a subquery as a default. */
export function planRefused(failure: {
  readonly sql: string;
  readonly message: string;
  readonly sqlstate: string | undefined;
  /** What Postgres adds: which view, which policy. */
  readonly detail?: string | undefined;
}): TableplanError {
  const detail = failure.detail === undefined ? '' : `Postgres: ${failure.detail}\n`;
  return new TableplanError('plan-invalid', `Postgres refuses what the plan asks for: ${failure.message}.`, {
    frame: failure.sql,
    hint: `${detail}SQLSTATE ${failure.sqlstate}, on an empty database with this project's history. Nothing was written.`,
  });
}
