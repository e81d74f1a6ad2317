import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffCatalogs, readCatalog } from '../../../src/postgres/catalog.ts';
import type { Engine } from '../../../src/postgres/engines/engine.ts';
import { startPglite } from '../../../src/postgres/engines/pglite.ts';
import { reviewSql } from '../../../src/review/review.ts';
import { rules } from '../../../src/review/rules/index.ts';
import { readSettings } from '../../../src/project/settings.ts';
import { makeTree } from '../../workspace/tree.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startPglite();
  await engine.exec(`
    create table t (a int, b int default 1, old int, constraint t_old check (old > 0));
    create index t_b on t (b);
    create type mood as enum ('ok');
    create table gone (a int); create view v as select 1; create materialized view mv as select 1 as a;`);
});
afterAll(() => engine.close());

const optIn = ['idempotent-ddl'];
const fixesOf = async (sql: string) =>
  (await reviewSql(sql, { optIn, transaction: 'none' }))
    .filter(({ rule }) => rule === 'idempotent-ddl')
    .map(({ fix }) => fix);

describe('what it offers does the same, and may run twice', () => {
  it.each([
    ['CREATE TABLE new (a int, b text)', 'CREATE TABLE IF NOT EXISTS new (a int, b text);'],
    [
      'create unique index i on t (a) where a > 1',
      'create unique index IF NOT EXISTS i on t (a) where a > 1;',
    ],
    ['CREATE INDEX CONCURRENTLY i ON t (a)', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);'],
    [
      'ALTER TABLE t ADD COLUMN "add" int, ADD c int DEFAULT 0',
      'ALTER TABLE t ADD COLUMN IF NOT EXISTS "add" int, ADD IF NOT EXISTS c int DEFAULT 0;',
    ],
    [
      'ALTER TABLE t DROP COLUMN a, DROP CONSTRAINT t_old, ALTER b DROP DEFAULT',
      'ALTER TABLE t DROP COLUMN IF EXISTS a, DROP CONSTRAINT IF EXISTS t_old, ALTER b DROP DEFAULT;',
    ],
    ['DROP TABLE gone', 'DROP TABLE IF EXISTS gone;'],
    ['DROP INDEX t_b', 'DROP INDEX IF EXISTS t_b;'],
    ['DROP VIEW v', 'DROP VIEW IF EXISTS v;'],
    ['DROP MATERIALIZED VIEW mv', 'DROP MATERIALIZED VIEW IF EXISTS mv;'],
    [
      "ALTER TYPE mood ADD VALUE 'sad' AFTER 'ok'",
      "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad' AFTER 'ok';",
    ],
    ["CREATE TYPE kind AS ENUM ('a')", undefined],
    ['ALTER TABLE t ADD CONSTRAINT t_a UNIQUE (a)', undefined],
    ['ALTER TABLE t ADD CONSTRAINT t_a CHECK (a > 0)', undefined],
    ['CREATE POLICY p ON t USING (true)', undefined],
  ])('%s', async (sql, expected) => {
    const [fix] = await fixesOf(`${sql};`);
    if (expected !== undefined) expect(fix).toBe(expected);
    // CONCURRENTLY is only about locks, and cannot be taken back with a transaction.
    const outcome = async (script: string) => {
      await engine.exec('begin');
      try {
        await engine.exec(script.replaceAll(' CONCURRENTLY', ''));
        return await readCatalog(engine);
      } finally {
        await engine.exec('rollback');
      }
    };
    expect(diffCatalogs(await outcome(sql), await outcome(`${fix!} ${fix!}`))).toEqual([]);
  });
});

it('offers nothing where words are not enough', async () => {
  expect(await fixesOf('ALTER TABLE t ADD COLUMN x int, ADD CONSTRAINT t_x CHECK (x > 0);')).toEqual([
    undefined,
  ]);
});

it('is silent unless a team asks for it', async () => {
  const found = await reviewSql('CREATE TABLE new (a int PRIMARY KEY);');
  expect(found.map(({ rule }) => rule)).not.toContain('idempotent-ddl');
});

it('can be asked for in the settings, like every rule of its kind', async () => {
  const asked = rules.filter(({ isOptIn }) => isOptIn).map(({ name }) => name);
  const root = makeTree({ 'package.json': JSON.stringify({ tableplan: { optIn: asked } }) });
  expect(await readSettings(root)).toEqual({ optIn: asked });
  const wrong = makeTree({ 'package.json': JSON.stringify({ tableplan: { optIn: ['nonsense'] } }) });
  await expect(readSettings(wrong)).rejects.toThrow(/optIn\.0: has idempotent-ddl/);
});
