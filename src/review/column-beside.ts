import { fillInBatches } from './batches.ts';
import { type TableRef } from './operation.ts';
import { sqlName } from './print.ts';
import type { Target } from './rule.ts';

/** A column that gets its values from others of its row, by a trigger for new rows and in batches for those that are there. */
export interface KeptColumn {
  readonly table: TableRef;
  readonly column: string;
  /** As SQL over the columns of the row, which it may name with the table's name. */
  readonly value: string;
  /** True for rows that are not filled yet. */
  readonly undone: string;
}

/** The trigger, and the batches to be run after it. */
export function keptByTrigger(
  { table, column, value, undone }: KeptColumn,
  { postgresVersion }: Target,
): string[] {
  const name = sqlName({ schema: undefined, name: column });
  return [
    `CREATE FUNCTION ${functionName(table, column)}() RETURNS trigger LANGUAGE plpgsql AS $fill$`,
    'BEGIN',
    `  NEW.${name} := (SELECT ${value} FROM (SELECT NEW.*) AS ${sqlName({ schema: undefined, name: table.name })});`,
    '  RETURN NEW;',
    'END $fill$;',
    createTrigger(table, column, postgresVersion),
    '-- outside a transaction, after this migration:',
    fillInBatches({ table, column: name, value, undone }, postgresVersion),
  ];
}

/** What takes the trigger away again. */
export function withoutTrigger(table: TableRef, column: string): string[] {
  return [
    `DROP TRIGGER ${sqlName({ schema: undefined, name: `${table.name}_${column}_kept` })} ON ${sqlName(table)};`,
    `DROP FUNCTION ${functionName(table, column)}();`,
  ];
}

/** A trigger that calls the function of a kept column. */
export function createTrigger(table: TableRef, column: string, postgresVersion: number): string {
  const execute = postgresVersion >= 11 ? 'EXECUTE FUNCTION' : 'EXECUTE PROCEDURE';
  const name = sqlName({ schema: undefined, name: `${table.name}_${column}_kept` });
  return `CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${sqlName(table)} FOR EACH ROW ${execute} ${functionName(table, column)}();`;
}

/** The function lies where the table does. */
export function functionName(table: TableRef, column: string): string {
  return sqlName({ schema: table.schema, name: `${table.name}_${column}_kept` });
}
