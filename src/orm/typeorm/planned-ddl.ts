import type { Change } from '../../plan/change.ts';
import type { DatabaseSchema } from '../../plan/database-schema.ts';
import { renderDdl } from '../../plan/ddl.ts';
import { applyChange } from '../../plan/resolve/evolve.ts';
import { type AskNames, withNaming } from './naming.ts';
import type { ToldStep } from './told/statements.ts';

/**
 * The plan's own DDL, against which the migration's result is compared: statement by statement what the plan means. For
 * a rename it is TypeORM's own list, with the keys, sequences and enums that follow the name; a sequence follows the
 * type of its column.
 */
export function plannedDdl(input: {
  readonly changes: readonly Change[];
  readonly before: DatabaseSchema;
  readonly told: readonly ToldStep[];
  readonly ask: AskNames;
}): Promise<string[]> {
  const { changes, before, told, ask } = input;
  return withNaming(ask, before, async (naming) => {
    let schema = before;
    const made = new Set<string>();
    return changes.flatMap((change) => {
      const statements = renderDdl([change], schema, { naming, comments: 'database' }).filter(
        (sql) => !sql.startsWith('CREATE SCHEMA') || (!made.has(sql) && made.add(sql)),
      );
      schema = applyChange(schema, change, naming);
      const step = told.find((candidate) => candidate.change === change);
      if (step && (change.kind === 'rename-table' || change.kind === 'rename-column')) return step.up;
      return [...statements, ...(step?.up.filter((sql) => sql.startsWith('ALTER SEQUENCE')) ?? [])];
    });
  });
}
