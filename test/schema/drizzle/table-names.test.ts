import { expect, it } from 'vitest';
import type { Change } from '../../../src/plan/change.ts';
import { outsideFilter, tableNamesOf } from '../../../src/schema/drizzle/table-names.ts';
import { EMPTY, table } from './memory-project.ts';

const CREATOR = `import { pgTableCreator } from 'drizzle-orm/pg-core';
export const make = pgTableCreator((name) => \`shop_\${name}\`);\n`;

const namesOf = (
  tables: readonly (readonly [schema: string, name: string])[],
  text = '',
  filter: string[] = [],
) =>
  tableNamesOf(
    {
      files: [{ path: '/p/schema.ts', text }],
      resolveImport: () => undefined,
      before: { ...EMPTY, tables: tables.map(([schema, name]) => ({ ...table(name, []), schema })) },
    },
    filter,
  );

it('the prefix of a creator is that of all tables, until one has none', () => {
  expect(namesOf([['public', 'shop_a']], CREATOR)).toMatchObject({ prefix: 'shop_', source: 'make' });
  expect(namesOf([], CREATOR)).toMatchObject({ prefix: 'shop_' });
  expect(
    namesOf(
      [
        ['public', 'shop_a'],
        ['public', 'b'],
      ],
      CREATOR,
    ),
  ).toBeUndefined();
});

it('tablesFilter says a prefix where it is one', () => {
  expect(namesOf([['public', 'shop_a']], '', ['shop_*'])).toMatchObject({ prefix: 'shop_' });
  expect(namesOf([['public', 'a']], '', ['shop_*'])).toBeUndefined();
  expect(namesOf([['public', 'shop_a']], '', ['shop_*', 'mail_*'])).toBeUndefined();
  expect(namesOf([['public', 'a']], '', ['!pg_*'])).toBeUndefined();
});

it('the schema of all tables is that of new ones, but for one alone and for those of platforms', () => {
  expect(
    namesOf([
      ['app', 'a'],
      ['app', 'b'],
    ]),
  ).toMatchObject({ schema: 'app', prefix: '' });
  expect(
    namesOf([
      ['app', 'a'],
      ['public', 'b'],
    ]),
  ).toBeUndefined();
  expect(namesOf([['app', 'a']])).toBeUndefined();
  expect(
    namesOf([
      ['auth', 'users'],
      ['auth', 'keys'],
    ]),
  ).toBeUndefined();
});

it('new names that tablesFilter leaves out are reported', () => {
  const create: Change = { kind: 'create-table', domain: undefined, table: table('notes', []) };
  const rename: Change = { kind: 'rename-table', table: table('shop_a', []), to: 'a' };
  expect(
    outsideFilter([create, rename], ['shop_*']).map(({ rule, severity }) => `${severity} ${rule}`),
  ).toEqual(['warning outside-tables-filter', 'warning outside-tables-filter']);
  expect(outsideFilter([create], ['*', '!notes'])).toHaveLength(1);
  expect(outsideFilter([create], ['!pg_*'])).toEqual([]);
  expect(outsideFilter([create], [])).toEqual([]);
});
