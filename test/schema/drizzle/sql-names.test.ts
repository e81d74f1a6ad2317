import { expect, it } from 'vitest';
import { renameInSql } from '../../../src/schema/drizzle/sql-names.ts';

it.each([
  ['price > 0', 'cents > 0'],
  ['"price" > 0', '"cents" > 0'],
  ['PRICE > 0', 'cents > 0'],
  ["kind <> 'price'", "kind <> 'price'"],
  ['unit_price > price', 'unit_price > cents'],
  ['price(price)', 'price(cents)'],
  ['shop.price > 0', 'store.cents > 0'],
])('%s', (before, after) => {
  expect(
    renameInSql(before, { columns: new Map([['price', 'cents']]), table: { from: 'shop', to: 'store' } }),
  ).toBe(after);
});

it('quotes a name that needs it', () => {
  expect(renameInSql('price > 0', { columns: new Map([['price', 'unitPrice']]) })).toBe('"unitPrice" > 0');
});
