import { tokensOf } from '../../postgres/parser.ts';
import { keptByTrigger } from '../column-beside.ts';
import { commandText, withCommand } from '../commands.ts';
import { bareColumn, whenFilled } from '../fill-column.ts';
import { withoutConstraints } from '../inline-constraints.ts';
import { rewriteOf } from '../observed.ts';
import type { OperationOf } from '../operation.ts';
import { sqlName } from '../print.ts';
import { withLockTimeout } from '../steps.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';

export const addGeneratedStored: Rule = {
  name: 'add-generated-stored',
  id: 'COL-06',
  severity: 'warning',
  reason: 'Every row is computed and stored: the whole table is rewritten while nobody can read it.',
  bad: [
    'ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS (length(email)) STORED;',
    'ALTER TABLE app."Users" ADD COLUMN a int, ADD "Stored" int NOT NULL GENERATED ALWAYS AS (a + 1) STORED;',
    'ALTER TABLE users ALTER COLUMN n SET EXPRESSION AS (length(email) + 1);',
    'ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS (1) STORED; ALTER TABLE users ALTER n SET EXPRESSION AS (2);',
  ],
  good: [
    'ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS (1) VIRTUAL; ALTER TABLE users ALTER n SET EXPRESSION AS (2);',
    'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED); ALTER TABLE t ALTER b SET EXPRESSION AS (a + 1);',
    'ALTER TABLE users ALTER COLUMN n DROP EXPRESSION;',
    'ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS (length(email)) VIRTUAL;',
    'ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS (length(email));',
    'ALTER TABLE users ADD COLUMN n int;',
    'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED);',
    'CREATE TABLE t (a int); ALTER TABLE t ADD b int GENERATED ALWAYS AS (a * 2) STORED;',
  ],
  check: eachOperation(['add-column', 'set-expression'], (operation, statement, script) => {
    if (operation.kind === 'set-expression') return expressionSet(operation, statement);
    const { table, column } = operation;
    if (column.generated !== 'stored' || !isExisting(statement, table)) return undefined;
    const seen = rewriteOf(statement);
    if (seen === 'none') return undefined;
    return {
      message: `${sqlName(table)} is rewritten, for every row is computed (${column.name}), and cannot be read meanwhile.`,
      fix: fixOf(statement, script, operation),
      observed: seen === 'seen',
    };
  }),
};

/** Measured: a stored one is computed again for every row, a virtual one is not. */
function expressionSet({ table, column }: OperationOf<'set-expression'>, statement: Statement) {
  const isVirtual = statement.before.columnAddedHere(table, column)?.generated === 'virtual';
  const seen = rewriteOf(statement);
  if (isVirtual || !isExisting(statement, table) || seen === 'none') return undefined;
  return {
    message: `${sqlName(table)} is rewritten, for ${column} is computed again for every row, and cannot be read meanwhile.`,
    fix: `-- a second column with the new expression, kept by a trigger and filled in batches, takes the name when it is done; where the wait is short:\n${withLockTimeout(statement)}`,
    observed: seen === 'seen',
  };
}

/** From Postgres 18 on it need not be stored; before, a trigger keeps a plain column. */
function fixOf(statement: Statement, { target }: Script, operation: OperationOf<'add-column'>) {
  const { table, column } = operation;
  const written = commandText(statement, operation);
  const generated = written && withoutConstraints(written, 'CONSTR_GENERATED').taken[0];
  if (!written || !generated) return undefined;
  const stored = tokensOf(generated).at(-1);
  if (target.postgresVersion >= 18 && !target.isVersionAssumed) {
    const isKey = column.constraints.some(({ type }) => type === 'unique' || type === 'primary-key');
    const virtual = written.replace(generated, `${generated.slice(0, stored?.start)}VIRTUAL`);
    // A virtual column cannot have an index.
    if (!isKey) return withCommand(statement, operation, [virtual]);
  }
  const value = generated.slice(generated.indexOf('('), stored?.start).trim();
  const name = sqlName({ schema: undefined, name: column.name });
  return [
    withCommand(statement, operation, [bareColumn(written)]),
    ...keptByTrigger(
      { table, column: column.name, value, undone: `${name} IS DISTINCT FROM ${value}` },
      target,
    ),
    ...whenFilled(table, column, target),
  ].join('\n');
}
