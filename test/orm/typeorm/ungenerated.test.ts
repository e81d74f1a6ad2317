import { expect, it } from 'vitest';
import { ungenerated } from '../../../src/orm/typeorm/ungenerated.ts';
import type { CatalogDifference } from '../../../src/postgres/catalog.ts';

const missing = (object: string, expected = 'it'): CatalogDifference => ({
  object,
  expected,
  actual: undefined,
});
const TABLE = [
  missing('table public.notes'),
  missing('column public.notes.id'),
  missing('constraint public.notes."PK_1"'),
  missing('index public."PK_1"', 'CREATE UNIQUE INDEX "PK_1" ON public.notes USING btree (id)'),
];

it('says a missing table once, and other differences with it', () => {
  const said = ungenerated(
    [...TABLE, missing('column public.users.nick', 'text')],
    new Map(),
    'npm run generate',
  );
  expect(said?.message).toBe(
    'The entities have something that no migration has: table public.notes: missing; column public.users.nick: missing (text).',
  );
  expect(said?.how).toBe('Generate it: npm run generate');
});

it('counts what is more than a few', () => {
  const many = Array.from({ length: 30 }, (_, index) => missing(`column public.users.c${index}`));
  expect(ungenerated(many, new Map(), 'npm run generate')?.message).toMatch(
    /c7: missing \(it\); and 22 more\.$/,
  );
});

it('names the schema where the migrations make the table', () => {
  const said = ungenerated(TABLE, new Map([['table app.notes', 'table']]), '');
  expect(said?.message).toBe('The entities have public.notes, but the migrations make app.notes.');
  expect(said?.how).toContain("@Entity({ schema: 'app' })");
});

it('says nothing of nothing', () => {
  expect(ungenerated([], new Map(), 'npm run generate')).toBeUndefined();
});
