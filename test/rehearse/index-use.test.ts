import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/postgres/catalog.ts';
import type { Engine } from '../../src/postgres/engines/engine.ts';
import { startPglite } from '../../src/postgres/engines/pglite.ts';
import { useOfNewIndexes } from '../../src/rehearse/index-use.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startPglite({ extensions: ['pg_trgm'] });
  await engine.exec(`
    create extension pg_trgm;
    create schema app;
    create type mood as enum ('ok', 'sad');
    create table app."Users" (
      id int primary key, email varchar(100) unique, mood mood, tags text[], doc jsonb, words tsvector,
      during tsrange, place point, deleted timestamptz
    )`);
});
afterAll(() => engine.close());

async function usesOf(sql: string) {
  const before = await readCatalog(engine);
  await engine.exec(sql);
  try {
    return await useOfNewIndexes(engine, before, await readCatalog(engine));
  } finally {
    await engine.exec('drop index app.i');
  }
}

describe('a new index is found by the search that it is made for', () => {
  it.each([
    'on app."Users" (email)',
    'on app."Users" (id, email)',
    'on app."Users" (mood)',
    'on app."Users" (lower(email)) where deleted is null',
    'on app."Users" (email desc nulls last) include (id)',
    'on app."Users" using hash (email)',
    'on app."Users" using gin (tags)',
    'on app."Users" using gin (doc)',
    'on app."Users" using gin (doc jsonb_path_ops)',
    'on app."Users" using gin (words)',
    'on app."Users" using gin (email gin_trgm_ops)',
    'on app."Users" using gist (during)',
    'on app."Users" using gist (place)',
    'on app."Users" using brin (id)',
    'on app."Users" using spgist (place)',
  ])('%s', async (definition) => {
    const [use, ...others] = await usesOf(`create index i ${definition}`);
    expect(use).toMatchObject({ index: 'app.i', table: 'app."Users"', used: true });
    expect(others).toEqual([]);
  });
});

it('an index in another collation than its column is not found by a plain comparison', async () => {
  const [use] = await usesOf('create index i on app."Users" (email collate "POSIX")');
  expect(use).toMatchObject({ index: 'app.i', used: false });
});

it('nothing is changed: every index is as valid as before, and no prepared statement is left', async () => {
  await usesOf('create index i on app."Users" (email)');
  const [left] = await engine.query<{ invalid: number; prepared: number }>(
    `select (select count(*)::int from pg_index where not indisvalid) as invalid,
       (select count(*)::int from pg_prepared_statements where name = 'tableplan_search') as prepared`,
  );
  expect(left).toEqual({ invalid: 0, prepared: 0 });
});
