import { commandText } from '../commands.ts';
import { withoutConstraints } from '../inline-constraints.ts';
import type { OperationOf } from '../operation.ts';
import { sqlName } from '../print.ts';
import { isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { typeTexts } from '../type-text.ts';
import { typedColumns } from '../typed-columns.ts';

export const dropAndReaddSameColumn: Rule = {
  name: 'drop-and-readd-same-column',
  id: 'COL-14',
  severity: 'error',
  reason:
    'All values of the column are lost, although no lock shows it: TypeORM writes this for any change of type or length.',
  bad: [
    'ALTER TABLE users DROP COLUMN note; ALTER TABLE users ADD COLUMN note varchar(5);',
    'ALTER TABLE users DROP COLUMN note, ADD COLUMN note varchar(5);',
    'ALTER TABLE "users" DROP COLUMN "n"; ALTER TABLE public.users ADD "n" bigint NOT NULL DEFAULT 0;',
    'ALTER TABLE users DROP COLUMN note; ALTER TABLE users RENAME TO people; ALTER TABLE people ADD COLUMN note text;',
  ],
  good: [
    'ALTER TABLE users DROP COLUMN note; ALTER TABLE users ADD COLUMN remark text;',
    'ALTER TABLE users DROP COLUMN note; ALTER TABLE posts ADD COLUMN note text;',
    'ALTER TABLE users ADD COLUMN note text; ALTER TABLE users DROP COLUMN note;',
    'ALTER TABLE users ADD COLUMN a int; ALTER TABLE users DROP COLUMN a; ALTER TABLE users ADD COLUMN a text;',
    'CREATE TABLE t (a int); ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a text;',
    // The values come from elsewhere.
    'ALTER TABLE users ADD COLUMN n2 bigint; ALTER TABLE users DROP COLUMN n; ALTER TABLE users RENAME COLUMN n2 TO n;',
    // What is computed is computed again.
    'ALTER TABLE users DROP COLUMN n; ALTER TABLE users ADD COLUMN n int GENERATED ALWAYS AS (a + 1) STORED;',
  ],
  *check(script) {
    for (const statement of script.statements) {
      for (const added of statement.operations) {
        if (added.kind !== 'add-column' || added.column.generated !== undefined) continue;
        if (!isExisting(statement, added.table) || !isDroppedBefore(added, statement, script)) continue;
        const [on, name] = [sqlName(added.table), sqlName({ schema: undefined, name: added.column.name })];
        yield {
          statement,
          message: `${on}.${name} is dropped and made again: what was in it is lost.`,
          fix: fixOf(added, statement),
        };
      }
    }
  },
};

type Adding = OperationOf<'add-column'>;

/** Whether the script drops the column that was there before it, whatever the table was called then. */
function isDroppedBefore(added: Adding, statement: Statement, { timeline }: Script): boolean {
  const place = statement.before.place + statement.operations.indexOf(added);
  return timeline.isDropped(added.table, added.column.name, place);
}

/** The same column with its new type, default and NOT NULL, in the place of both. */
function fixOf(added: Adding, statement: Statement): string | undefined {
  const { table, column } = added;
  const written = commandText(statement, added);
  const place = typedColumns(statement.operations).findIndex(({ source }) => source === added);
  const type = typeTexts(statement)[place]?.text;
  if (written === undefined || type === undefined) return undefined;
  const name = sqlName({ schema: undefined, name: column.name });
  const given = withoutConstraints(written, 'CONSTR_DEFAULT').taken[0];
  return [
    '-- in the place of both:',
    `ALTER TABLE ${sqlName(table)} ${[
      // The old default may not fit the new type.
      `ALTER COLUMN ${name} DROP DEFAULT`,
      `ALTER COLUMN ${name} TYPE ${type} USING ${name}::text::${type}`,
      ...(given ? [`ALTER COLUMN ${name} SET ${given}`] : []),
      `ALTER COLUMN ${name} ${column.notNull ? 'SET' : 'DROP'} NOT NULL`,
    ].join(', ')};`,
  ].join('\n');
}
