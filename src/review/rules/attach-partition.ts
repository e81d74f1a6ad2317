import type { TableRef } from '../operation.ts';
import { boundCondition, partitionText } from '../partition-text.ts';
import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule, type Script, type Statement } from '../rule.ts';
import { inLaterTransaction, withLockTimeout } from '../steps.ts';
import type { ScriptState } from '../state.ts';
import { topic } from '../topics.ts';

export const attachPartition: Rule = {
  name: 'attach-partition',
  id: 'TBL-08',
  severity: 'warning',
  reason: 'The new partition, and the default one, are read from end to end under an ACCESS EXCLUSIVE lock.',
  bad: [
    'ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);',
    "ALTER TABLE ONLY app.p ATTACH PARTITION app.\"P1\" FOR VALUES IN ('a', 'b');",
    'ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1, MINVALUE) TO (2, MAXVALUE);',
    'ALTER TABLE p ATTACH PARTITION p1 DEFAULT;',
    'CREATE TABLE p1 AS SELECT * FROM old; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES WITH (MODULUS 4, REMAINDER 0);',
    'ALTER TABLE p1 ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);',
  ],
  good: [
    'CREATE TABLE p1 (a int); ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);',
    'ALTER TABLE p1 ADD CONSTRAINT c CHECK (a IS NOT NULL AND a >= 1 AND a < 10) NOT VALID; ALTER TABLE p1 VALIDATE CONSTRAINT c; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);',
    'ALTER TABLE p1 ADD CONSTRAINT c CHECK (a IS NOT NULL AND a IN (1)); ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);',
    'ALTER INDEX i ATTACH PARTITION j;',
  ],
  check: eachOperation('attach-partition', ({ table, partition, isIndex }, statement, script) => {
    if (isIndex || !isExisting(statement, partition)) return undefined;
    const { facts, before } = statement;
    if (facts && facts.sqlstate === undefined && facts.scans.length === 0) return undefined;
    if (!facts && isProven(before, partition)) return undefined;
    return {
      message: `${sqlName(partition)} is read from end to end while it is locked, to see that its rows belong into ${sqlName(table)}.`,
      fix: proven(table, partition, statement, script),
      observed: (facts?.scans.length ?? 0) > 0,
    };
  }),
};

/** A valid CHECK that the script has made. That it says what the bounds say is taken for granted. */
function isProven(before: ScriptState, partition: TableRef): boolean {
  return (
    before.last(topic('validate-constraint', partition), topic('add-valid-check', partition)) !== undefined
  );
}

function proven(table: TableRef, partition: TableRef, statement: Statement, script: Script): string {
  const bound = partitionText(statement.text)?.bound;
  // The statement does not name the key of the parent.
  const condition = bound && boundCondition(bound, 'partition_key');
  if (!bound || !condition) return withLockTimeout(statement);
  const name = sqlName(partition);
  return [
    `-- partition_key: the column by which ${sqlName(table)} is partitioned`,
    `ALTER TABLE ${name} ADD CONSTRAINT in_bounds CHECK (${condition}) NOT VALID;`,
    inLaterTransaction(statement, script),
    `ALTER TABLE ${name} VALIDATE CONSTRAINT in_bounds;`,
    `ALTER TABLE ${sqlName(table)} ATTACH PARTITION ${name} ${bound};`,
    `ALTER TABLE ${name} DROP CONSTRAINT in_bounds;`,
  ].join('\n');
}
