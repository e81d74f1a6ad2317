import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/postgres/engines/engine.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { readDumpScript } from '../../src/rehearse/dump-script.ts';
import { rehearsalFindings } from '../../src/rehearse/findings.ts';
import { loadDump } from '../../src/rehearse/load-dump.ts';
import { rehearse, type Rehearsal } from '../../src/rehearse/rehearse.ts';
import { EIGHTEEN } from '../postgres/engines/installed.ts';

const seedOf = (text: string) => ({ file: 'seed.sql', parts: readDumpScript(text, 'seed.sql') });

const HISTORY = `create table brands (id int primary key, name varchar(10) not null);
  create table users (id bigint generated always as identity primary key, brand int references brands, note text,
    twice int generated always as (1 + 1) stored, tags text[]);
  create function no() returns trigger language plpgsql as 'begin raise exception ''fired''; end';
  create trigger t before insert on users for each row execute function no();
  create table other (id int primary key);
  insert into brands values (1, 'history'), (9, 'history');`;

/** Children before parents, and a cycle of order: as pg_dump --data-only writes it. */
const DUMP = String.raw`\restrict abc
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.users (id bigint);
COPY public.users (id, brand, note, tags) FROM stdin;
1	1	Zoë\tsaid "hi"	{a,b}
2	2	\N	\N
7	\N		{}
\.
COPY public.brands (id, name) FROM stdin;
1	Fjäll
2	Müller
\.
SELECT pg_catalog.setval('public.users_id_seq', 7, true);
SELECT pg_catalog.setval('public.nothing_seq', 7, true);
COPY public.gone (id) FROM stdin;
1
\.
COPY drizzle.__drizzle_migrations (id) FROM stdin;
1
\.
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
`;

