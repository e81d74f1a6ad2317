import { failsTwice, rerunnableSql } from '../idempotent-text.ts';
import type { Rule } from '../rule.ts';

export const idempotentDdl: Rule = {
  name: 'idempotent-ddl',
  id: 'OPT-01',
  severity: 'warning',
  isOptIn: true,
  reason:
    'A migration that stopped half way outside a transaction can only be run again where each statement may run twice.',
  bad: [
    'CREATE TABLE t (a int);',
    'CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);',
    'ALTER TABLE t ADD COLUMN a int, ADD b int, ADD CONSTRAINT c CHECK (a > 0);',
    'ALTER TABLE t DROP COLUMN a, DROP CONSTRAINT c, ALTER b DROP DEFAULT;',
    'DROP TABLE t;',
    'DROP INDEX CONCURRENTLY i;',
    'DROP MATERIALIZED VIEW v;',
    "CREATE TYPE mood AS ENUM ('ok');",
    "ALTER TYPE mood ADD VALUE 'sad' AFTER 'ok';",
    'ALTER TABLE t ADD CONSTRAINT c UNIQUE (a);',
    'CREATE POLICY p ON t USING (true);',
  ],
  good: [
    'CREATE TABLE IF NOT EXISTS t (a int);',
    'CREATE INDEX IF NOT EXISTS i ON t (a);',
    'CREATE INDEX ON t (a);',
    'ALTER TABLE t ADD COLUMN IF NOT EXISTS a int, DROP COLUMN IF EXISTS b;',
    'DROP TABLE IF EXISTS t;',
    'ALTER TABLE t ALTER a SET DEFAULT 0;',
    'CREATE TEMP TABLE t (a int);',
    'UPDATE t SET a = 1;',
    'DO $$ BEGIN CREATE TYPE mood AS ENUM (); EXCEPTION WHEN duplicate_object THEN NULL; END $$;',
  ],
  *check(script) {
    for (const statement of script.statements) {
      const { operations, text } = statement;
      // A block has its own way to deal with what is there.
      if (operations.some(({ kind }) => kind === 'do-block') || !operations.some(failsTwice)) continue;
      yield {
        statement,
        message: 'It fails when it is run once more.',
        fix: rerunnableSql(text, operations),
      };
    }
  },
};
