import { expect, it } from 'vitest';
import { inferAffixes } from '../../../src/schema/drizzle/inferred-affixes.ts';

const infer = (text: string, names: readonly string[]) =>
  inferAffixes(
    { variable: 'make' },
    { texts: [text], tables: names.map((name) => ({ schema: 'public', name })) },
  );

it('finds the one prefix and suffix by which every name is a table', () => {
  expect(infer(`make('a', {}); make("b", {})`, ['x_a_v1', 'x_b_v1', 'y_a'])).toEqual({
    prefix: 'x_',
    suffix: '_v1',
  });
});

it('finds none where two fit, where none does, and where nothing is made', () => {
  expect(infer(`make('a', {})`, ['x_a', 'y_a'])).toBeUndefined();
  expect(infer(`make('a', {}); make('b', {})`, ['x_a', 'y_b'])).toBeUndefined();
  expect(infer(`remake('a', {})`, ['x_a'])).toBeUndefined();
});
