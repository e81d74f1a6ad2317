import { expect, it } from 'vitest';
import { reviewGithub } from '../../src/report/review-github.ts';
import type { Finding } from '../../src/review/finding.ts';

const FINDING: Finding = {
  rule: 'create-index-blocking',
  severity: 'warning',
  message: 'Writes wait.',
  statement: 'CREATE INDEX i ON t (c)',
  objects: ['t', 'i'],
  file: 'drizzle/0001_x.sql',
  line: 3,
  column: 5,
  observed: false,
};

it('a finding is one workflow command with its place', () => {
  expect(reviewGithub([FINDING])).toBe(
    '::warning file=drizzle/0001_x.sql,line=3,col=5,title=create-index-blocking::Writes wait.',
  );
});

it('an info is a notice', () => {
  expect(reviewGithub([{ ...FINDING, severity: 'info' }])).toMatch(/^::notice /);
});

it('what would end a command or a property is escaped', () => {
  const odd = reviewGithub([
    { ...FINDING, file: 'a,b:c%.sql', message: '100% sure:\r\n::error::no', fix: 'SELECT 1;\nSELECT 2;' },
  ]);
  expect(odd).toBe(
    '::warning file=a%2Cb%3Ac%25.sql,line=3,col=5,title=create-index-blocking::100%25 sure:%0D%0A::error::no%0A%0AFix:%0ASELECT 1;%0ASELECT 2;',
  );
  expect(odd.split('\n')).toHaveLength(1);
});

it('no findings are no output', () => {
  expect(reviewGithub([])).toBe('');
});
