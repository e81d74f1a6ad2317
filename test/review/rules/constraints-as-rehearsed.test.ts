import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { review } from '../../../src/review/review.ts';
import type { StatementFacts } from '../../../src/review/rule.ts';

beforeAll(loadSqlParser);

const QUIET: StatementFacts = {
  locks: [{ relation: 'orders', mode: 'AccessExclusiveLock' }],
  rewrites: [],
  scans: [],
};
const SCANNED: StatementFacts = { ...QUIET, scans: ['orders'] };

function findings(rule: string, sql: string, facts: readonly StatementFacts[], postgresVersion = 18) {
  const { findings: all } = review(sql, { transaction: 'none', postgresVersion }, facts);
  return all.filter((found) => found.rule === rule);
}

it.each([
  ['fk-validating', 'ALTER TABLE orders ADD FOREIGN KEY (a) REFERENCES users;'],
  ['check-validating', 'ALTER TABLE orders ADD CHECK (a > 0);'],
  ['check-inline-on-add-column', 'ALTER TABLE orders ADD COLUMN a int CHECK (a > 0);'],
  ['unique-inline', 'ALTER TABLE orders ADD UNIQUE (a);'],
  ['pk-inline', 'ALTER TABLE orders ADD PRIMARY KEY (a);'],
  ['pk-using-index-nullable', 'ALTER TABLE orders ADD PRIMARY KEY USING INDEX i;'],
  ['exclusion-constraint', 'ALTER TABLE orders ADD EXCLUDE (a WITH =);'],
  ['set-not-null', 'ALTER TABLE orders ALTER a SET NOT NULL;'],
])('%s goes by the scan that the rehearsal saw', (rule, sql) => {
  expect(findings(rule, sql, [SCANNED])).toMatchObject([{ observed: true }]);
  expect(findings(rule, sql, [QUIET])).toEqual([]);
});

it('what failed in the rehearsal proves no absence of a scan', () => {
  const failed: StatementFacts = { ...QUIET, sqlstate: '23502', message: 'column "a" contains null values' };
  expect(findings('set-not-null', 'ALTER TABLE orders ALTER a SET NOT NULL;', [failed])).toMatchObject([
    { observed: true, message: 'Fails where a of orders is NULL, as in the rehearsal.' },
  ]);
});

it('a constraint taken for the proof of NOT NULL is not one where the scan was seen', () => {
  const sql = 'ALTER TABLE orders VALIDATE CONSTRAINT other; ALTER TABLE orders ALTER a SET NOT NULL;';
  expect(findings('set-not-null', sql, [SCANNED, SCANNED])).toMatchObject([{ observed: true }]);
  expect(findings('set-not-null', sql, [SCANNED, QUIET])).toEqual([]);
});

it('an old Postgres scans where that of the rehearsal does not', () => {
  const sql = 'ALTER TABLE orders ALTER a SET NOT NULL;';
  expect(findings('set-not-null', sql, [QUIET], 11)).toHaveLength(1);
});

it('a foreign key at a new column is worth a mention where nothing was read', () => {
  const sql = 'ALTER TABLE orders ADD COLUMN a int REFERENCES users;';
  expect(findings('fk-inline-on-add-column', sql, [QUIET])).toMatchObject([{ severity: 'info' }]);
  expect(findings('fk-inline-on-add-column', sql, [SCANNED])).toMatchObject([
    { severity: 'warning', observed: true },
  ]);
});

it('a domain that no table uses may be changed', () => {
  const sql = 'ALTER DOMAIN email SET NOT NULL;';
  expect(findings('domain-constraint', sql, [{ ...QUIET, locks: [] }])).toEqual([]);
  const locked = { ...SCANNED, locks: [{ relation: 'users', mode: 'ShareLock' }] };
  expect(findings('domain-constraint', sql, [locked])).toMatchObject([
    { observed: true, message: expect.stringContaining('Writes to users with') },
  ]);
});

it('a lock that was held when the VALIDATE started is the reason to part them', () => {
  const sql = `BEGIN;
ALTER TABLE orders ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT c;
COMMIT;`;
  const none: StatementFacts = { ...QUIET, locks: [] };
  const validated: StatementFacts = {
    ...SCANNED,
    locks: [{ relation: 'orders', mode: 'ShareUpdateExclusiveLock' }],
  };
  expect(findings('validate-in-same-tx', sql, [none, QUIET, validated, none])).toMatchObject([
    { line: 3, observed: true, message: expect.stringContaining('orders stays locked against reads') },
  ]);
  expect(findings('validate-in-same-tx', sql, [none, none, validated, none])).toEqual([]);
});
