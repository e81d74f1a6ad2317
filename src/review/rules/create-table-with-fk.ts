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
    'CREATE TABLE t (a int); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id);',
  ],
  good: [
    'CREATE TABLE t (a int);',
    'CREATE TABLE p (id int primary key); CREATE TABLE t (a int REFERENCES p (id));',
    'CREATE TABLE t (id int primary key, up int REFERENCES t (id));',
    'ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id);',
  ],
  check: eachOperation(['create-table', 'add-constraint'], (operation, statement) => {
    const { table } = operation;
    // drizzle-kit adds the keys of a new table in statements of their own.
    if (operation.kind === 'add-constraint' && isExisting(statement, table)) return undefined;
    const constraints =
      operation.kind === 'create-table'
        ? [...operation.constraints, ...operation.columns.flatMap((column) => column.constraints)]
        : [operation.constraint];
    const locked = constraints.flatMap((constraint) => {
      if (constraint.type !== 'foreign-key') return [];
      const parent = constraint.references;
      return tableKey(parent) !== tableKey(table) && isExisting(statement, parent) ? [parent] : [];
    });
    if (locked.length === 0) return undefined;
    const names = [...new Set(locked.map(sqlName))].join(', ');
    return {
      message: `Blocks writes to ${names} until the transaction of the new table ends.`,
      fix: withLockTimeout(statement),
      observed: statement.facts?.locks.some(({ mode }) => mode === 'ShareRowExclusiveLock') ?? false,
    };
  }),
};
