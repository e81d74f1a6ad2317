import { quoteWhereNeeded } from '../../postgres/quote.ts';
import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { isExisting, type Rule } from '../rule.ts';

export const dropAndReaddSameColumn: Rule = {
  name: 'drop-and-readd-same-column',
  id: 'COL-14',
  severity: 'error',
  reason:
    'All values of the column are lost, although no lock shows it: TypeORM writes this for any change of type or length.',
  bad: [
    'ALTER TABLE users DROP COLUMN note; ALTER TABLE users ADD COLUMN note varchar(5);',
    'ALTER TABLE users DROP COLUMN note, ADD COLUMN note varchar(5);',
  ],
  good: [
    'ALTER TABLE users DROP COLUMN note; ALTER TABLE users ADD COLUMN remark text;',
    'ALTER TABLE users DROP COLUMN note; ALTER TABLE posts ADD COLUMN note text;',
    'ALTER TABLE users ADD COLUMN note text; ALTER TABLE users DROP COLUMN note;',
    'CREATE TABLE t (a int); ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a text;',
  ],
  *check({ statements }) {
    for (const statement of statements) {
      for (const [index, added] of statement.operations.entries()) {
        if (added.kind !== 'add-column' || !isExisting(statement, added.table)) continue;
        const earlier = [...statement.before.operations, ...statement.operations.slice(0, index)];
        const dropped = earlier.some(
          (operation) =>
            operation.kind === 'drop-column' &&
            operation.column === added.column.name &&
            tableKey(operation.table) === tableKey(added.table),
        );
        if (!dropped || statement.before.columnAddedHere(added.table, added.column.name)) continue;
        const [on, name] = [sqlName(added.table), quoteWhereNeeded(added.column.name)];
        yield {
          statement,
          message: `${on}.${name} is dropped and made again: what was in it is lost.`,
          fix: `ALTER TABLE ${on} ALTER COLUMN ${name} TYPE … USING ${name}::…;`,
        };
      }
    }
  },
};
