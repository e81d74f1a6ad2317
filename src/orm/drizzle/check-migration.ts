import { TableplanError } from '../../errors.ts';
import type { Change } from '../../plan/change.ts';
import { type DatabaseSchema, displayName } from '../../plan/database-schema.ts';
import { changedObject, describeChange } from '../../plan/describe.ts';
import type { TableNames } from '../../plan/table-names.ts';
import type { ParsedPlan } from '../../plan/parse.ts';
import type { GeneratedMigration } from './generate.ts';
import type { DrizzleHistory } from './history.ts';
import { resolveFor } from './resolve-for.ts';
import { type Difference, unexplained } from './snapshot-diff.ts';

/**
 * "It contains only the expected changes", and all of them: nothing between the two snapshots that no change
 * explains, and nothing of the plan left to do on the new one. Throws `schema-drift` or `generate-failed`.
 */
export async function checkMigration(input: {
  plan: ParsedPlan;
  history: DrizzleHistory;
  changes: readonly Change[];
  migration: GeneratedMigration;
  after: DatabaseSchema;
  tableNames: TableNames | undefined;
}): Promise<void> {
  const foreign = unexplained(input.history.newest?.json, input.migration.snapshot, input.changes);
  const behind = foreign.filter(({ isLeftBehind }) => isLeftBehind);
  if (behind.length > 0) throw leftBehind(behind);
  if (foreign.length > 0) {
    throw new TableplanError(
      'schema-drift',
      `The schema files contain changes that no migration has and that this plan does not ask for: ${foreign.map(({ object, what }) => `${object} (${what})`).join(', ')}.`,
      {
        hint: 'Nothing was written. Generate a migration for those changes first (or take them back), then run this plan again.',
      },
    );
  }
  const left = (await resolveFor(input.plan, input.after, input.history, input.tableNames)).changes.filter(
    ({ kind }) => kind !== 'raw-sql' && kind !== 'comment',
  );
  if (left.length > 0) {
    throw new TableplanError(
      'generate-failed',
      `drizzle-kit's migration leaves out what the plan asks for: ${left.map((change) => `${displayName(changedObject(change))}: ${describeChange(change)}`).join('; ')}.`,
      {
        hint: 'Nothing was written. This is an error of tableplan or drizzle-kit; please report it with the plan and the table.',
        frame: input.migration.sql,
      },
    );
  }
}

/** The database follows a rename in all that names the column; the source does where tableplan can see the SQL of it. */
function leftBehind(objects: readonly Difference[]): TableplanError {
  const names = objects.map(({ object }) => object).join(', ');
  return new TableplanError(
    'schema-not-editable',
    `${names} would keep the old name: the SQL that it is made of stands outside the declaration of its table, where the rename does not reach it.`,
    {
      hint: 'Nothing was written. Write the column as `${table.key}` in that SQL, or put the SQL into the declaration of the table, and run again.',
    },
  );
}
