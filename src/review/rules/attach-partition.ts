import { tableKey } from '../operation.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';

export const attachPartition: Rule = {
  name: 'attach-partition',
  id: 'TBL-08',
  severity: 'warning',
  reason: 'The new partition, and the default one, are read from end to end under an ACCESS EXCLUSIVE lock.',
  bad: ['ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);'],
  good: [
    'CREATE TABLE p1 (a int); ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);',
    'ALTER TABLE p1 ADD CONSTRAINT c CHECK (a IS NOT NULL AND a >= 1 AND a < 10) NOT VALID; ALTER TABLE p1 VALIDATE CONSTRAINT c; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);',
    'ALTER INDEX i ATTACH PARTITION j;',
  ],
  check: eachOperation('attach-partition', ({ table, partition, isIndex }, statement) => {
    if (isIndex || !isExisting(statement, partition)) return undefined;
    const { facts } = statement;
    if (facts && facts.sqlstate === undefined && facts.scans.length === 0) return undefined;
    const isProven =
      !facts &&
      statement.before.operations.some(
        (operation) =>
          operation.kind === 'validate-constraint' && tableKey(operation.table) === tableKey(partition),
      );
    if (isProven) return undefined;
    const name = sqlName(partition);
    return {
      message: `${name} is read from end to end while it is locked, to see that its rows belong into ${sqlName(table)}.`,
      fix: `ALTER TABLE ${name} ADD CONSTRAINT in_range CHECK (/* NOT NULL and the partition's bounds */) NOT VALID;\n-- then, in a transaction of its own:\nALTER TABLE ${name} VALIDATE CONSTRAINT in_range;\n-- then:\n${statement.text};\nALTER TABLE ${name} DROP CONSTRAINT in_range;`,
      observed: (facts?.scans.length ?? 0) > 0,
    };
  }),
};
