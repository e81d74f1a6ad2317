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

/** A column of another type that is to take the name of an old one. */
export interface Successor {
  readonly table: TableRef;
  readonly column: string;
  readonly type: string;
  /** The new value, as SQL over the old row. */
  readonly value: string;
}

/** A column beside an old one, filled from it, and at last in its place. */
export function columnBeside({ table, column, type, value }: Successor, target: Target): string[] {
  const beside = `${column}_new`;
  const [on, old, next, kept] = [
    sqlName(table),
    ...[column, beside, `${column}_old`].map((name) => sqlName({ schema: undefined, name })),
  ];
  return [
    `ALTER TABLE ${on} ADD COLUMN ${next} ${type};`,
    ...keptByTrigger(
      { table, column: beside, value, undone: `${next} IS NULL AND ${value} IS NOT NULL` },
      target,
    ),
    `-- what ${old} has besides (a default, NOT NULL, indexes, keys) is made for ${next}; then, in a migration that is deployed later:`,
    'BEGIN;',
    ...withoutTrigger(table, beside),
    `ALTER TABLE ${on} RENAME COLUMN ${old} TO ${kept};`,
    `ALTER TABLE ${on} RENAME COLUMN ${next} TO ${old};`,
    // New rows no longer have a value for it.
    `ALTER TABLE ${on} ALTER COLUMN ${kept} DROP NOT NULL;`,
    'COMMIT;',
  ];
}

/** A column that is to have another name. */
export interface Renaming {
  readonly table: TableRef;
  readonly from: string;
  readonly to: string;
  readonly type: string;
}

/** The new name as a column beside the old one: whichever of the two is written, the other follows. */
export function keptBothWays({ table, from, to, type }: Renaming, target: Target): string[] {
  const [on, old, next] = [sqlName(table), ...[from, to].map((name) => sqlName({ schema: undefined, name }))];
  return [
    `ALTER TABLE ${on} ADD COLUMN ${next} ${type};`,
    `CREATE FUNCTION ${functionName(table, to)}() RETURNS trigger LANGUAGE plpgsql AS $fill$`,
    'BEGIN',
    `  IF TG_OP = 'INSERT' THEN NEW.${next} := coalesce(NEW.${next}, NEW.${old}); NEW.${old} := NEW.${next};`,
    `  ELSIF NEW.${next} IS DISTINCT FROM OLD.${next} THEN NEW.${old} := NEW.${next};`,
    `  ELSE NEW.${next} := NEW.${old}; END IF;`,
    '  RETURN NEW;',
    'END $fill$;',
    createTrigger(table, to, target.postgresVersion),
    '-- outside a transaction, after this migration:',
    fillInBatches(
      { table, column: String(next), value: String(old), undone: `${next} IS NULL AND ${old} IS NOT NULL` },
      target.postgresVersion,
    ),
    `-- when no code uses ${from} any more, in a migration that is deployed later:`,
    ...withoutTrigger(table, to),
    `ALTER TABLE ${on} DROP COLUMN ${old};`,
  ];
}
