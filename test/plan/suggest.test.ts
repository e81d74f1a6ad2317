import { expect, it } from 'vitest';
import { didYouMean, listed, nearest } from '../../src/plan/suggest.ts';

it('proposes names that are a slip away, nearest first', () => {
  const tables = ['products', 'product_tags', 'users', 'orders'];
  expect(nearest('prodcuts', tables)).toEqual(['products']);
  expect(nearest('Products', tables)).toEqual(['products']);
  expect(nearest('user', tables)).toEqual(['users']);
  expect(nearest('odrers', tables)).toEqual(['orders']);
  expect(nearest('xyz', tables)).toEqual([]);
  expect(nearest('', tables)).toEqual([]);
});

it('lists what there is when nothing is near, unless it is much', () => {
  expect(didYouMean('tpye', ['type', 'name'])).toBe('Did you mean type?');
  expect(didYouMean('zzz', ['type', 'name'])).toBe('Known here: type, name.');
  expect(didYouMean('zzz', [])).toBeUndefined();
  expect(
    didYouMean(
      'zzz',
      Array.from({ length: 20 }, (_, index) => `name${index}`),
    ),
  ).toBeUndefined();
});

it('joins words', () => {
  expect(listed(['a', 'b', 'c'], 'or')).toBe('a, b or c');
  expect(listed(['a'], 'and')).toBe('a');
});
