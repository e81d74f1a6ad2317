import { TableplanError } from '../../errors.ts';

/**
 * The error of loading edited entities: those that TypeORM refuses are an error of tableplan, not of the project. Anything else
 * (a database that cannot be reached) is itself.
 */
export function brokenByEdit(cause: unknown): unknown {
  if (!(cause instanceof TableplanError) || cause.code !== 'config-invalid') return cause;
  return new TableplanError('generate-failed', `TypeORM cannot load the edited entities: ${cause.message}`, {
    hint: 'Nothing was written. Please report it with the plan and the entity.',
    frame: cause.frame,
    cause,
  });
}
