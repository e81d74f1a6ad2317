import { sqlName } from '../print.ts';
import { eachOperation, isExisting, type Rule } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';
import { topic } from '../topics.ts';

const SUBTYPES = new Set(['AT_ReplicaIdentity', 'AT_SetStorage']);

export const rlsPolicyIdentityStorage: Rule = {
  name: 'rls-policy-identity-storage',
  id: 'TBL-14',
  severity: 'warning',
  reason: 'A short ACCESS EXCLUSIVE lock waits behind every long reader, and everyone else queues behind it.',
  bad: [
    'ALTER TABLE users ENABLE ROW LEVEL SECURITY;',
    'CREATE POLICY own ON users USING (true);',
    'ALTER POLICY own ON app.users USING (false);',
    'DROP POLICY IF EXISTS own ON "Users";',
    'ALTER TABLE users REPLICA IDENTITY FULL;',
    'ALTER TABLE users ALTER COLUMN note SET STORAGE EXTERNAL;',
  ],
  good: [
    'CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON t USING (true);',
    'ALTER TABLE t DISABLE ROW LEVEL SECURITY; DROP TABLE t CASCADE;',
    'ALTER TABLE users ALTER COLUMN note SET STATISTICS 100;',
  ],
  check: eachOperation(
    ['row-security', 'create-policy', 'alter-policy', 'drop-policy', 'alter-table-other'],
    (operation, statement, script) => {
      const { table } = operation;
      if (operation.kind === 'alter-table-other' && !SUBTYPES.has(operation.subtype)) return undefined;
      if (!isExisting(statement, table)) return undefined;
      // drizzle-kit writes it before every DROP TABLE, which says enough.
      if (script.timeline.next(topic('drop-table', table), 0)) return undefined;
      return {
        message: `${sqlName(table)} is locked against readers for a moment (ACCESS EXCLUSIVE).`,
        fix: withLockTimeout(statement),
        observed: statement.facts?.locks.some(({ mode }) => mode === 'AccessExclusiveLock') ?? false,
      };
    },
  ),
};
