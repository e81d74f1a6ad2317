import { strongLocks } from '../strong-locks.ts';
import type { Rule, Statement } from '../rule.ts';
import { withLockTimeout } from '../steps.ts';

/** Both limits end the wait; a zero switches the limit off. */
function isLimited({ before }: Statement): boolean {
  return ['lock_timeout', 'statement_timeout'].some((name) => !/^(0\D*)?$/.test(before.setting(name) ?? ''));
}

export const missingLockTimeout: Rule = {
  name: 'missing-lock-timeout',
  id: 'TX-01',
  severity: 'warning',
  reason:
    'One idle reader and one waiting strong lock are a total outage: everybody queues behind the one who waits.',
  bad: [
    'ALTER TABLE users ADD COLUMN note text;',
    'SET lock_timeout = 0; ALTER TABLE users ADD COLUMN note text;',
    'CREATE INDEX i ON users (email);',
    'CREATE TABLE t (a int REFERENCES users (id));',
    "BEGIN; SET LOCAL lock_timeout = '2s'; COMMIT; ALTER TABLE users ADD COLUMN note text;",
  ],
  good: [
    "SET lock_timeout = '2s'; ALTER TABLE users ADD COLUMN note text;",
    { sql: 'ALTER TABLE users ADD COLUMN note text;', target: { assumeTimeouts: true } },
    'CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int;',
    'CREATE INDEX CONCURRENTLY i ON users (email);',
    "SELECT set_config('lock_timeout', '2s', false); ALTER TABLE users ADD COLUMN note text;",
    'ALTER TABLE users VALIDATE CONSTRAINT c;',
  ],
  *check(script) {
    const { statements, target } = script;
    if (target.assumeTimeouts) return;
    // Said once: the header that mends the first statement mends them all.
    const first = statements.find(
      (statement) => !isLimited(statement) && strongLocks(statement, script).length > 0,
    );
    if (!first) return;
    const [lock] = strongLocks(first, script);
    yield {
      statement: first,
      message: `Nothing limits how long it waits for its lock on ${lock?.relation ?? 'the table'}.`,
      fix: withLockTimeout(first),
      observed: first.facts !== undefined,
    };
  },
};
