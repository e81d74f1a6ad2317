import { expect, it } from 'vitest';
import type { ReviewOutcome } from '../../src/commands/review.ts';
import { reviewJson } from '../../src/report/review-json.ts';
import { renderReview } from '../../src/report/review-text.ts';
import type { Finding } from '../../src/review/finding.ts';
import { terminalText } from '../../src/report/terminal-text.ts';

const FINDING: Finding = {
  rule: 'create-index-blocking',
  severity: 'warning',
  message: 'Writes wait.',
  fix: 'CREATE INDEX CONCURRENTLY i\nON t (c);',
  statement: 'CREATE INDEX i\n\tON t (\n\tc,\n\td,\n\te\n)',
  objects: ['t', 'i'],
  file: 'drizzle/0001_x.sql',
  line: 9,
  column: 3,
  observed: false,
};

function outcome(findings: Finding[], more: Partial<ReviewOutcome> = {}): ReviewOutcome {
  return {
    findings,
    allowed: [],
    rules: { 'create-index-blocking': { id: 'IDX-01', reason: 'The build holds a lock.' } },
    stopping: findings,
    rulesOff: [],
    since: undefined,
    files: 1,
    migrations: [],
    target: { postgresVersion: undefined, assumeTimeouts: false },
    cwd: '/p',
    repoRoot: '/p',
    ...more,
  };
}

const text = (review: ReviewOutcome): string => renderReview(review, { color: false });

it('a finding shows place, statement, message, fix and reason', () => {
  expect(text(outcome([FINDING]))).toBe(`▲ warning create-index-blocking drizzle/0001_x.sql:9:3
   9 │   CREATE INDEX i
     │   ^
  10 │   ON t (
  11 │   c,
  12 │   d,
     │ … 2 more lines
  Writes wait.
  fix:
    CREATE INDEX CONCURRENTLY i
    ON t (c);
  why: The build holds a lock.

✖ 1 file reviewed: 1 warning.
  If this is intentional, write above the statement: -- tableplan:allow create-index-blocking the reason`);
});

it('the reason of a rule is said once, and so is a statement with several findings', () => {
  const shown = text(outcome([FINDING, { ...FINDING, message: 'And again.' }, { ...FINDING, line: 20 }]));
  expect(shown.match(/why:/g)).toHaveLength(1);
  expect(shown.match(/CREATE INDEX i$/gm)).toHaveLength(2);
});

it('what is found and does not stop ends with a tick', () => {
  expect(text(outcome([FINDING], { stopping: [] }))).toMatch(/✔ 1 file reviewed: 1 warning\.$/);
  expect(text(outcome([], { files: 3 }))).toBe('✔ 3 files reviewed: nothing found.');
  expect(text(outcome([], { files: 0 }))).toBe('Nothing to review: there is no migration.');
});

it('a finding about the history offers no comment that could not allow it', () => {
  const edited = { ...FINDING, rule: 'edited-or-missing-applied', statement: '' };
  expect(text(outcome([edited]))).not.toContain('tableplan:allow');
});

it('control characters of a file do not reach the terminal', () => {
  const escape = String.fromCharCode(27);
  const shown = terminalText(
    text(outcome([{ ...FINDING, statement: `SELECT '${escape}[2J'`, message: `${escape}[31m` }])),
  );
  expect(shown).not.toContain(escape);
});

it('what is allowed is told with its reason, in text and in JSON', () => {
  const review = outcome([], { allowed: [{ ...FINDING, allowed: 'small table' }], stopping: [] });
  expect(text(review)).toContain('○ allowed create-index-blocking drizzle/0001_x.sql:9:3: small table');
  expect(reviewJson(review)).toMatchObject({
    status: 'ok',
    findings: [],
    allowed: [{ rule: 'create-index-blocking', reason: 'small table' }],
  });
});

it('the status in JSON follows what stops', () => {
  expect(reviewJson(outcome([FINDING])).status).toBe('findings');
  expect(reviewJson(outcome([FINDING], { stopping: [] })).status).toBe('ok');
  expect(reviewJson(outcome([], { files: 0 })).status).toBe('no_changes');
});
