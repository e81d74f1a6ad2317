import { beforeAll, describe, expect, it } from 'vitest';
import { equivalentCommand } from '../../../src/ask/equivalent.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { readWords, type WordsContext } from '../../../src/plan/words.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';

beforeAll(() => loadSqlParser());

const table = (name: string, columns: string[]): WordsContext['tables'][number] => ({
  schema: 'public',
  name,
  columns,
  foreignKeys: [],
});
const snake: WordsContext = {
  tables: [
    table('orders', ['id', 'brand_id', 'created_at']),
    table('brands', ['id', 'external_id']),
    table('order_items', ['id', 'order_id']),
  ],
  enums: [{ schema: 'public', name: 'order_status', values: ['open'] }],
};
const camel: WordsContext = {
  tables: [table('order', ['id', 'brandId', 'createdAt']), table('brand', ['id', 'externalId'])],
  enums: [{ schema: 'public', name: 'orderStatus', values: ['open'] }],
};
const read = (words: string, context: WordsContext) => {
  const { plan, notices } = readWords(words.split(' '), context);
  return { document: plan.documents[0], notices };
};

describe('columns from words have the case of their neighbours', () => {
  it('a name in camel case beside snake_case columns, and it is said', () => {
    const { document, notices } = read('AddPlacedAtToOrders placedAt:timestamp!:index', snake);
    expect(document).toMatchObject({
      changes: {
        add_columns: [{ name: 'placed_at', type: 'timestamp', constraints: ['NOT NULL'] }],
        add_indexes: [{ fields: ['placed_at'] }],
      },
    });
    expect(notices).toEqual([
      {
        severity: 'info',
        rule: 'words-column-case',
        message:
          'placedAt is added as placed_at, like the columns of orders; a plan in YAML keeps names as they are typed',
      },
    ]);
  });

  it('a name in snake_case beside columns in camel case', () => {
    const { document, notices } = read('order placed_at:timestamp note:text', camel);
    expect(document).toMatchObject({ changes: { add_columns: [{ name: 'placedAt' }, { name: 'note' }] } });
    expect(notices.map(({ rule }) => rule)).toEqual(['words-column-case', 'words-add-columns'].toReversed());
  });

  it('those of a new table, like those of the other tables', () => {
    const { document, notices } = read(
      'CreateLineItemsTable id:uuid=gen_random_uuid():pk unitPrice:int!:index orderId:uuid:ref(orders)',
      snake,
    );
    expect(document).toMatchObject({
      table_name: 'line_items',
      fields: [{ name: 'id' }, { name: 'unit_price' }, { name: 'order_id', references: 'orders' }],
      indexes: [{ fields: ['unit_price'] }],
    });
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^unitPrice is added as unit_price, like the columns of the other tables/),
      expect.stringMatching(/^orderId is added as order_id/),
    ]);
  });

  it('a table whose own columns are of one word each follows the other tables', () => {
    const tables = [...snake.tables, table('tags', ['id', 'name'])];
    expect(read('tags sortOrder:int', { tables }).document).toMatchObject({
      changes: { add_columns: [{ name: 'sort_order' }] },
    });
  });

  it("a table's own columns go before those of the other tables", () => {
    const tables = [...snake.tables, table('accounts', ['userId', 'providerId'])];
    expect(read('accounts lastSeen:timestamp', { tables }).document).toMatchObject({
      changes: { add_columns: [{ name: 'lastSeen' }] },
    });
  });

  it('PascalCase columns too', () => {
    const tables = [table('Orders', ['Id', 'BrandId'])];
    expect(read('Orders placed_at:date total:int', { tables }).document).toMatchObject({
      changes: { add_columns: [{ name: 'PlacedAt' }, { name: 'Total' }] },
    });
  });

  it.each([
    ['where both cases are as frequent', ['user_id', 'brandId'], 'placedAt'],
    ['where no column is of several words', ['id', 'name'], 'placedAt'],
    ['where it fits already', ['user_id', 'brand_id'], 'placed_at'],
    ['which begins with an underscore', ['userId', 'brandId'], '_rank'],
  ])('a name stays as it is typed %s', (_, columns, name) => {
    const { document, notices } = read(`orders ${name}:int`, { tables: [table('orders', columns)] });
    expect(document).toMatchObject({ changes: { add_columns: [{ name }] } });
    expect(notices.map(({ rule }) => rule)).not.toContain('words-column-case');
  });
});

describe('columns that are there are found in any case', () => {
  it('the same column added again', () => {
    expect(read('orders brandId:uuid', snake).document).toMatchObject({
      changes: { add_columns: [{ name: 'brand_id' }] },
    });
  });

  it.each([
    ['RemoveBrandFromOrders brandId', { drop_columns: ['brand_id'] }],
    ['ChangeBrandInOrders brandId:bigint', { modify_columns: [{ name: 'brand_id', new_type: 'bigint' }] }],
    ['AddIndexToOrders brandId createdAt', { add_indexes: [{ fields: ['brand_id', 'created_at'] }] }],
    ['AddUniqueConstraintToOrders brandId', { add_unique: [{ fields: ['brand_id'] }] }],
    [
      'AddForeignKeyToOrders brandId:ref(brands.externalId)',
      { add_foreign_keys: [{ field: 'brand_id', references: 'brands(external_id)' }] },
    ],
    ['orders itemId:uuid:ref(orderItems)', { add_columns: [{ name: 'item_id', references: 'order_items' }] }],
    ['RenameBrandIdToMakerIdInOrders', { rename_columns: [{ from: 'brand_id', to: 'maker_id' }] }],
  ])('%s', (words, changes) => {
    expect(read(words, snake).document).toMatchObject({ changes });
  });

  it('and renamed to the case of the others', () => {
    expect(read('RenameBrandIdToMakerIdInOrder', camel).document).toMatchObject({
      changes: { rename_columns: [{ from: 'brandId', to: 'makerId' }] },
    });
  });

  it('a name that nothing has is left as it is typed, for the message', () => {
    expect(read('RemoveXFromOrders fooBar', snake).document).toMatchObject({
      changes: { drop_columns: ['fooBar'] },
    });
  });
});

it('a table and an enum get the case of their like, renamed or new', () => {
  const pascal: WordsContext = { tables: [table('Order', ['Id']), table('Brand', ['Id'])] };
  expect(read('RenameTableBrandToItemMaker', pascal).document).toMatchObject({ new_name: 'ItemMaker' });
  expect(read('CreateBrandKindEnum a b', camel).document).toMatchObject({ enum_name: 'brandKind' });
  expect(read('DropOrderStatusEnum', camel).document).toMatchObject({ enum_name: 'orderStatus' });
});

it('a plan in YAML keeps names as they are typed', async () => {
  const { plan, notices } = await parsePlan(
    'migration_type: modify_existing\ntable_name: orders\nchanges:\n  add_columns: [{name: placedAt, type: date}]\n',
    { file: 'plan.yaml' },
  );
  expect(plan.documents[0]).toMatchObject({ changes: { add_columns: [{ name: 'placedAt' }] } });
  expect(notices).toEqual([]);
});

it('an interview does not print words that would change a name', async () => {
  const { plan } = await parsePlan(
    'migration_type: modify_existing\ntable_name: orders\nchanges:\n  add_columns: [{name: placedAt, type: date}]\n',
    { file: 'plan.yaml' },
  );
  const bin = 'npx tableplan migration';
  expect(equivalentCommand(plan, { bin })).toContain('orders placedAt:date');
  expect(equivalentCommand(plan, { bin, context: snake })).toMatch(/save this as .*\.yaml/);
});
