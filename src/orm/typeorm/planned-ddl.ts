import type { Change } from '../../plan/change.ts';
import { type DatabaseSchema, findTable, isSameObject } from '../../plan/database-schema.ts';
import { renderDdl } from '../../plan/ddl.ts';
import { isOfEnum } from '../../plan/resolve/enum-type.ts';
import { applyChange } from '../../plan/resolve/evolve.ts';
import { baseType } from '../../plan/serial.ts';
import { type AskNames, withNaming } from './naming.ts';
import { type PreAppliedStep, typeSql } from './pre-applied/statements.ts';

/**
 * The plan's own DDL, against which the migration's result is compared: statement by statement what the plan means. For
 * a rename it is TypeORM's own list, with the keys, sequences and enums that follow the name; a sequence follows the
 * type of its column.
 */
export function plannedDdl(input: {
  readonly changes: readonly Change[];
  readonly before: DatabaseSchema;
  readonly told: readonly PreAppliedStep[];
  readonly ask: AskNames;
}): Promise<string[]> {
  const { changes, before, told, ask } = input;
  return withNaming(ask, before, async (naming) => {
    let schema = before;
    const made = new Set<string>();
    return changes.flatMap((change) => {
      const statements = renderDdl([withoutSerial(change)], schema, { naming, comments: 'database' }).filter(
        (sql) => !sql.startsWith('CREATE SCHEMA') || (!made.has(sql) && made.add(sql)),
      );
      const earlier = schema;
      schema = applyChange(schema, change, naming);
      const types = takenAlong(change, { before: earlier, after: schema, changes });
      const up = told.filter((step) => step.change === change).flatMap((step) => step.up);
      if (up.length > 0 && (change.kind === 'rename-table' || change.kind === 'rename-column')) return up;
      return [...statements, ...types, ...up.filter((sql) => sql.startsWith('ALTER SEQUENCE'))];
    });
  });
}

/**
 * A generated column stays one when its type changes: only what is dropped with its default loses the sequence, which
 * `told` changes by its real name.
 */
function withoutSerial(change: Change): Change {
  if (change.kind !== 'alter-column' || !change.type || change.default) return change;
  return { ...change, column: { ...change.column, type: baseType(change.column.type) } };
}

interface Evolved {
  readonly before: DatabaseSchema;
  readonly after: DatabaseSchema;
  readonly changes: readonly Change[];
}

/** TypeORM drops the type of an enum with the last column that has it. */
function takenAlong(change: Change, { before, after, changes }: Evolved): string[] {
  if (change.kind !== 'drop-column' && change.kind !== 'drop-table') return [];
  const gone =
    findTable(before, change.table)?.columns.filter(
      ({ name }) => change.kind === 'drop-table' || name === change.column,
    ) ?? [];
  return before.enums
    .filter(
      (item) =>
        gone.some((column) => isOfEnum(column, item)) &&
        !after.tables.some(({ columns }) => columns.some((column) => isOfEnum(column, item))) &&
        !changes.some((other) => other.kind === 'drop-enum' && isSameObject(other.enum, item)),
    )
    .map((item) => `DROP TYPE ${typeSql(item)}`);
}
