import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { review } from '../../../src/review/review.ts';
import type { StatementFacts } from '../../../src/review/rule.ts';

beforeAll(loadSqlParser);

const NOTHING: StatementFacts = { locks: [], rewrites: [], scans: [] };
const LOCKED: StatementFacts = { ...NOTHING, locks: [{ relation: 'users', mode: 'AccessExclusiveLock' }] };

function findings(sql: string, rule: string, facts?: readonly StatementFacts[]) {
  return review(sql, { transaction: 'each' }, facts).findings.filter((finding) => finding.rule === rule);
}

const SET_NOT_NULL = `ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
ALTER TABLE users ALTER COLUMN a SET NOT NULL;`;

it('expects the scan of a SET NOT NULL', () => {
  const [finding] = findings(SET_NOT_NULL, 'statement-after-access-exclusive');
  expect(finding).toMatchObject({ line: 2, observed: false });
});

it('believes the rehearsal that saw none', () => {
  expect(findings(SET_NOT_NULL, 'statement-after-access-exclusive', [LOCKED, LOCKED])).toEqual([]);
});

it('says that the rehearsal saw one', () => {
  const facts = [LOCKED, { ...LOCKED, scans: ['users'] }];
  expect(findings(SET_NOT_NULL, 'statement-after-access-exclusive', facts)).toMatchObject([
    { observed: true, message: expect.stringContaining('users stays locked') },
  ]);
});

it('is said once a transaction', () => {
  const sql = 'ALTER TABLE users ADD a int; SELECT count(*) FROM users; SELECT count(*) FROM orders;';
  expect(findings(sql, 'statement-after-access-exclusive')).toHaveLength(1);
});

it('a lock that was not seen needs no timeout', () => {
  expect(findings('ALTER TABLE users ADD a int;', 'missing-lock-timeout', [NOTHING])).toEqual([]);
  expect(findings('ALTER TABLE users ADD a int;', 'missing-lock-timeout', [LOCKED])).toMatchObject([
    { observed: true },
  ]);
});

it('dynamic SQL that was rehearsed is a note, not a warning', () => {
  const sql = "DO $$ DECLARE x text; BEGIN EXECUTE 'DROP TABLE ' || x; END $$;";
  expect(findings(sql, 'unanalysable')).toMatchObject([{ severity: 'warning' }]);
  expect(findings(sql, 'unanalysable', [LOCKED])).toMatchObject([{ severity: 'info', observed: true }]);
});
