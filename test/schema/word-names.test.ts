import { describe, expect, it } from 'vitest';
import { mapName } from '../../src/schema/word-names.ts';

describe('a name for a new table after a neighbour', () => {
  it.each([
    ['DrizzleUser', 'users', 'products', 'DrizzleProduct'],
    ['NewDrizzleUser', 'users', 'orderItems', 'NewDrizzleOrderItem'],
    ['insertUserSchema', 'usersTable', 'orderItemsTable', 'insertOrderItemSchema'],
    ['UsersRow', 'users', 'products', 'ProductsRow'],
    ['usersRelations', 'users', 'products', 'productsRelations'],
    ['userRelations', 'users', 'products', 'productRelations'],
    ['Category', 'categories', 'brands', 'Brand'],
    ['SelectOrderItem', 'orderItems', 'brands', 'SelectBrand'],
    ['Invoice', 'billingInvoices', 'billingPayments', 'Payment'],
    ['order_item', 'order_items', 'team_shares', 'team_share'],
    ['OrderStatus', 'orderStatusEnum', 'paymentKindEnum', 'PaymentKind'],
    ['user', 'user', 'product', 'product'],
  ])('%s of %s, for %s', (name, from, to, expected) => {
    expect(mapName(name, { from, to })).toBe(expected);
  });

  it('is not invented where the words are not there', () => {
    expect(mapName('Account', { from: 'users', to: 'products' })).toBeUndefined();
  });
});
