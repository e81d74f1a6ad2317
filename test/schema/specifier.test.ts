import { describe, expect, it } from 'vitest';
import { exampleFor, type SpecifierExample, specifierFor } from '../../src/schema/specifier.ts';

const example = (specifier: string, path: string, from = '/p/src/db/users.ts'): SpecifierExample => ({
  from,
  specifier,
  path,
});

describe('an alias', () => {
  it.each<[string, SpecifierExample, string, string]>([
    [
      'stands for the folder that the example shows',
      example('@/db/users', '/p/src/db/users.ts'),
      '/p/src/lib/time.ts',
      '@/lib/time',
    ],
    [
      'keeps its ending',
      example('@/db/users.js', '/p/src/db/users.ts'),
      '/p/src/lib/time.ts',
      '@/lib/time.js',
    ],
    [
      'of a folder further down',
      example('@db/users', '/p/src/db/users.ts'),
      '/p/src/db/shop/orders.ts',
      '@db/shop/orders',
    ],
    ['with a sharp', example('#db/users', '/p/src/db/users.ts'), '/p/src/db/orders.ts', '#db/orders'],
    [
      'that is a base url',
      example('src/db/users', '/p/src/db/users.ts'),
      '/p/src/db/orders.ts',
      'src/db/orders',
    ],
    [
      'leaves the index out as the example does',
      example('@/db', '/p/src/db/index.ts'),
      '/p/src/lib/index.ts',
      '@/lib',
    ],
  ])('%s', (_, like, path, specifier) => {
    expect(specifierFor('/p/src/app/main.ts', path, like)).toBe(specifier);
  });

  it('does not reach what lies outside of its folder', () => {
    const like = example('@db/users', '/p/src/db/users.ts');
    expect(specifierFor('/p/src/db/users.ts', '/p/src/lib/time.ts', like)).toBe('../lib/time');
  });
});

describe('the example to follow', () => {
  const beside = example('./tenants', '/p/src/db/tenants.ts');
  const away = example('@/lib/time', '/p/src/lib/time.ts');
  const others = () => [example('~/lib/money', '/p/src/lib/money.ts', '/p/src/db/orders.ts')];

  it('leads as far: beside the file, or away from it', () => {
    const own = [beside, away];
    expect(exampleFor('/p/src/db/users.ts', '/p/src/db/orders.ts', own, others)).toBe(beside);
    expect(exampleFor('/p/src/db/users.ts', '/p/src/lib/ids.ts', own, others)).toBe(away);
  });

  it("is another file's where this one shows nothing of the kind", () => {
    expect(exampleFor('/p/src/db/users.ts', '/p/src/lib/ids.ts', [beside], others)?.specifier).toBe(
      '~/lib/money',
    );
  });

  it('has an alias that covers the target, or is the first there is', () => {
    const narrow = example('@db/users', '/p/src/db/users.ts', '/p/src/app/main.ts');
    expect(exampleFor('/p/src/app/main.ts', '/p/src/lib/ids.ts', [narrow], others)?.specifier).toBe(
      '~/lib/money',
    );
    expect(exampleFor('/p/src/app/main.ts', '/p/src/lib/ids.ts', [narrow], () => [])).toBe(narrow);
  });
});
