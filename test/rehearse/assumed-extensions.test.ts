import { beforeAll, describe, expect, it } from 'vitest';
import { mentionedExtensions, missingExtension } from '../../src/postgres/known-extensions.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { assumedExtensions } from '../../src/rehearse/assumed-extensions.ts';

beforeAll(() => loadSqlParser());

const namesIn = (...scripts: string[]): string[] => assumedExtensions(scripts).map(({ name }) => name);

describe('an extension that scripts take for granted', () => {
  it.each<[string, string[]]>([
    ['CREATE TABLE a (b vector(3));', ['vector']],
    ['ALTER TABLE a ADD COLUMN b citext[] NOT NULL;', ['citext']],
    ['CREATE TABLE a (b "public"."geometry"(Point, 4326));', ['postgis']],
    ['CREATE TABLE a (id uuid DEFAULT uuid_generate_v4());', ['uuid-ossp']],
    ["INSERT INTO a SELECT crypt('x', gen_salt('bf'));", ['pgcrypto']],
    ['CREATE INDEX b ON a USING gin (name gin_trgm_ops);', ['pg_trgm']],
    ['CREATE INDEX b ON a USING hnsw (c vector_l2_ops);', ['vector']],
    ['ALTER TABLE a ADD CONSTRAINT b EXCLUDE USING gist (room WITH =, during WITH &&);', ['btree_gist']],
    ['SELECT NULL::ltree, earth_distance(a, b) FROM c;', ['cube', 'earthdistance', 'ltree']],
  ])('is known by what it brings: %s', (sql, expected) => {
    expect(namesIn(sql)).toEqual(expected);
  });

  it('is none that a script has created by then', () => {
    expect(namesIn('CREATE EXTENSION IF NOT EXISTS vector;', 'CREATE TABLE a (b vector(3));')).toEqual([]);
    expect(namesIn('CREATE TABLE a (b vector(3));', 'CREATE EXTENSION IF NOT EXISTS vector;')).toEqual([
      'vector',
    ]);
  });

  it('is none where the project has a type or function of that name itself', () => {
    expect(namesIn('CREATE TYPE cube AS (x int);', 'CREATE TABLE a (b cube);')).toEqual([]);
    expect(namesIn('CREATE DOMAIN citext AS text;', 'CREATE TABLE a (b citext);')).toEqual([]);
    expect(
      namesIn(
        'CREATE FUNCTION digest(t text) RETURNS text LANGUAGE sql AS $$ SELECT t $$; SELECT digest(x) FROM a;',
      ),
    ).toEqual([]);
  });

  it('is none where a column, a table or a text only bears such a name', () => {
    expect(
      namesIn("CREATE TABLE vector (hstore text, cube int DEFAULT 1); INSERT INTO vector VALUES ('ltree');"),
    ).toEqual([]);
  });

  it('lies in the schema that it is always named with', () => {
    expect(
      assumedExtensions(['CREATE TABLE a (b extensions.vector(3), c extensions.halfvec(3));']),
    ).toMatchObject([{ name: 'vector', schema: 'extensions' }]);
    expect(assumedExtensions(['CREATE TABLE a (b extensions.vector(3), c halfvec(3));'])).toMatchObject([
      { name: 'vector', schema: undefined },
    ]);
  });
});

it('is known by the words with which Postgres misses it', () => {
  expect(missingExtension('type "vector" does not exist')).toBe('vector');
  expect(missingExtension('type "public.citext" does not exist')).toBe('citext');
  expect(missingExtension('function uuid_generate_v4() does not exist')).toBe('uuid-ossp');
  expect(missingExtension('function public.gen_random_bytes(integer) does not exist')).toBe('pgcrypto');
  expect(missingExtension('operator class "gin_trgm_ops" does not exist for access method "gin"')).toBe(
    'pg_trgm',
  );
  expect(missingExtension('access method "ivfflat" does not exist')).toBe('vector');
  expect(missingExtension('type "mood" does not exist')).toBeUndefined();
});

it('is found in code by its names, to be loaded in case', () => {
  expect(
    mentionedExtensions("await queryRunner.query('ALTER TABLE a ADD b vector(3), ADD c earth');"),
  ).toEqual(['vector', 'cube', 'earthdistance']);
});
