import { describe, expect, it } from 'vitest';
import {
  deriveMigrationName,
  toKebabCase,
  toPascalCase,
  toSnakeCase,
} from '../../src/plan/migration-name.ts';
import type { PlanDocument } from '../../src/plan/plan.ts';

const name = (...documents: PlanDocument[]) => deriveMigrationName({ documents });
const create = (table: string): PlanDocument => ({
  migration_type: 'new_table',
  table_name: table,
  fields: [{ name: 'id', type: 'uuid' }],
});
const made = (enumName: string): PlanDocument => ({
  migration_type: 'new_enum',
  enum_name: enumName,
  values: ['x'],
});
const change = (changes: Extract<PlanDocument, { migration_type: 'modify_existing' }>['changes']) =>
  name({ migration_type: 'modify_existing', table_name: 'products', changes });

describe('the name of a migration', () => {
  it('is the given one', () => {
    expect(name({ ...create('products'), name: 'first_of_all' })).toBe('first_of_all');
  });

  it('says what is done to a table', () => {
    expect(name(create('products'))).toBe('create_products_table');
    expect(name(create('ChatMessage'))).toBe('create_chat_message_table');
    expect(name({ migration_type: 'drop_table', table_name: 'products' })).toBe('drop_products_table');
    expect(name({ migration_type: 'rename_table', table_name: 'a', new_name: 'b' })).toBe('rename_a_to_b');
  });

  it('says what is done to columns', () => {
    const brand = { name: 'brand_id', type: 'uuid' };
    expect(change({ add_columns: [brand] })).toBe('add_brand_id_to_products');
    expect(change({ add_columns: [brand, { name: 'b', type: 'int' }] })).toBe(
      'add_brand_id_and_b_to_products',
    );
    expect(
      change({
        add_columns: [brand],
        add_indexes: [{ fields: ['brand_id'] }],
        add_foreign_keys: [{ field: 'brand_id', references: 'brands' }],
      }),
    ).toBe('add_brand_id_to_products');
    expect(
      change({
        add_columns: Array.from({ length: 9 }, (_, index) => ({ name: `column_${index}`, type: 'int' })),
      }),
    ).toBe('add_columns_to_products');
    expect(change({ drop_columns: ['old_field'] })).toBe('drop_old_field_from_products');
    expect(change({ rename_columns: [{ from: 'a', to: 'b' }] })).toBe('rename_a_to_b_in_products');
    expect(change({ modify_columns: [{ name: 'a', new_type: 'text' }] })).toBe('alter_a_in_products');
  });

  it('says what is done to keys and indexes', () => {
    expect(change({ add_indexes: [{ fields: ['a', 'b'] }] })).toBe('add_index_on_products_a_b');
    expect(change({ add_indexes: [{ fields: ['a'], type: 'unique' }] })).toBe(
      'add_unique_index_on_products_a',
    );
    expect(change({ add_indexes: [{ expression: 'lower(a)' }] })).toBe('add_indexes_to_products');
    expect(change({ add_foreign_keys: [{ field: 'a_id', references: 'a' }] })).toBe(
      'add_foreign_key_on_a_id_to_products',
    );
    expect(change({ drop_indexes: ['x'] })).toBe('drop_indexes_from_products');
    expect(change({ primary_key: ['a'] })).toBe('change_primary_key_of_products');
  });

  it('leaves out the enums made for new tables where it would be too long', () => {
    expect(name(create('access_requests'), made('access_requests_status_enum'))).toBe(
      'create_access_requests_table',
    );
    expect(name(made('a_rather_long_name_of_an_enum'), made('another_rather_long_name_of_an_enum'))).toBe(
      'create_a_rather_long_name_of_an_enum_and_others',
    );
  });

  it('is general where much is done', () => {
    expect(change({ add_columns: [{ name: 'a', type: 'int' }], drop_columns: ['b'] })).toBe('alter_products');
    expect(name(create('a'), create('b'))).toBe('create_a_and_b_tables');
    expect(name(create('a'), create('b'), create('c'))).toBe('create_a_b_and_c_tables');
    expect(name({ migration_type: 'drop_enum', enum_name: 'order_state_enum' })).toBe(
      'drop_order_state_enum',
    );
    expect(name(create('seating_table'))).toBe('create_seating_table');
    expect(name({ migration_type: 'drop_enum', enum_name: 'e' }, create('b'))).toBe(
      'drop_e_enum_and_create_b_table',
    );
  });

  it('says what is done to enums, whatever the labels are', () => {
    const add = (value: string) =>
      name({ migration_type: 'modify_enum', enum_name: 'status', changes: { add_values: [{ value }] } });
    expect(add('on hold')).toBe('add_on_hold_to_status');
    expect(add('../../x')).toBe('add_x_to_status');
    expect(add('—')).toBe('alter_status');
  });

  it('stays short', () => {
    const long = 'customer_relationship_management_opportunity_attachments_2024';
    for (const derived of [
      name(create(long)),
      name(create(long), create(`${long}b`)),
      name(create('ж'.repeat(31))),
    ]) {
      expect(new TextEncoder().encode(derived).length).toBeLessThanOrEqual(60);
      expect(derived).toMatch(/^create_[^_]/);
    }
  });
});

it('names change their case', () => {
  expect(toSnakeCase('AddBrandIdToProducts')).toBe('add_brand_id_to_products');
  expect(toSnakeCase('addOAuth2Token')).toBe('add_o_auth2_token');
  expect(toSnakeCase('add-brand-id')).toBe('add_brand_id');
  expect(toSnakeCase('HTTPServer')).toBe('http_server');
  expect(toPascalCase('add_brand_id')).toBe('AddBrandId');
  expect(toKebabCase('AddBrandId')).toBe('add-brand-id');
});
