import { constraintName } from './constraint-name.ts';
import { validateSql } from './not-valid.ts';
import type { ConstraintSpec, TableRef } from './operation.ts';
import { sqlName } from './print.ts';
import type { Target } from './rule.ts';

/** NOT NULL without a scan under the strongest lock: what is added at once, and what is run in a later transaction. */
export interface NotNullSteps {
  /** Commands of an ALTER TABLE. */
  readonly commands: readonly string[];
  /** Statements. */
  readonly later: readonly string[];
}

/** The way to NOT NULL that a version of Postgres has: itself NOT VALID (18), by a CHECK that proves it (12), or the CHECK alone. */
export function notNullSteps(
  table: TableRef,
  column: string,
  target: Target,
  given?: string | undefined,
): NotNullSteps {
  const constraint: ConstraintSpec = { type: 'not-null', name: given, columns: [column], notValid: true };
  const name = constraintName(table, constraint);
  const [constraintSql, columnSql] = [
    sqlName({ schema: undefined, name }),
    sqlName({ schema: undefined, name: column }),
  ];
  const validate = validateSql(table, name);
  if (target.postgresVersion >= 18 && !target.isVersionAssumed) {
    return {
      commands: [`ADD CONSTRAINT ${constraintSql} NOT NULL ${columnSql} NOT VALID`],
      later: [validate],
    };
  }
  const commands = [`ADD CONSTRAINT ${constraintSql} CHECK (${columnSql} IS NOT NULL) NOT VALID`];
  if (target.postgresVersion < 12) return { commands, later: [validate] };
  const alter = `ALTER TABLE ${sqlName(table)}`;
  return {
    commands,
    later: [
      validate,
      `${alter} ALTER COLUMN ${columnSql} SET NOT NULL;`,
      `${alter} DROP CONSTRAINT ${constraintSql};`,
    ],
  };
}
