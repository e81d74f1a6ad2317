import { expect, it } from 'vitest';
import { synchronizeOptions } from '../../../../src/orm/typeorm/source/synchronize-option.ts';

const read = (value: string) => synchronizeOptions(`const a = {\n  synchronize: ${value},\n};\n`);

it.each(['true', '(true)', 'isLocal || true', 'true || isLocal', 'env.SYNC ?? true', '(a || b) || true'])(
  '%s is on',
  (value) => {
    expect(read(value)).toEqual([{ line: 2, text: value, isDisguised: value !== 'true' }]);
  },
);

it.each([
  'false',
  'isLocal',
  'isLocal && true',
  "env.NODE_ENV !== 'production'",
  'isLocal ? true : false',
  'env.SYNC ?? false',
])('%s may be off', (value) => {
  expect(read(value)).toEqual([]);
});
