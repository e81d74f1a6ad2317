import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readRecord } from '../../src/docs/record-facts.ts';

it('reads what tableplan wrote', () => {
  const text = readFileSync('test/fixtures/docs/records/migration-0007-add-brand-id-to-products.md', 'utf8');
  expect(readRecord('migration-0007-add-brand-id-to-products.md', text)).toEqual({
    file: 'migration-0007-add-brand-id-to-products.md',
    number: '7',
    name: 'add-brand-id-to-products',
    title: 'Add brand id to products',
    migration: '0007_add_brand_id_to_products',
    applied: 'not yet',
    tables: ['products', 'billing.brands'],
    rollback: 'exact',
  });
});

it('reads what people wrote after the template of their team', () => {
  const text = readFileSync('test/fixtures/docs/records/migration-0003-nango-user-columns.md', 'utf8');
  expect(readRecord('migration-0003-nango-user-columns.md', text)).toMatchObject({
    number: '3',
    title: 'Nango user columns',
    migration: '0003_nango_user_columns',
    applied: '2026-02-14',
    tables: ['users', 'accounts', 'teams'],
    rollback: undefined,
  });
});

it('takes the placeholders of a template for nothing', () => {
  const text =
    '# Migration {Number}: {Description}\n\n**Migration File**: `{number}_{description}.sql`  \n**Applied**: [Date]\n\n### Tables Affected\n\n- `{table_name}` - [Description]\n';
  expect(readRecord('migration-9-x.md', text)).toMatchObject({
    migration: undefined,
    applied: undefined,
    tables: [],
  });
});

it.each(['', '\uFEFF', '# \n## \n', '```\n# Migration 1: x', '**Applied**:\n', '- `a`\n'])(
  'leaves blank what %j does not say',
  (text) => {
    expect(readRecord('migration-x.md', text)).toEqual({
      file: 'migration-x.md',
      number: undefined,
      name: 'x',
      title: undefined,
      migration: undefined,
      applied: undefined,
      tables: [],
      rollback: undefined,
    });
  },
);

it('takes no SQL for prose', () => {
  const text = '# Migration 1: a\n\n### SQL Changes\n\n~~~sql\n# Migration 2: b\n**Applied**: yes\n~~~\n';
  expect(readRecord('migration-1-a.md', text)).toMatchObject({ title: 'a', applied: undefined });
});
