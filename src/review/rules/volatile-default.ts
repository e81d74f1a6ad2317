import { commandText } from '../commands.ts';
import { addThenFill } from '../fill-column.ts';
import { withoutConstraints } from '../inline-constraints.ts';
import { rewriteOf } from '../observed.ts';
import type { OperationOf } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { volatileCall } from '../volatile.ts';

export const volatileDefault: Rule = {
  name: 'volatile-default',
  id: 'COL-02',
  severity: 'warning',
  reason:
    'A default that is different for every row makes Postgres rewrite the whole table while nobody can read it.',
  bad: [
    'ALTER TABLE users ADD COLUMN key uuid DEFAULT gen_random_uuid();',
    'ALTER TABLE users ADD COLUMN r float8 DEFAULT random() NOT NULL;',
    'ALTER TABLE users ADD COLUMN k text DEFAULT my_own_function();',
    'ALTER TABLE users ADD COLUMN at timestamptz DEFAULT clock_timestamp();',
    'ALTER TABLE app."Users" ADD COLUMN a int, ADD COLUMN "Key" uuid UNIQUE DEFAULT (uuid_generate_v4());',
    "ALTER TABLE users ADD COLUMN n bigint DEFAULT nextval('numbers');",
    "ALTER TABLE users ADD COLUMN data jsonb NOT NULL DEFAULT jsonb_build_object('id', gen_random_uuid());",
    'CREATE TABLE copy AS SELECT * FROM users; ALTER TABLE copy ADD COLUMN key uuid DEFAULT gen_random_uuid();',
  ],
  good: [
    'ALTER TABLE users ADD COLUMN at timestamptz DEFAULT now();',
    'ALTER TABLE users ADD COLUMN n int DEFAULT 5;',
    'ALTER TABLE users ADD COLUMN at timestamptz DEFAULT CURRENT_TIMESTAMP;',
    "ALTER TABLE users ADD COLUMN at timestamp NOT NULL DEFAULT timezone('utc', now());",
    'CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b uuid DEFAULT gen_random_uuid();',
    'CREATE TABLE t (id uuid DEFAULT gen_random_uuid() PRIMARY KEY);',
    'ALTER TABLE users ALTER COLUMN key SET DEFAULT gen_random_uuid();',
    // Before 11 every default does: constant-default-old-pg.
    {
      sql: 'ALTER TABLE users ADD COLUMN key uuid DEFAULT gen_random_uuid();',
      target: { postgresVersion: 10 },
    },
  ],
  check: eachOperation('add-column', (operation, statement, script) => {
    const { table, column } = operation;
    const call = volatileCall(column.default);
    if (call === undefined || script.target.postgresVersion < 11 || !isExisting(statement, table)) {
      return undefined;
    }
    const seen = rewriteOf(statement);
    if (seen === 'none') return undefined;
    return {
      message: `${sqlName(table)} is rewritten, every row with its own ${call}(), and cannot be read meanwhile.`,
      fix: withDefaultLater(statement, script, operation),
      observed: seen === 'seen',
    };
  }),
};

/** The column without its default, the default for new rows, and the rows that are there in batches. */
export function withDefaultLater(
  statement: Statement,
  script: Script,
  operation: OperationOf<'add-column'>,
): string | undefined {
  const { table, column } = operation;
  const written = commandText(statement, operation);
  const given = written && withoutConstraints(written, 'CONSTR_DEFAULT').taken[0];
  if (given === undefined || given === '') return undefined;
  const value = given.slice('DEFAULT'.length).trim();
  const name = sqlName({ schema: undefined, name: column.name });
  return addThenFill(statement, script, operation, {
    value,
    next: [`ALTER TABLE ${sqlName(table)} ALTER COLUMN ${name} SET DEFAULT ${value};`],
  });
}