describe.each(EIGHTEEN)('on %s', (_, start) => {
  let engine: Engine;
  beforeAll(async () => {
    await loadSqlParser();
    engine = await start();
  }, 600_000);
  afterAll(() => engine.close());
  beforeEach(() => engine.exec(`drop schema public cascade; create schema public; ${HISTORY}`));

  const load = (text: string) =>
    loadDump(engine, seedOf(text), [{ schema: 'drizzle', name: '__drizzle_migrations' }]);

  describe('a dump', () => {
    it('puts its rows into the tables of the history, whatever their order, and says what it passed over', async () => {
      expect(await load(DUMP)).toEqual({
        seeded: [
          { table: 'users', count: 3 },
          { table: 'brands', count: 2 },
        ],
        notTested: ['seed.sql has rows of tables that the history does not have: public.gone.'],
      });
      expect(await engine.query('select id::int as id, note, tags, twice from users order by id')).toEqual([
        { id: 1, note: 'Zoë\tsaid "hi"', tags: ['a', 'b'], twice: 2 },
        { id: 2, note: null, tags: null, twice: 2 },
        { id: 7, note: '', tags: [], twice: 2 },
      ]);
      expect(await engine.query('select name from brands order by id')).toEqual([
        { name: 'Fjäll' },
        { name: 'Müller' },
      ]);
      expect(await engine.query("select nextval('users_id_seq')::int as next")).toEqual([{ next: 8 }]);
      // Nothing of the loading stays: triggers and the search path are as before.
      await expect(engine.exec('insert into users (note) values (null)')).rejects.toThrow('fired');
    });

    it('may be INSERTs, with a search path of its own', async () => {
      await engine.exec('create schema app; create table app.t (id int)');
      const rows = Array.from({ length: 450 }, (_unused, index) => `INSERT INTO t VALUES (${index});`).join(
        '\n',
      );
      const { seeded } = await load(
        `SET search_path = app;\n${rows}\nUPDATE t SET id = id + 1;\nDELETE FROM t WHERE id = 1;`,
      );
      expect(seeded).toEqual([{ table: 'app.t', count: 449 }]);
      expect(await engine.query('select to_regclass($1)::text as name', ['t'])).toEqual([{ name: null }]);
      await engine.exec('drop schema app cascade');
    });

    it('may be of partitions', async () => {
      await engine.exec(
        'create table p (a int) partition by list (a); create table p1 partition of p for values in (1); insert into p values (1)',
      );
      expect((await load('COPY p1 (a) FROM stdin;\n1\n1\n\\.\n')).seeded).toEqual([{ table: 'p', count: 2 }]);
    });

    it.each([
      ['COPY brands FROM stdin;\n1\tok\nsecret\tok\n\\.', 3, '22P02', 'column id'],
      ['\nCOPY brands FROM stdin;\n1\tok\n2\tfar too long a secret\n\\.', 4, '22001', 'column name'],
      ['COPY brands FROM stdin;\n1\tok\n1\tsecret\n\\.', 3, '23505', ''],
      ['COPY brands (id, secretly) FROM stdin;\n1\t1\n\\.', 1, '42703', ''],
      [
        "INSERT INTO brands VALUES (1, 'ok');\nINSERT INTO brands VALUES (2, 'ok');\nINSERT INTO brands VALUES ('secret', 'x');",
        3,
        '22P02',
        '',
      ],
      ["UPDATE brands\nSET name = 'a secret that is long';", 1, '22001', ''],
      ['INSERT INTO brands VALUES (1, null);', 1, '23502', ''],
    ])(
      'that does not fit is refused with its line, and shows no value: %j',
      async (text, line, state, words) => {
        const error = (await load(text).catch((cause: unknown) => cause)) as Error;
        expect(error).toMatchObject({ code: 'dump-invalid', at: { file: 'seed.sql', line } });
        expect(error.message).toContain(state);
        expect(error.message).toContain(words);
        expect(error.message.replace('secretly', '')).not.toContain('secret');
        expect(await engine.query('select count(*)::int as count from brands')).toEqual([{ count: 2 }]);
      },
    );
  });

  describe('a rehearsal with a dump', () => {
    const rehearsed = (up: string, down: string): Promise<Rehearsal> =>
      rehearse({
        engine,
        up,
        down,
        transaction: 'all',
        seed: seedOf(DUMP),
        migratorTables: [{ schema: 'drizzle', name: '__drizzle_migrations' }],
      });

    it('compares the rows of the dump, invents those of other tables, and shows no value', async () => {
      const result = await rehearsed(
        'ALTER TABLE users ALTER COLUMN note TYPE varchar(3) USING left(note, 3); ALTER TABLE other ADD COLUMN x int;',
        'ALTER TABLE other DROP COLUMN x; ALTER TABLE users ALTER COLUMN note TYPE text;',
      );
      expect(result).toMatchObject({ up: 'ok', down: 'ok', again: 'ok', rollback: 'schema-only' });
      expect(result.rows).toEqual([{ table: 'users', column: 'note', count: 1, example: undefined }]);
      expect(result.lost).toEqual(['users.note: 1 value changed']);
      expect(result.invented.map(({ table }) => table)).toEqual(['other']);
      expect(result.seeded.map(({ table }) => table)).toEqual(['users', 'brands']);
      expect(JSON.stringify(result)).not.toContain('Zo');
    });

    it('says how many rows of the dump stand against a statement, as an error', async () => {
      const result = await rehearsed(
        'ALTER TABLE users ALTER COLUMN note SET NOT NULL;',
        'ALTER TABLE users ALTER COLUMN note DROP NOT NULL;',
      );
      expect(result).toMatchObject({
        up: 'ok',
        refused: [{ table: 'users', count: 1, of: 3, example: undefined }],
      });
      const findings = rehearsalFindings(result, { file: undefined, statements: [] }, { isManual: false });
      expect(findings).toContainEqual(
        expect.objectContaining({
          rule: 'rows-refused',
          severity: 'error',
          message: expect.stringContaining('1 of 3 rows of users in the dump') as string,
        }),
      );
      expect(JSON.stringify([result, findings])).not.toMatch(/Zo|Failing row/);
    });

    it('fails without a value in its words', async () => {
      const result = await rehearsed(
        'ALTER TABLE brands ALTER COLUMN name TYPE int USING name::int;',
        'SELECT 1;',
      );
      expect(result).toMatchObject({
        up: 'failed',
        statements: [{ failure: { sqlstate: '22P02', message: 'invalid input syntax for type integer' } }],
      });
      expect(JSON.stringify(result)).not.toMatch(/Fj|Mü/);
    });

    it('finds the few among many', async () => {
      const rows = Array.from(
        { length: 3000 },
        (_unused, index) => `${index}\t${index % 1000 === 7 ? 'x' : index}\n`,
      );
      const seed = seedOf(`COPY brands FROM stdin;\n${rows.join('')}\\.\n`);
      const result = await rehearse({
        engine,
        up: 'ALTER TABLE brands ALTER COLUMN name TYPE int USING name::int;',
        down: undefined,
        transaction: 'all',
        seed,
      });
      expect(result).toMatchObject({ up: 'ok', refused: [{ table: 'brands', count: 3, of: 3000 }] });
    });
  });
});
