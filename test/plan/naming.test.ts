import { describe, expect, it } from 'vitest';
import { EMPTY_SCHEMA } from '../../src/orm/drizzle/snapshot.ts';
import type { DatabaseSchema, IndexDef } from '../../src/plan/database-schema.ts';
import { drizzleNaming, fitName } from '../../src/plan/naming.ts';

const products = { schema: 'public', name: 'products' };

function schemaWith(names: Readonly<Record<string, readonly string[]>>, unique = false): DatabaseSchema {
  const indexes = Object.entries(names).map(([name, columns]): IndexDef => ({
    name,
    unique,
    columns: columns.map((expression) => ({ expression, isExpression: false, order: 'asc', nulls: 'last' })),
    using: 'btree',
    concurrently: false,
  }));
  return {
    ...EMPTY_SCHEMA,
    tables: [{ ...products, name: 'users', columns: [], uniques: [], indexes, foreignKeys: [], checks: [] }],
  };
}

describe('names of indexes', () => {
  it.each([
    [{}, 'products_a_b_idx'],
    [{ idx_users_email: ['email'] }, 'idx_products_a_b'],
    [{ users_email_index: ['email'] }, 'products_a_b_index'],
    [{ email_idx: ['email'] }, 'a_b_idx'],
    [{ user_email_ix: ['email'] }, 'product_a_b_ix'],
    [{ index_users_on_email: ['email'] }, 'index_products_on_a_b'],
    [{ idx_users_email: ['email'], users_name_ix: ['name'], idx_users_city: ['city'] }, 'idx_products_a_b'],
    [{ fast_lookup_of_everything: ['email'] }, 'products_a_b_idx'],
    [{ people_email_idx: ['email'], people_name_idx: ['name'] }, 'products_a_b_idx'],
  ])('follow the habit of %o', (names, expected) => {
    expect(drizzleNaming(schemaWith(names)).index(products, ['a', 'b'], { unique: false })).toBe(expected);
  });

  it('follow words of the project where several tables have them', () => {
    const schema = schemaWith({ app_email_idx: ['email'] });
    const [users] = schema.tables;
    const tables = [users!, { ...users!, name: 'orders' }];
    expect(drizzleNaming({ ...schema, tables }).index(products, ['a'], { unique: false })).toBe('app_a_idx');
    expect(drizzleNaming(schema).index(products, ['a'], { unique: false })).toBe('products_a_idx');
  });

  it('follow the habit of unique indexes where they have their own', () => {
    const naming = drizzleNaming(schemaWith({ uq_users_email: ['email'] }, true));
    expect(naming.index(products, ['a'], { unique: true })).toBe('uq_products_a');
    expect(naming.index(products, ['a'], { unique: false })).toBe('products_a_idx');
  });
});

describe('long names', () => {
  const long = `${'very_'.repeat(14)}long_idx`;

  it('are shortened to 63 bytes, always alike, and keep their ending', () => {
    expect(fitName(long)).toBe(fitName(long));
    expect(Buffer.byteLength(fitName(long))).toBeLessThanOrEqual(63);
    expect(fitName(long)).toMatch(/^very_.*_[0-9a-f]{8}_idx$/);
  });

  it('stay distinct and whole characters', () => {
    expect(fitName(`a${long}`)).not.toBe(fitName(`b${long}`));
    const umlauts = fitName(`${'ü'.repeat(40)}_fk`);
    expect(Buffer.byteLength(umlauts)).toBeLessThanOrEqual(63);
    expect(umlauts).toMatch(/^ü+_[0-9a-f]{8}_fk$/);
  });

  it('are spelled out in the source, because Drizzle would derive the long one', () => {
    const naming = drizzleNaming(EMPTY_SCHEMA);
    expect(naming.unique(products, ['a'])).toEqual({ name: 'products_a_unique', named: false });
    expect(naming.unique(products, [long]).named).toBe(true);
  });
});
