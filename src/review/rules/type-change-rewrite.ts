import { columnBeside } from '../column-beside.ts';
import { withCommand } from '../commands.ts';
import type { OperationOf } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { typeChangeOf } from '../type-change-of.ts';
import { typeTexts } from '../type-text.ts';
import { typedColumns } from '../typed-columns.ts';
import { usingText } from '../using-text.ts';

export const typeChangeRewrite: Rule = {
  name: 'type-change-rewrite',
  id: 'COL-08',
  severity: 'warning',
  reason: 'The table and its indexes are rewritten, and nobody can read it until that is done.',
  bad: [
    'ALTER TABLE users ALTER COLUMN id TYPE bigint;',
    'ALTER TABLE users ALTER COLUMN note TYPE varchar(10) USING left(note, 10);',
    'ALTER TABLE app."Users" ADD COLUMN a int, ALTER "Data" SET DATA TYPE jsonb USING "Data"::jsonb;',
    'CREATE TABLE copy AS SELECT * FROM users; ALTER TABLE copy ALTER id TYPE uuid USING gen_random_uuid();',
    'ALTER TABLE users ADD COLUMN at timestamp; ALTER TABLE users ALTER COLUMN at TYPE timestamp(3);',
    'DO $$ BEGIN ALTER TABLE users ALTER COLUMN id TYPE bigint; END $$;',
  ],
  good: [
    'CREATE TABLE t (a int); ALTER TABLE t ALTER COLUMN a TYPE bigint;',
    'ALTER TABLE users ALTER COLUMN note SET DEFAULT 1;',
    'ALTER TABLE users ADD COLUMN at timestamp(3); ALTER TABLE users ALTER COLUMN at TYPE timestamp(6);',
    'ALTER TABLE users ADD COLUMN ip cidr; ALTER TABLE users ALTER COLUMN ip TYPE inet;',
    // A type of composite values has no rows.
    'ALTER TYPE address ALTER ATTRIBUTE zip TYPE bigint;',
    'ALTER FOREIGN TABLE users ALTER COLUMN id TYPE bigint;',
  ],
  check: eachOperation('alter-type', (operation, statement, script) => {
    const { table, column } = operation;
    if (!isExisting(statement, table)) return undefined;
    const { effect, observed } = typeChangeOf(operation, statement, script);
    if (effect === 'metadata') return undefined;
    const certainly = effect === 'rewrite' ? 'is' : 'is, unless the old type is stored the same way,';
    return {
      message: `${sqlName(table)} ${certainly} rewritten for the new type of ${column}, and cannot be read meanwhile.`,
      fix: fixOf(operation, statement, script),
      observed,
    };
  }),
};

/** Expand and contract: a column of the new type beside the old one, kept by a trigger, takes its name when it is filled. */
function fixOf(operation: OperationOf<'alter-type'>, statement: Statement, { target }: Script) {
  const { table, column } = operation;
  const name = sqlName({ schema: undefined, name: column });
  const place = typedColumns(statement.operations).findIndex(({ source }) => source === operation);
  const type = typeTexts(statement)[place]?.text;
  if (type === undefined) return undefined;
  const others = withCommand(statement, operation, []);
  const value = usingText(statement, operation) ?? `${name}::${type}`;
  return [...(others ? [others] : []), ...columnBeside({ table, column, type, value }, target)].join('\n');
}
