import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const createPartitionOf: Rule = {
  name: 'create-partition-of',
  id: 'TBL-10',
  severity: 'warning',
  reason: 'The whole partitioned table is locked against readers until the transaction ends.',
  bad: ['CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);'],
  good: [
    'CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);',
    'CREATE TABLE p1 (LIKE p INCLUDING ALL);',
  ],
  check: eachOperation('create-table', ({ table, partitionOf }, statement) => {
    if (!partitionOf || !isExisting(statement, partitionOf)) return undefined;
    const bound = /\b(FOR\s+VALUES\b[\s\S]*|DEFAULT\s*)$/i.exec(statement.text)?.[1] ?? 'FOR VALUES …';
    return {
      message: `${sqlName(partitionOf)} is locked against readers and writers (ACCESS EXCLUSIVE).`,
      fix: `CREATE TABLE ${sqlName(table)} (LIKE ${sqlName(partitionOf)} INCLUDING ALL);\nALTER TABLE ${sqlName(partitionOf)} ATTACH PARTITION ${sqlName(table)} ${bound.trim()};`,
      observed: statement.facts?.locks.some(({ mode }) => mode === 'AccessExclusiveLock') ?? false,
    };
  }),
};
