import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/docs/record-facts.ts';
import { rollbackSqlOf } from '../../src/docs/record-rollback.ts';
import type { Change } from '../../src/plan/change.ts';
import { type RecordInput, recordFileName, renderRecord } from '../../src/record/record.ts';

const template = readFileSync('templates/record/migration.md.hbs', 'utf8');
const users = { schema: 'public', name: 'users' };
const column = { name: 'nick', type: 'text', notNull: false };

function record(changes: readonly Change[], more: Partial<RecordInput> = {}): string {
  return renderRecord(
    {
      generator: 'drizzle-kit',
      number: '0007',
      name: 'change_users',
      file: 'drizzle/0007_change_users.sql',
      rollbackFile: 'drizzle/rollback/0007_change_users.down.sql',
      editedFiles: ['src/schema.ts'],
      changes,
      up: 'ALTER TABLE "users" …;',
      down: 'back again;',
      byHand: [],
      checks: [
        { text: 'Types compile', done: true, evidence: '`tsc`' },
        { text: 'Tests pass', done: false },
        { text: 'Reviewed', done: false, always: true },
      ],
      findings: [],
      overridden: [],
      rehearsal: undefined,
      effects: [
        {
          sql: 'ALTER TABLE "users" …',
          line: 1,
          locks: [{ relation: 'users', mode: 'AccessExclusiveLock' }],
          rewrites: [],
          scans: [],
          heldTo: 0,
          observed: false,
          unknown: false,
        },
      ],
      author: undefined,
      safety: undefined,
      plan: 'table_name: users\n',
      ...more,
    },
    template,
  );
}

const add: Change = { kind: 'add-column', table: users, column };

it('is a summary, the SQL and its effects, the rollback, what was tested and the plan', () => {
  expect(record([add], { author: 'Kim Lee, 2026-02-14' })).toBe(`# Migration 0007: Change users

- **Migration File**: \`drizzle/0007_change_users.sql\`
- **Type**: Alter Table · **Impact**: Medium (existing tables are changed) · **Migration Author**: Kim Lee, 2026-02-14
- **Tables Affected**: \`users\`: add column nick text
- **Code**: \`src/schema.ts\`
- **Applied**: not yet

\`\`\`sql
ALTER TABLE "users" …;
\`\`\`

| Statement | Expected effect |
| --- | --- |
| \`ALTER TABLE "users" …\` | blocks reads and writes on \`users\` (ACCESS EXCLUSIVE) |

## Rollback Plan

**Rollback**: not rehearsed. No statement of this migration drops or converts stored values. Script: \`drizzle/rollback/0007_change_users.down.sql\`

\`\`\`sql
back again;
\`\`\`

## Testing Performed

- [x] Types compile (\`tsc\`)
- [ ] Reviewed

## Plan

\`\`\`yaml
table_name: users
\`\`\`
`);
});

it('has no field without a value', () => {
  const text = record([add], { effects: [], editedFiles: [], rollbackFile: undefined });
  expect(text).not.toMatch(/\*\*:\s*$|Author|Code|Script|Breaking|\bnone\b/m);
  expect(text).toContain('Nothing that was there before is blocked, rewritten or scanned.');
});

it('names each of several tables on a line', () => {
  const posts = { schema: 'blog', name: 'posts' };
  const text = record([add, { kind: 'add-column', table: posts, column }]);
  expect(text).toContain(
    '- **Tables Affected**:\n  - `users`: add column nick text\n  - `blog.posts`: add column nick text\n- **Code**',
  );
  expect(readRecord('migration-0007-x.md', text).tables).toEqual(['users', 'blog.posts']);
});

it('ticks a box only for what was done, and has none for what was not run', () => {
  const text = record([]);
  expect(text).toContain('- [x] Types compile (`tsc`)');
  expect(text).toContain('- [ ] Reviewed');
  expect(text).not.toContain('Tests pass');
});

it('invents no names and no dates', () => {
  const text = record([add]);
  expect(text).toContain('**Applied**: not yet');
  expect(text).not.toMatch(/Author|20\d\d-\d\d/);
});

it('shows the rollback in one sql block, claims nothing that was not rehearsed, and says what is lost', () => {
  const text = record([{ kind: 'drop-column', table: users, column: 'nick' }]);
  expect(text).toContain('**Rollback**: not rehearsed.');
  expect(text).toContain('the values of users.nick');
  expect(text.split('## Rollback Plan')[1]?.match(/```sql\nback again;\n```/g)).toHaveLength(1);
  expect(rollbackSqlOf(text)).toBe('back again;');
});

it.each<[string, Change, RegExp]>([
  ['a dropped column', { kind: 'drop-column', table: users, column: 'nick' }, /`users\.nick` is gone/],
  ['a renamed table', { kind: 'rename-table', table: users, to: 'people' }, /`users` is called `people`/],
  [
    'a required column without a default',
    { kind: 'add-column', table: users, column: { ...column, notNull: true } },
    /required and has no default/,
  ],
])('says that %s breaks the running application', (_, change, expected) => {
  expect(record([change]).split('## Breaking Changes')[1]?.split('## Testing')[0]).toMatch(expected);
});

