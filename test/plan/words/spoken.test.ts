import { beforeAll, describe, expect, it } from 'vitest';
import { TableplanError } from '../../../src/errors.ts';
import { readWords, type WordsContext } from '../../../src/plan/words.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';

beforeAll(() => loadSqlParser());

const table = (name: string, columns: string[]): WordsContext['tables'][number] => ({
  schema: 'public',
  name,
  columns,
  foreignKeys: [],
});
const context: WordsContext = {
  tables: [
    table('orders', ['id', 'brand_id', 'old_field', 'created_at']),
    table('order_items', ['id', 'order_id']),
  ],
  enums: [{ schema: 'public', name: 'order_status', values: ['open'] }],
};
const read = (line: string, tables = context.tables) =>
  readWords(line.split(' '), { ...context, tables }).plan.documents[0];

describe('words that are said as a sentence', () => {
  it.each([
    [
      'add placedAt:timestamp to orders',
      { table_name: 'orders', changes: { add_columns: [{ name: 'placed_at', type: 'timestamp' }] } },
    ],
    [
      'add placed_at:timestamp! note:text to order items',
      { table_name: 'order_items', changes: { add_columns: [{ name: 'placed_at' }, { name: 'note' }] } },
    ],
    ['add to orders note:text', { table_name: 'orders', changes: { add_columns: [{ name: 'note' }] } }],
    ['remove old_field from orders', { changes: { drop_columns: ['old_field'] } }],
    [
      'Rename old_field to note in orders',
      { changes: { rename_columns: [{ from: 'old_field', to: 'note' }] } },
    ],
    ['add index on orders created_at', { changes: { add_indexes: [{ fields: ['created_at'] }] } }],
    [
      'change brand_id:bigint in orders',
      { changes: { modify_columns: [{ name: 'brand_id', new_type: 'bigint' }] } },
    ],
    ['create shops table id:uuid:pk', { migration_type: 'new_table', table_name: 'shops' }],
    ['drop orders table', { migration_type: 'drop_table', table_name: 'orders' }],
    ['create parcel size enum small large', { enum_name: 'parcel_size', values: ['small', 'large'] }],
    ['add paid to order_status', { enum_name: 'order_status', changes: { add_values: [{ value: 'paid' }] } }],
  ])('%s', (line, document) => {
    expect(read(line)).toMatchObject(document);
  });

  it('ask for what is missing, with a line to type', () => {
    const ask = () => read('add placed_at to orders');
    expect(ask).toThrow(TableplanError);
    expect(ask).toThrow('placed_at of orders needs a type');
    try {
      ask();
    } catch (error) {
      const { supply = '' } = (error as TableplanError).missing[0] ?? {};
      expect(supply).toBe('add_placed_at_to_orders placed_at:timestamptz');
      expect(read(supply)).toMatchObject({ changes: { add_columns: [{ name: 'placed_at' }] } });
    }
  });

  it('are no sentence where a table is called as the verb is', () => {
    const tables = [...context.tables, table('update', ['id'])];
    expect(read('update note:text', tables)).toMatchObject({
      table_name: 'update',
      changes: { add_columns: [{ name: 'note' }] },
    });
  });

  it('are a name as before where they are one', () => {
    expect(read('AddNoteToOrders note:text')).toMatchObject({ changes: { add_columns: [{ name: 'note' }] } });
  });
});
