import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';

export const createTableWithFk: Rule = {
  name: 'create-table-with-fk',
  id: 'TBL-11',
  severity: 'info',
  reason: 'The table referred to is locked against writers until the transaction ends.',
  bad: [
    'CREATE TABLE t (a int REFERENCES p (id));',
    'CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES app.p);',
  ],
  good: [
    'CREATE TABLE t (a int);',
    'CREATE TABLE p (id int primary key); CREATE TABLE t (a int REFERENCES p (id));',
    'CREATE TABLE t (id int primary key, up int REFERENCES t (id));',
  ],
  check: eachOperation('create-table', ({ table, columns, constraints }, statement) => {
    const parents = [...constraints, ...columns.flatMap((column) => column.constraints)].flatMap(
      (constraint) => (constraint.type === 'foreign-key' ? [constraint.references] : []),
    );
    const locked = parents.filter(
      (parent) => tableKey(parent) !== tableKey(table) && isExisting(statement, parent),
    );
    if (locked.length === 0) return undefined;
    const names = [...new Set(locked.map(sqlName))].join(', ');
    return {
      message: `Writes to ${names} wait until the transaction of the new table ends.`,
      fix: withLockTimeout(statement),
      observed: statement.facts?.locks.some(({ mode }) => mode === 'ShareRowExclusiveLock') ?? false,
    };
  }),
};
