import { describe, expect, it } from 'vitest';
import { domainNames } from '../../src/crud/names.ts';

describe('the names of a domain', () => {
  it.each([
    ['order_items', 'order-items', 'orderItems', 'OrderItem'],
    ['order-items', 'order-items', 'orderItems', 'OrderItem'],
    ['categories', 'categories', 'categories', 'Category'],
    ['people', 'people', 'people', 'Person'],
    ['person', 'people', 'people', 'Person'],
    ['statuses', 'statuses', 'statuses', 'Status'],
    ['UserAddress', 'user-addresses', 'userAddresses', 'UserAddress'],
    ['news', 'news', 'news', 'News'],
    ['deletes', 'deletes', 'deletes', 'Delete'],
  ])('%s', (table, kebab, camel, pascal) => {
    const { plural, singular } = domainNames(table);
    expect([plural.kebab, plural.camel, singular.pascal]).toEqual([kebab, camel, pascal]);
  });

  it('are variables where the words are none', () => {
    expect(domainNames('deletes').singular.camel).toBe('delete_');
    expect(domainNames('2fa_tokens').plural.camel).toBe('_2faTokens');
  });

  it('of one row are what the plan says', () => {
    expect(domainNames('staff', 'staff-member').singular).toMatchObject({
      kebab: 'staff-member',
      words: 'staff member',
    });
  });
});
