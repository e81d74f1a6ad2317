import type { OperationOf } from '../operation.ts';
import { tableKey } from '../operation.ts';
import { eachOperation, type Rule, type Statement } from '../rule.ts';

type Guardable = OperationOf<
  | 'create-table'
  | 'add-column'
  | 'drop-column'
  | 'drop-table'
  | 'create-index'
  | 'drop-index'
  | 'add-constraint'
  | 'drop-constraint'
>;

function isGuarded(operation: Guardable, { before }: Statement): boolean {
  if ('ifNotExists' in operation) return operation.ifNotExists;
  if ('ifExists' in operation) return operation.ifExists;
  // ADD CONSTRAINT knows no IF NOT EXISTS: a DROP … IF EXISTS before it does the same.
  return before.operations.some(
    (earlier) =>
      earlier.kind === 'drop-constraint' &&
      earlier.ifExists &&
      earlier.name === operation.constraint.name &&
      tableKey(earlier.table) === tableKey(operation.table),
  );
}

const GUARDS: readonly (readonly [RegExp, string])[] = [
  [/\b(CREATE\s+(?:TEMP(?:ORARY)?\s+|UNLOGGED\s+)?TABLE)\b/i, '$1 IF NOT EXISTS'],
  [/\b(CREATE\s+(?:UNIQUE\s+)?INDEX(?:\s+CONCURRENTLY)?)\b/i, '$1 IF NOT EXISTS'],
  [/\b(DROP\s+(?:TABLE|INDEX(?:\s+CONCURRENTLY)?|COLUMN|CONSTRAINT))\b/gi, '$1 IF EXISTS'],
  [/\b(ADD\s+COLUMN)\b/gi, '$1 IF NOT EXISTS'],
];

/** The statement with its guards; ADD CONSTRAINT gets a DROP … IF EXISTS before it. */
function guarded(operation: Guardable, { text }: Statement): string | undefined {
  if (operation.kind === 'add-constraint') return undefined;
  const [form, guard] = GUARDS.find(([pattern]) => new RegExp(pattern.source, 'i').test(text)) ?? [];
  return form && guard ? `${text.replace(form, guard)};` : undefined;
}

export const notRerunnable: Rule = {
  name: 'not-rerunnable',
  id: 'TX-08',
  severity: 'info',
  reason: 'Outside a transaction a script that fails half way cannot be run again without guards.',
  bad: [
    'CREATE TABLE t (a int primary key);',
    'ALTER TABLE users ADD COLUMN a int;',
    'DROP INDEX CONCURRENTLY i;',
    'ALTER TABLE users DROP CONSTRAINT c;',
  ],
  good: [
    'CREATE TABLE IF NOT EXISTS t (a int primary key);',
    'BEGIN; ALTER TABLE users ADD COLUMN a int; COMMIT;',
    { sql: 'ALTER TABLE users ADD COLUMN a int;', target: { transaction: 'all' } },
    'DROP TABLE IF EXISTS t;',
    'ALTER TABLE users DROP CONSTRAINT IF EXISTS c; ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0);',
  ],
  check: eachOperation(
    [
      'create-table',
      'add-column',
      'drop-column',
      'drop-table',
      'create-index',
      'drop-index',
      'add-constraint',
      'drop-constraint',
    ],
    (operation, statement) => {
      if (statement.before.inTransaction || isGuarded(operation, statement)) return undefined;
      return {
        message: 'Run a second time, after a failure further down, it fails itself.',
        fix: guarded(operation, statement),
      };
    },
  ),
};
