import { expect, it } from 'vitest';
import { indexElement } from '../../src/postgres/index-element.ts';

it.each([
  ['lower(a)', ['lower(a)', undefined, undefined]],
  ['lower(a) text_pattern_ops', ['lower(a)', 'text_pattern_ops', undefined]],
  ['(a || b) public.gin_trgm_ops', ['(a || b)', 'public.gin_trgm_ops', undefined]],
  ['lower(a) DESC', ['lower(a)', undefined, 'desc']],
  ['lower(a)  desc  NULLS  last', ['lower(a)', undefined, 'desc nulls last']],
  ['lower(a) nulls first', ['lower(a)', undefined, 'nulls first']],
  ['lower(a) text_pattern_ops desc', ['lower(a)', 'text_pattern_ops', 'desc']],
  ['lower(a) COLLATE "C"', ['lower(a) COLLATE "C"', undefined, undefined]],
  ['a + b', ['a + b', undefined, undefined]],
])('%s', (text, [expression, opclass, order]) => {
  expect(indexElement(text)).toEqual({ expression, opclass, order });
});
