import { readFileSync } from 'node:fs';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
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
      recordPath: 'docs/migrations/migration-0007-change-users.md',
      rollbackFile: 'drizzle/rollback/0007_change_users.down.sql',
      editedFiles: ['src/schema.ts'],
      changes,
      after: {
        tables: [{ ...users, columns: [column], uniques: [], indexes: [], foreignKeys: [], checks: [] }],
        enums: [],
        schemas: [],
        views: [],
      },
      up: 'ALTER TABLE "users" …;',
      down: 'back again;',
      byHand: [],
      checks: [
        { text: 'Types compile', done: true, evidence: '`tsc`' },
        { text: 'Tests pass', done: false },
      ],
      findings: [],
      overridden: [],
      rehearsal: undefined,
      safety: undefined,
      plan: 'table_name: users\n',
      ...more,
    },
    template,
  );
}

it('has the headings that people and later tools look for, in their order', () => {
  const headings = record([{ kind: 'add-column', table: users, column }])
    .split('\n')
    .filter((line) => /^#{1,3} /.test(line));
  expect(headings).toEqual([
    '# Migration 0007: Change users',
    '## Overview',
    '## Changes Made',
    '### Tables Affected',
    '### Schema Changes',
    '### SQL Changes',
    '## Locks and Duration',
    '## Rollback Plan',
    '## Testing Performed',
    '## Breaking Changes',
    '## Findings',
    '## Related Changes',
    '## Plan',
  ]);
});

it('ticks a box only for what was done', () => {
  const text = record([]);
  expect(text).toContain('- [x] Types compile (`tsc`)');
  expect(text).toContain('- [ ] Tests pass');
});

it('invents no names and no dates', () => {
  const text = record([{ kind: 'add-column', table: users, column }]);
  expect(text).toContain('**Applied**: not yet');
  expect(text).toMatch(/\*\*Migration Author\*\*:\n\*\*Reviewed By\*\*:\n/);
  expect(text).not.toMatch(/20\d\d-\d\d/);
});

it('shows the way back in one sql block, claims nothing that was not rehearsed, and says what is lost', () => {
  const text = record([{ kind: 'drop-column', table: users, column: 'nick' }]);
  expect(text).toContain('**Rollback**: not rehearsed.');
  expect(text).toContain('the values of users.nick');
  expect(
    text
      .split('## Rollback Plan')[1]
      ?.split('## Testing')[0]
      ?.match(/```sql\nback again;\n```/g),
  ).toHaveLength(1);
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
  expect(record([change]).split('## Breaking Changes')[1]?.split('## Findings')[0]).toMatch(expected);
});

it('says none where nothing breaks and nothing was found', () => {
  const text = record([{ kind: 'add-column', table: users, column }]);
  expect(text).toMatch(/## Breaking Changes\n\nnone\n/);
  expect(text).toMatch(/## Findings\n\nnone\n/);
});

it('draws the tables that are there afterwards', () => {
  expect(record([{ kind: 'add-column', table: users, column }])).toContain(
    '```mermaid\nerDiagram\n  "users" {\n    text nick\n  }\n```',
  );
});

it('lists what the plan overrides, with its reasons', () => {
  const safety = { allow: [{ rule: 'drop-column', object: 'users.nick', reason: 'unused since 2024' }] };
  expect(record([], { safety })).toContain('- `drop-column` on `users.nick`: unused since 2024');
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
