import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COLUMN_WORDS, RESERVED_WORDS } from '../../src/postgres/keywords.ts';
import { quoteTypeWhereNeeded, quoteWhereNeeded } from '../../src/postgres/quote.ts';

let db: PGlite;
beforeAll(() => {
  db = new PGlite();
});
afterAll(() => db.close());

it('knows the words that Postgres keeps for itself', async () => {
  const { rows } = await db.query<{ word: string; catcode: string }>(
    "select word, catcode from pg_get_keywords() where catcode <> 'U' order by word",
  );
  const of = (...codes: string[]) =>
    rows.filter(({ catcode }) => codes.includes(catcode)).map(({ word }) => word);
  expect([...RESERVED_WORDS].toSorted()).toEqual(of('R', 'T').toSorted());
  expect([...COLUMN_WORDS].toSorted()).toEqual(of('C').toSorted());
});

it.each([
  'users',
  'Users',
  'full',
  'order',
  'values',
  'interval',
  'a b',
  'a"b',
  'é',
  '_x$1',
  '1a',
  'name',
  'time',
])('quotes %s as quote_ident does', async (name) => {
  const { rows } = await db.query<{ quoted: string }>('select quote_ident($1) as quoted', [name]);
  // quote_ident is more careful with $ than it needs to be.
  expect(quoteWhereNeeded(name)).toBe(name.includes('$') ? name : rows[0]?.quoted);
});

it('leaves the words of types alone where a type is named', () => {
  expect(['interval', 'order', 'Mood', 'timestamptz'].map(quoteTypeWhereNeeded)).toEqual([
    'interval',
    '"order"',
    '"Mood"',
    'timestamptz',
  ]);
});
