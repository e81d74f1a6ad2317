import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PgliteEngine, startPglite } from '../../src/postgres/engines/pglite.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { rehearse } from '../../src/rehearse/rehearse.ts';
import { replayMigration } from '../../src/rehearse/replay-migration.ts';

let engine: PgliteEngine;
beforeAll(async () => {
  await loadSqlParser();
  engine = await startPglite();
}, 600_000);
afterAll(() => engine.close());

async function replayed(sql: string, notTested: string[] = []) {
  const failure = await replayMigration(engine, { name: '0000', sql }, notTested);
  const [{ open } = { open: false }] = await engine.query<{ open: boolean }>(
    'select now() <> statement_timestamp() and pg_current_xact_id_if_assigned() is not null as open',
  );
  expect(open).toBe(false);
  return failure;
}

async function exist(...names: string[]): Promise<boolean[]> {
  const rows = await engine.query<{ found: boolean }>(
    "select to_regclass(name) is not null as found from unnest(string_to_array($1, ' ')) with ordinality as names(name, at) order by at",
    [names.join(' ')],
  );
  return rows.map(({ found }) => found);
}

it('keeps what a COMMIT in the middle has kept, and goes on outside a transaction', async () => {
  const sql = `CREATE TABLE a (id int);
COMMIT;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY a_id ON a (id);`;
  expect(await replayed(sql)).toBeUndefined();
  expect(await exist('a', 'a_id')).toEqual([true, true]);
});

it('tells the statement that fails after a COMMIT, not the ones that were kept', async () => {
  const failure = await replayed('CREATE TABLE b (id int); COMMIT; ALTER TABLE nowhere ADD x int;');
  expect(failure).toMatchObject({ sqlstate: '42P01' });
  expect(await exist('b')).toEqual([true]);
});

it('follows BEGIN and COMMIT of a file, once and again', async () => {
  const sql = `BEGIN; CREATE TABLE c (id int); COMMIT;
START TRANSACTION; ALTER TABLE c ADD d int; COMMIT AND CHAIN; ALTER TABLE c ADD e int; COMMIT;
CREATE INDEX CONCURRENTLY c_d ON c (d);`;
  expect(await replayed(sql)).toBeUndefined();
  expect(await exist('c', 'c_d')).toEqual([true, true]);
});

it('runs a file outside a transaction from the statement on that refuses one, though it has one of its own before', async () => {
  const sql =
    'CREATE TABLE f (id int); SAVEPOINT s; ALTER TABLE f ADD g int; RELEASE s; CREATE INDEX CONCURRENTLY f_g ON f (g);';
  expect(await replayed(sql)).toBeUndefined();
  expect(await exist('f', 'f_g')).toEqual([true, true]);
});

it('undoes what a ROLLBACK undoes, to a savepoint or all of it', async () => {
  await replayed(
    'CREATE TABLE h (id int); SAVEPOINT s; CREATE TABLE i (id int); ROLLBACK TO s; CREATE TABLE j (id int);',
  );
  expect(await exist('h', 'i', 'j')).toEqual([true, false, true]);
  await replayed('CREATE TABLE k (id int); ROLLBACK; CREATE TABLE l (id int);');
  expect(await exist('k', 'l')).toEqual([false, true]);
});

it('undoes all of a file without transactions of its own that fails', async () => {
  const body = `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE m (id int); COMMENT ON TABLE m IS 'begin; commit';`;
  expect(await replayed(body)).toBeUndefined();
  expect(await replayed('CREATE TABLE n (id int); BEGIN; ALTER TABLE nowhere ADD x int;')).toMatchObject({
    sqlstate: '42P01',
  });
  expect(await exist('m', 'n')).toEqual([true, false]);
});

it('passes over what the engine lacks without losing the transaction', async () => {
  const notTested: string[] = [];
  const sql =
    'BEGIN; CREATE TABLE o (id int); CREATE EXTENSION nowhere; GRANT SELECT ON o TO nobody_there; CREATE TABLE p (id int); COMMIT;';
  expect(await replayed(sql, notTested)).toBeUndefined();
  expect(await exist('o', 'p')).toEqual([true, true]);
  expect(notTested).toHaveLength(2);
});

it('does not try a migration on other rows once half of it is kept', async () => {
  await engine.exec('CREATE TABLE q (id int PRIMARY KEY, r int); INSERT INTO q VALUES (1, 1), (2, -1);');
  const result = await rehearse({
    engine,
    up: 'CREATE TABLE s (id int); COMMIT; ALTER TABLE q ADD CONSTRAINT positive CHECK (r > 0);',
    down: undefined,
    transaction: 'all',
  });
  expect(result).toMatchObject({ up: 'failed', refused: [] });
  expect(result.statements.at(-1)?.failure).toMatchObject({ sqlstate: '23514' });
  expect(await engine.query('select from q where id in (1, 2)')).toHaveLength(2);
});
