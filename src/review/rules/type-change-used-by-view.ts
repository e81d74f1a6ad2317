import { quoteLiteral } from '../../postgres/quote.ts';
import { type Dependant, dependantsOf } from '../dependants.ts';
import { failedWith } from '../observed.ts';
import { type OperationOf } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Rule, type Statement } from '../rule.ts';

export const typeChangeUsedByView: Rule = {
  name: 'type-change-used-by-view',
  id: 'COL-11',
  severity: 'error',
  reason:
    'Postgres refuses to change or drop a column that a view, a rule, a generated column or a policy reads (SQLSTATE 0A000, 2BP01).',
  bad: [
    'CREATE VIEW active AS SELECT id FROM users; ALTER TABLE users ALTER COLUMN id TYPE bigint;',
    'CREATE MATERIALIZED VIEW app."Active" AS SELECT * FROM app."Users" u; ALTER TABLE app."Users" ADD a int, DROP COLUMN "Note";',
    'CREATE VIEW notes AS SELECT p.id FROM posts p JOIN users ON users.note = p.note; ALTER TABLE users DROP COLUMN note;',
  ],
  good: [
    'ALTER TABLE users ALTER COLUMN id TYPE bigint;',
    'CREATE VIEW active AS SELECT id FROM users; ALTER TABLE users DROP COLUMN note;',
    'CREATE VIEW active AS SELECT id FROM posts; ALTER TABLE users DROP COLUMN id;',
    'CREATE VIEW active AS SELECT id FROM users; ALTER TABLE users DROP COLUMN id CASCADE;',
    'CREATE VIEW active AS SELECT id FROM users; DROP VIEW active; ALTER TABLE users ALTER COLUMN id TYPE bigint;',
  ],
  check: eachOperation(['alter-type', 'drop-column'], (operation: Change, statement, script) => {
    const { table, column } = operation;
    const isRefused = isRefusedFor(operation, statement);
    // It ran, or failed for another reason.
    if (statement.facts && !isRefused) return undefined;
    if (operation.kind === 'drop-column' && operation.cascade) return undefined;
    const dependants = dependantsOf(table, column, statement, script);
    if (!isRefused && dependants.length === 0) return undefined;
    const change = operation.kind === 'drop-column' ? 'dropped' : 'given another type';
    const why = dependants.map(({ kind, name }) => `the ${kind} ${name} reads it`).join(', ');
    return {
      message: `${sqlName(table)}.${column} cannot be ${change}: ${why || (statement.facts?.message ?? '')}.`,
      fix: fixOf(operation, statement, dependants),
      observed: isRefused,
    };
  }),
};

type Change = OperationOf<'alter-type' | 'drop-column'>;

/** Whether the rehearsal's Postgres refused it for something that reads the column. */
function isRefusedFor({ kind }: Change, statement: Statement): boolean {
  if (kind === 'drop-column') return failedWith(statement, '2BP01');
  // 0A000 is said of much; here for what is used by a view, a rule, a policy, a trigger …
  return failedWith(statement, '0A000') && /\bcolumn used\b/.test(statement.facts?.message ?? '');
}

/** Without it, the change, and with it again; where it is not known: what it is. */
function fixOf({ table, column }: Change, statement: Statement, dependants: readonly Dependant[]): string {
  if (dependants.length > 0) {
    return [
      ...dependants.map(({ drop }) => drop),
      `${statement.text};`,
      '-- in the same transaction, where it can do without the column or takes its new type:',
      ...dependants.map(({ create }) => create),
    ].join('\n');
  }
  const relation = quoteLiteral(sqlName(table));
  return [
    '-- drop what reads it before, and make it again behind it in the same transaction. That is:',
    'SELECT pg_describe_object(classid, objid, objsubid) FROM pg_depend',
    `WHERE refobjid = ${relation}::regclass AND refobjsubid = (`,
    `  SELECT attnum FROM pg_attribute WHERE attrelid = ${relation}::regclass AND attname = ${quoteLiteral(column)}`,
    ');',
  ].join('\n');
}
