import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/postgres/catalog.ts';
import type { Engine } from '../../src/postgres/engines/engine.ts';
import { startPglite } from '../../src/postgres/engines/pglite.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { comparedOf, describeCompared, requireWhole } from '../../src/rehearse/coverage.ts';
import { rehearse } from '../../src/rehearse/rehearse.ts';
import { snapshotRows } from '../../src/rehearse/row-snapshot.ts';

let engine: Engine;
beforeAll(async () => {
  await loadSqlParser();
  engine = await startPglite({ extensions: ['citext'] });
}, 600_000);
afterAll(() => engine.close());
beforeEach(() =>
  engine.exec(
    'drop schema public cascade; create schema public; drop schema if exists app cascade; create schema app; create extension citext schema public',
  ),
);

const NOTES =
  "create table app.notes (id text primary key, title text); insert into app.notes values ('a', 'b')";

describe('what a rehearsal compares', () => {
  it('is counted: objects before and after, tables that have rows, and the rows', async () => {
    await engine.exec(NOTES);
    const result = await rehearse({
      engine,
      up: 'alter table app.notes add body text',
      down: 'alter table app.notes drop body',
      transaction: 'all',
    });
    expect(result).toMatchObject({ rollback: 'exact', compared: { tables: 1, rows: 7 } });
    const start = await readCatalog(engine);
    expect(result.compared?.objects).toBe(start.size);
    expect(describeCompared(result.compared!)).toBe(`${start.size} objects and 7 rows in 1 table`);
  });

  it("does not count the migrator's own table, which is compared as all others are", async () => {
    await engine.exec(
      `${NOTES}; create table app.migrations (id serial primary key); insert into app.migrations default values`,
    );
    const [catalog, rows] = [await readCatalog(engine), await snapshotRows(engine)];
    expect(comparedOf([catalog], rows, [{ schema: 'app', name: 'migrations' }])).toEqual({
      objects: catalog.size,
      tables: 1,
      rows: 1,
    });
    const result = await rehearse({
      engine,
      up: 'alter table app.migrations add stamp text',
      down: 'select 1',
      transaction: 'all',
      migratorTables: [{ schema: 'app', name: 'migrations' }],
    });
    expect(result).toMatchObject({
      rollback: 'irreversible',
      lost: ['column app.migrations.stamp stays (text)'],
    });
  });

  it('has every table, view and sequence of every schema; what extensions own is none of the project', async () => {
    await engine.exec(
      `${NOTES}; create view app.titles as select title from app.notes; create materialized view "app"."Big one" as select 1;
       create sequence app.counter; create table "Ö x" (a int)`,
    );
    await expect(requireWhole(engine, await readCatalog(engine))).resolves.toBeUndefined();
  });

  it.each(['table app.notes', 'view app.titles', 'sequence app.counter'])(
    'is a fault of tableplan where it lacks the %s',
    async (object) => {
      await engine.exec(
        `${NOTES}; create view app.titles as select title from app.notes; create sequence app.counter`,
      );
      const catalog = new Map(await readCatalog(engine));
      expect(catalog.delete(object)).toBe(true);
      await expect(requireWhole(engine, catalog)).rejects.toMatchObject({
        code: 'internal',
        message: expect.stringContaining(object) as string,
      });
    },
  );

  it('is a fault of tableplan where it is nothing at all', async () => {
    await engine.exec('drop extension citext; drop schema public; drop schema app');
    await expect(requireWhole(engine, new Map())).rejects.toMatchObject({ code: 'internal' });
    await engine.exec('create schema public');
  });
});
