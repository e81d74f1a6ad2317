import { TableplanError } from '../../errors.ts';
import { type DatabaseSchema, displayName } from '../../plan/database-schema.ts';
import { changedObject, describeChange } from '../../plan/describe.ts';
import type { ParsedPlan } from '../../plan/parse.ts';
import { resolveForTypeorm, type TypeormResolving } from './resolve-for.ts';

/**
 * That a migration holds all of its plan: nothing of it is left to do on the schema that it leads to. Throws
 * `generate-failed` naming what is left.
 */
export async function checkTypeormMigration(
  plan: ParsedPlan,
  reached: DatabaseSchema,
  resolving: TypeormResolving,
  sql: string,
): Promise<void> {
  // What the plan renames or drops is in no earlier migration, but in this one.
  const migrations = [...resolving.migrations, sql];
  const { changes } = await resolveForTypeorm(plan, reached, { ...resolving, migrations });
  const left = changes.filter(({ kind }) => kind !== 'raw-sql' && kind !== 'comment');
  if (left.length === 0) return;
  const told = left.map((change) => `${displayName(changedObject(change))}: ${describeChange(change)}`);
  throw new TableplanError(
    'generate-failed',
    `The migration leaves out what the plan asks for: ${told.join('; ')}.`,
    {
      hint: 'Nothing was written. This is an error of tableplan or TypeORM; please report it with the plan and the entity.',
      frame: sql,
    },
  );
}
