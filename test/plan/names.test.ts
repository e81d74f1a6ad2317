import { describe, expect, it } from 'vitest';
import { checkFileName, checkName } from '../../src/plan/names.ts';

describe('a name', () => {
  it.each([
    'products',
    'Products',
    'größe',
    '名前',
    'имя',
    'a-b',
    '2fa',
    '_x',
    'constructor',
    '__proto__',
    'e\u0301tat',
    'x'.repeat(63),
  ])('may be %s', (name) => {
    expect(checkName(name)).toBeUndefined();
  });

  it.each([
    '',
    ' ',
    'a b',
    'a/b',
    'a\\b',
    '..',
    'a.b',
    '-rf',
    'a"b',
    "a'b",
    'a`b',
    'a$b',
    'a;b',
    'a|b',
    'a&b',
    'a<b',
    'a>b',
    'a*b',
    'a?b',
    'a!b',
    'a~b',
    'a#b',
    'a%b',
    'a(b',
    'a{b',
    'a[b',
    'a,b',
    'a:b',
    'a=b',
    'a@b',
    'a\nb',
    'a\tb',
    'a\0b',
    'a\u200bb',
    'a\u200db',
    'a\u202eb',
    'a\u2066b',
    'a\ufeffb',
    'a\u00adb',
    'a\u3164b',
    'a\u115fb',
    'a\u2800b',
    'a\u00a0b',
    'a\ufe0fb',
    'a\u{e0041}b',
    'a\ud800',
    '\u0301a',
    'x'.repeat(64),
    'é'.repeat(32),
    '😀',
  ])('may not be %j', (name) => {
    expect(checkName(name)).toBeDefined();
  });

  it('is told where it is wrong', () => {
    expect(checkName('ab$c')).toMatchObject({ offset: 2, message: expect.stringContaining('the sign $') });
    expect(checkName('ab\u202ec')).toMatchObject({ offset: 2, message: expect.stringContaining('U+202E') });
  });
});

it.each(['con', 'NUL', 'com1', 'Lpt9', 'aux'])('%s is no name of a file', (name) => {
  expect(checkFileName(name)).toMatchObject({ message: expect.stringContaining('reserved file name') });
  expect(checkName(name)).toBeUndefined();
});
