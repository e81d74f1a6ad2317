import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planJsonSchema } from '../../src/plan/json-schema.ts';

const accepts = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(planJsonSchema());
const reference = parse(
  readFileSync(new URL('../../examples/drizzle-shop/plans/products.yaml', import.meta.url), 'utf8'),
);

describe('the JSON Schema of a plan', () => {
  it('is the one in plan.schema.json (vitest -u writes it)', async () => {
    await expect(`${JSON.stringify(planJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../plan.schema.json',
    );
  });

  it('accepts the reference and every other kind', () => {
    const plans = [
      reference,
      { migration_type: 'modify_existing', table_name: 'a', changes: { drop_columns: ['b'] } },
      { migration_type: 'rename_table', table_name: 'a', new_name: 'b' },
      { migration_type: 'rename_table', table_name: 'a', changes: { rename_table: 'b' } },
      { migration_type: 'new_enum', enum_name: 'a', values: ['b'] },
      {
        migration_type: 'modify_enum',
        enum_name: 'a',
        changes: { add_values: [{ value: 'b', after: 'c' }] },
      },
      { migration_type: 'drop_table', table_name: 'a', safety: { skip: 'why' } },
    ];
    for (const plan of plans) expect([accepts(plan), accepts.errors]).toEqual([true, null]);
  });

  it('refuses typos, in keys and in values', () => {
    const plans = [
      { ...reference, tabel_name: 'a' },
      { ...reference, migration_type: 'new_tabel' },
      { ...reference, fields: [{ nam: 'a', type: 'int' }] },
      { ...reference, foreign_keys: [{ field: 'a', references: 'b(c)', on_delete: 'CASCADEE' }] },
      { migration_type: 'rename_table', table_name: 'a' },
      { migration_type: 'rename_table', table_name: 'a', new_name: 'b', changes: { rename_table: 'b' } },
    ];
    for (const plan of plans) expect(accepts(plan)).toBe(false);
  });
});
