import { constraintName } from '../constraint-name.ts';
import type { OperationOf } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Rule, type Statement } from '../rule.ts';
import type { ScriptState } from '../state.ts';
import { topic } from '../topics.ts';

const GUARDABLE = [
  'create-table',
  'add-column',
  'drop-column',
  'drop-table',
  'create-index',
  'drop-index',
  'drop-view',
  'drop-type',
  'add-constraint',
  'drop-constraint',
] as const;

type Guardable = OperationOf<(typeof GUARDABLE)[number]>;

function isGuarded(operation: Guardable, { before }: Statement): boolean {
  switch (operation.kind) {
    case 'create-table':
      // A temporary one goes with its session.
      return operation.ifNotExists || operation.isTemporary;
    case 'create-index':
      // IF NOT EXISTS needs a name.
      return operation.ifNotExists || operation.name === undefined;
    case 'add-column':
      return operation.ifNotExists;
    case 'add-constraint':
      return isDropped(operation, before);
    default:
      return operation.ifExists;
  }
}

/** ADD CONSTRAINT knows no IF NOT EXISTS: a DROP … IF EXISTS before it does the same, for one ADD. */
function isDropped({ table, constraint }: OperationOf<'add-constraint'>, before: ScriptState): boolean {
  const name = constraintName(table, constraint);
  const last = before.last(topic('drop-constraint', table, name), topic('add-constraint', table, name));
  return last?.kind === 'drop-constraint' && last.ifExists;
}

const GUARDS: readonly (readonly [RegExp, string])[] = [
  [/\b(CREATE\s+(?:UNLOGGED\s+)?TABLE)\b(?!\s+IF\b)/i, '$1 IF NOT EXISTS'],
  [/\b(CREATE\s+(?:UNIQUE\s+)?INDEX(?:\s+CONCURRENTLY)?)\b(?!\s+(?:IF|CONCURRENTLY)\b)/i, '$1 IF NOT EXISTS'],
  [
    /\b(DROP\s+(?:TABLE|INDEX(?:\s+CONCURRENTLY)?|(?:MATERIALIZED\s+)?VIEW|TYPE|COLUMN|CONSTRAINT))\b(?!\s+(?:IF|CONCURRENTLY)\b)/gi,
    '$1 IF EXISTS',
  ],
  [/\b(ADD\s+COLUMN)\b(?!\s+IF\b)/gi, '$1 IF NOT EXISTS'],
];

/** The statement with its guards; ADD CONSTRAINT gets a DROP … IF EXISTS before it. */
function guarded(operation: Guardable, { text, operations }: Statement): string | undefined {
  if (operations.some(({ kind }) => kind === 'do-block')) return undefined;
  if (operation.kind === 'add-constraint') {
    const { table, constraint } = operation;
    const name = sqlName({ schema: undefined, name: constraintName(table, constraint) });
    return `ALTER TABLE ${sqlName(table)} DROP CONSTRAINT IF EXISTS ${name};\n${text};`;
  }
  const replaced = GUARDS.reduce((sql, [form, guard]) => sql.replace(form, guard), text);
  return replaced === text ? undefined : `${replaced};`;
}

export const notRerunnable: Rule = {
  name: 'not-rerunnable',
  id: 'TX-08',
  severity: 'info',
  reason: 'Outside a transaction a script that fails half way cannot be run again without guards.',
  bad: [
    'CREATE TABLE t (a int primary key); SELECT 1;',
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE users ADD COLUMN b int;',
    'DROP INDEX CONCURRENTLY i; DROP TABLE IF EXISTS t;',
    'ALTER TABLE users DROP CONSTRAINT c; DROP TYPE mood; SELECT 1;',
    'ALTER TABLE u DROP CONSTRAINT IF EXISTS c; ALTER TABLE u ADD CONSTRAINT c CHECK (a > 0); ALTER TABLE u ADD CONSTRAINT c CHECK (a > 0);',
  ],
  good: [
    'CREATE TABLE IF NOT EXISTS t (a int primary key); CREATE INDEX IF NOT EXISTS i ON t (a);',
    'BEGIN; ALTER TABLE users ADD COLUMN a int; COMMIT;',
    { sql: 'ALTER TABLE users ADD COLUMN a int; SELECT 1;', target: { transaction: 'all' } },
    'DROP TABLE IF EXISTS t; SELECT 1;',
    'DROP TABLE users;',
    'CREATE TEMP TABLE t (a int); SELECT 1;',
    'SELECT 1; CREATE INDEX CONCURRENTLY ON users (email);',
    'ALTER TABLE users DROP CONSTRAINT IF EXISTS c; ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0);',
    'DO $$ BEGIN ALTER TABLE users ADD a int; EXCEPTION WHEN duplicate_column THEN NULL; END $$; SELECT 1;',
  ],
  check: eachOperation(GUARDABLE, (operation, statement, { statements }) => {
    // A statement by itself is done or not done. A block says itself what it does the second time.
    const isWhole = statements.length === 1 || statement.operations[0]?.kind === 'do-block';
    if (isWhole || statement.before.inTransaction || isGuarded(operation, statement)) return undefined;
    return {
      message: 'When a later statement fails, the file is run again, and this one fails the second time.',
      fix: guarded(operation, statement),
    };
  }),
};
