import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../src/plan/parse.ts';
import { printPlan } from '../../src/plan/print.ts';
import { validPlan } from './valid-plans.ts';

describe('a plan printed as YAML', () => {
  it('reads back as the same plan, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(validPlan, async (plan) => {
        const text = printPlan(plan);
        const { plan: again } = await parsePlan(text, { file: 'printed.yaml' });
        expect(again).toEqual(plan);
        expect(printPlan(again)).toBe(text);
        const compact = printPlan(plan, { compact: true });
        expect((await parsePlan(compact, { file: 'printed.yaml' })).plan).toEqual(plan);
      }),
      { numRuns: 300 },
    );
  });

  it('is short where it is only read', () => {
    const text = printPlan(
      {
        documents: [
          {
            migration_type: 'modify_existing',
            table_name: 'users',
            changes: {
              add_columns: [{ name: 'nick', type: 'text', constraints: ['NOT NULL'] }],
              add_indexes: [{ fields: ['nick'], type: 'index' }],
            },
          },
        ],
      },
      { compact: true },
    );
    expect(text).toBe(`migration_type: 'modify_existing'
table_name: 'users'
changes:
  add_columns: [{name: 'nick', type: 'text', constraints: ['NOT NULL']}]
  add_indexes: [{fields: ['nick'], type: 'index'}]
`);
  });

  it('looks like the format, with the schema for editors on the first line', () => {
    const text = printPlan({
      documents: [
        {
          safety: { allow: [{ rule: 'drop-column', reason: 'unused' }] },
          table_name: 'products',
          changes: {
            drop_columns: ['old'],
            add_columns: [{ type: 'UUID', name: 'brand_id', constraints: ['NULL'], default: 1 }],
          },
          migration_type: 'modify_existing',
        },
        { migration_type: 'drop_enum', enum_name: 'kind' },
      ],
    });
    expect(text).toBe(`# yaml-language-server: $schema=./node_modules/tableplan/plan.schema.json
migration_type: 'modify_existing'
table_name: 'products'
changes:
  add_columns:
    - name: 'brand_id'
      type: 'UUID'
      constraints: ['NULL']
      default: 1
  drop_columns: ['old']
safety:
  allow:
    - rule: 'drop-column'
      reason: 'unused'
---
migration_type: 'drop_enum'
enum_name: 'kind'
`);
  });
});