it('lists findings below the review, and matters of taste by name only', () => {
  const finding = { statement: '', objects: [], line: 1, column: 1 };
  const text = record([add], {
    findings: [
      {
        ...finding,
        severity: 'warning',
        rule: 'missing-lock-timeout',
        message: 'It waits.',
        observed: false,
      },
      { ...finding, severity: 'info', rule: 'combine-alters', message: '2 statements', observed: false },
      { ...finding, severity: 'info', rule: 'combine-alters', message: '3 statements', observed: false },
    ],
  });
  expect(text).toContain(
    '- [ ] Reviewed\n  - **warning** `missing-lock-timeout`: It waits.\n  - also noted: `combine-alters`\n',
  );
});

it.each([
  [
    ['blocks reads and writes on `a`, `b` (ACCESS EXCLUSIVE); rewrites `a`'],
    ['AccessExclusiveLock', 'AccessExclusiveLock'],
    ['a'],
  ],
  [
    ['blocks writes on `a` (SHARE); blocks other schema changes on `b` (SHARE UPDATE EXCLUSIVE)'],
    ['ShareLock', 'ShareUpdateExclusiveLock'],
    [],
  ],
  [
    ['blocks writes on `b` (EXCLUSIVE); blocks writes on `a` (SHARE ROW EXCLUSIVE)'],
    ['ShareRowExclusiveLock', 'ExclusiveLock'],
    [],
  ],
])('says %j', ([words], [onA = '', onB = ''], rewrites) => {
  const locks = [
    { relation: 'a', mode: onA },
    { relation: 'b', mode: onB },
  ];
  const effects = [
    { sql: 'x | y', line: 1, locks, rewrites, scans: [], heldTo: 0, observed: true, unknown: false },
  ];
  expect(record([add], { effects })).toContain(
    `| Statement | Effect |\n| --- | --- |\n| \`x \\| y\` | ${words} |\n`,
  );
});

it('lists what the plan overrides, with its reasons', () => {
  const safety = { allow: [{ rule: 'drop-column', object: 'users.nick', reason: 'unused since 2024' }] };
  expect(record([], { safety })).toContain(
    '  - **allowed** `drop-column` on `users.nick`: unused since 2024',
  );
});

describe('a plan cannot speak as the record', () => {
  const forged = [
    'x',
    '',
    '## Rollback Plan',
    '',
    '- [x] Tests pass',
    '',
    '**Applied**: yes',
    '```',
    '# Migration 1: <img src=y>',
    '```',
  ].join('\n');
  const literal = `'${forged}'`;
  const changes = (text: string): Change[] => [
    { kind: 'add-column', table: users, column: { ...column, description: text, default: `'${text}'` } },
    { kind: 'comment', table: users, text },
    { kind: 'add-check', table: users, check: { name: 'c', expression: `nick <> '${text}'` } as never },
    { kind: 'drop-enum-value', enum: users, value: text },
    { kind: 'rename-enum-value', enum: users, from: text, to: text },
  ];
  const safety = { allow: [{ rule: forged, object: forged, reason: forged }], skip: forged };
  const forging = {
    description: forged,
    up: `SELECT ${literal};`,
    down: `SELECT ${literal};`,
    byHand: [forged],
    findings: [{ severity: 'info', rule: 'r', message: forged }],
    overridden: [],
    author: forged,
    plan: `description: |\n${forged}`,
    safety,
  } as const;
  /** What is read as Markdown: all but the code blocks. */
  const spoken = (text: string): string => text.replaceAll(/^(`{3,})\w*\n[\s\S]*?^\1$/gm, '');

  const signs = (markdown: string): string[] =>
    spoken(markdown)
      .split('\n')
      .flatMap((line) => /^(#+ .*|\s*[-*+] \[.*|\*\*\w+\*\*:|`{3}|~~~)/.exec(line)?.[0] ?? []);

  it.each([
    ['as it is rendered', (text: string) => text],
    ['as prettier writes it', (text: string) => format(text, { parser: 'markdown' })],
  ])('%s', async (_, written) => {
    const text = await written(record(changes(forged), forging));
    expect(signs(text)).toEqual(signs(await written(record(changes('x')))));
    expect(spoken(text).replaceAll(/`[^`\n]+`/g, '')).not.toMatch(/(?<!\\)<img/);
  });
});

it('is called after the number and the name', () => {
  expect(recordFileName('0007', 'add_brand_id_to_products')).toBe(
    'migration-0007-add-brand-id-to-products.md',
  );
  expect(recordFileName('1700000000000', 'add_brandId_to_products')).toBe(
    'migration-1700000000000-add-brand-id-to-products.md',
  );
});
