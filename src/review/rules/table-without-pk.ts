import type { ConstraintSpec } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, type Rule } from '../rule.ts';
import { topic } from '../topics.ts';

export const tableWithoutPk: Rule = {
  name: 'table-without-pk',
  id: 'TBL-15',
  severity: 'info',
  reason: 'Logical replication, and batches that walk along a key, need a primary key.',
  bad: ['CREATE TABLE t (a int);'],
  good: [
    'CREATE TABLE t (a int PRIMARY KEY);',
    'CREATE TABLE t (a int, b int, PRIMARY KEY (a, b));',
    'CREATE TABLE t (a int); ALTER TABLE t ADD PRIMARY KEY (a);',
    'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);',
    'CREATE TEMP TABLE t (a int);',
    'CREATE TABLE t AS SELECT 1 AS a;',
    'CREATE TABLE t (LIKE u INCLUDING ALL);',
  ],
  check: eachOperation('create-table', (operation, _statement, script) => {
    const { table, columns, constraints, partitionOf, like, isTemporary, asQuery, inherits } = operation;
    if (partitionOf || like || isTemporary || asQuery || inherits.length > 0) return undefined;
    const isKey = ({ type }: ConstraintSpec) => type === 'primary-key';
    if (constraints.some(isKey) || columns.some((column) => column.constraints.some(isKey))) return undefined;
    const isAdded = script.timeline.next(topic('add-primary-key', table), 0) !== undefined;
    return isAdded ? undefined : { message: `${sqlName(table)} has no primary key.` };
  }),
};
