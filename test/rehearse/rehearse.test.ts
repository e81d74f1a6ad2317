import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/postgres/engines/engine.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import {
  describeRowDifference,
  rehearse,
  type Rehearsal,
  type RehearsalInput,
} from '../../src/rehearse/rehearse.ts';
import { EIGHTEEN } from '../postgres/engines/installed.ts';

describe.each(EIGHTEEN)('on %s', (_, start) => {
  let engine: Engine;
  beforeAll(async () => {
    await loadSqlParser();
    engine = await start();
  }, 600_000);
  afterAll(() => engine.close());
  beforeEach(() => engine.exec('drop schema public cascade; create schema public;'));

  async function rehearsed(
    history: string,
    migration: Omit<RehearsalInput, 'engine' | 'transaction'> & {
      transaction?: RehearsalInput['transaction'];
    },
  ): Promise<Rehearsal> {
    if (history !== '') await engine.exec(history);
    return rehearse({ engine, transaction: 'all', ...migration });
  }

  const USERS =
    "create type mood as enum ('sad', 'ok'); create table users (id bigint primary key generated always as identity, email varchar(50) not null unique, note text, age int check (age > 17), feels mood default 'ok');";

  describe('a rehearsal', () => {
    it('is exact where the way down restores catalog and rows', async () => {
      const result = await rehearsed(USERS, {
        up: 'ALTER TABLE users ADD COLUMN brand text; CREATE INDEX users_brand ON users (brand);',
        down: 'DROP INDEX users_brand; ALTER TABLE users DROP COLUMN brand;',
        planned: ['alter table users add brand text', 'create index users_brand on users (brand)'],
      });
      expect(result).toMatchObject({
        up: 'ok',
        down: 'ok',
        again: 'ok',
        rollback: 'exact',
        lost: [],
        drift: [],
        rows: [],
        refused: [],
      });
      expect(result.invented).toEqual([{ table: 'users', count: 6, refusal: undefined }]);
      expect(result.statements[0]).toMatchObject({
        locks: [{ relation: 'users', mode: 'AccessExclusiveLock' }],
        rewrites: [],
        scans: [],
        observed: true,
      });
      expect(result.statements[1]).toMatchObject({
        locks: [{ relation: 'users', mode: 'ShareLock' }],
        scans: ['users'],
      });
    });

    it('is exact where Postgres only prints a check in another way after it has parsed it again', async () => {
      const result = await rehearsed(
        'create table names (nick varchar(20) check (char_length(nick) between 3 and 12 and nick = lower(nick)))',
        {
          up: 'ALTER TABLE names ALTER nick TYPE varchar(30)',
          down: 'ALTER TABLE names ALTER nick TYPE varchar(20)',
        },
      );
      expect(result).toMatchObject({ down: 'ok', again: 'ok', lost: [], rollback: 'exact' });
    });

    it('is not exact where it takes values from a table for which no row could be made', async () => {
      const result = await rehearsed(
        "create table codes (code varchar(5) not null check (code ~ '^[A-Z]{2}-[0-9]{2}$'))",
        {
          up: 'ALTER TABLE codes ALTER code TYPE varchar(4) USING left(code, 4)',
          down: 'ALTER TABLE codes ALTER code TYPE varchar(5)',
        },
      );
      expect(result).toMatchObject({
        rollback: 'schema-only',
        lost: ['codes had no rows, so that it is not known whether they come back'],
      });
    });

    it('sees what goes without being named: with its type, its extension, by dynamic SQL', async () => {
      const history = `${USERS} insert into users (email) values ('a');`;
      const typeGone = await rehearsed(history, { up: 'DROP TYPE mood CASCADE', down: undefined });
      expect(typeGone.gone).toEqual([
        { table: 'users', column: 'feels', count: expect.any(Number) as number },
      ]);
      const tableGone = await rehearsed('', {
        up: "DO $$ DECLARE r record; BEGIN FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE format('DROP TABLE %I CASCADE', r.tablename); END LOOP; END $$",
        down: undefined,
      });
      expect(tableGone.gone).toEqual([
        { table: 'users', column: undefined, count: expect.any(Number) as number },
      ]);
    });

    it('has a row that can become what the texts of a column are cast to, and names those that cannot', async () => {
      const result = await rehearsed('create table notes (id int primary key, score text not null)', {
        up: 'ALTER TABLE notes ALTER score TYPE integer USING score::integer',
        down: 'ALTER TABLE notes ALTER score TYPE text USING score::text',
      });
      expect(result).toMatchObject({ up: 'ok', down: 'ok', again: 'ok', rollback: 'exact' });
      expect(result.refused).toEqual([expect.objectContaining({ table: 'notes', sqlstate: '22P02' })]);
    });

    it('is schema-only where the way down brings back a column without its values', async () => {
      const result = await rehearsed(USERS, {
        up: 'ALTER TABLE users DROP COLUMN note;',
        down: 'ALTER TABLE users ADD COLUMN note text;',
      });
      expect(result).toMatchObject({ up: 'ok', down: 'ok', again: 'ok', rollback: 'schema-only' });
      expect(result.lost[0]).toMatch(/^users\.note: \d values changed, such as 'row 0' → NULL$/);
    });

    it('is irreversible without a way down', async () => {
      const result = await rehearsed(USERS, { up: 'ALTER TABLE users ADD x int;', down: undefined });
      expect(result).toMatchObject({
        up: 'ok',
        down: 'not run',
        rollback: 'irreversible',
        lost: ['There is no rollback.'],
      });
    });

    it('is irreversible where the catalog does not come back, and names what stays', async () => {
      const result = await rehearsed(USERS, {
        up: "ALTER TYPE mood ADD VALUE 'great'; ALTER TABLE users ADD x int;",
        down: 'ALTER TABLE users DROP COLUMN x;',
      });
      expect(result).toMatchObject({ rollback: 'irreversible', down: 'ok' });
      expect(result.lost).toEqual(["enum public.mood is 'sad', 'ok', 'great' afterwards, was 'sad', 'ok'"]);
    });

    it('names drift between the migration and what was planned, both ways', async () => {
      const result = await rehearsed(USERS, {
        up: 'ALTER TABLE users ADD COLUMN total numeric(10, 2); ALTER TABLE users DROP COLUMN note;',
        down: undefined,
        planned: ['alter table users add total numeric(12, 2)'],
      });
      expect(result.drift).toEqual([
        { object: 'column public.users.note', expected: 'text', actual: undefined },
        { object: 'column public.users.total', expected: 'numeric(12,2)', actual: 'numeric(10,2)' },
      ]);
    });

    it('names values that a conversion cuts off, with an example', async () => {
      const result = await rehearsed(USERS, {
        up: 'ALTER TABLE users ALTER COLUMN note TYPE varchar(3) USING left(note, 3);',
        down: 'ALTER TABLE users ALTER COLUMN note TYPE text;',
      });
      expect(result).toMatchObject({ up: 'ok', rollback: 'schema-only' });
      expect(result.rows.map(describeRowDifference)).toEqual([
        expect.stringMatching(/^users\.note: \d values changed, such as 'row 0' → 'row'$/),
      ]);
      expect(result.statements[0]?.rewrites).toContain('users');
    });

    it('says which rows a statement refuses, and goes on with the others', async () => {
      const result = await rehearsed(USERS, {
        up: 'ALTER TABLE users ALTER COLUMN note SET NOT NULL;',
        down: 'ALTER TABLE users ALTER COLUMN note DROP NOT NULL;',
      });
      expect(result).toMatchObject({ up: 'ok', rollback: 'exact' });
      expect(result.refused).toEqual([
        expect.objectContaining({
          table: 'users',
          count: 1,
          of: 6,
          sqlstate: '23502',
          example: expect.stringContaining(',,') as string,
        }),
      ]);
    });

    it('fails where every row stands against a statement', async () => {
      const result = await rehearsed(USERS, {
        up: 'ALTER TABLE users ADD COLUMN must text NOT NULL;',
        down: 'ALTER TABLE users DROP COLUMN must;',
      });
      expect(result).toMatchObject({ up: 'failed', down: 'not run', rollback: 'irreversible', refused: [] });
      expect(result.statements[0]?.failure?.sqlstate).toBe('23502');
    });

    it('tells a way down that fails', async () => {
      const result = await rehearsed(USERS, {
        up: 'ALTER TABLE users ADD COLUMN x int;',
        down: 'ALTER TABLE users DROP COLUMN y;',
      });
      expect(result).toMatchObject({ up: 'ok', down: 'failed', rollback: 'irreversible' });
      expect(result.lost[0]).toContain('42703');
    });

    it('catches an enum value that is used in the batch that adds it', async () => {
      const result = await rehearsed(USERS, {
        up: "ALTER TYPE mood ADD VALUE 'great'; ALTER TABLE users ALTER COLUMN feels SET DEFAULT 'great';",
        down: undefined,
      });
      expect(result.up).toBe('failed');
      expect(result.statements.at(-1)?.failure?.sqlstate).toBe('55P04');
    });

    it('refuses CONCURRENTLY in the transaction of the migrator, and runs it outside one', async () => {
      const up = 'CREATE INDEX CONCURRENTLY users_note ON users (note);';
      const down = 'DROP INDEX CONCURRENTLY users_note;';
      const inside = await rehearsed(USERS, { up, down });
      expect(inside.statements[0]?.failure?.sqlstate).toBe('25001');
      const outside = await rehearsed('', { up, down, transaction: 'none' });
      expect(outside).toMatchObject({ up: 'ok', down: 'ok', again: 'ok', rollback: 'exact' });
      expect(outside.statements[0]).toMatchObject({ observed: false, locks: [] });
    });

    it('sees what a new foreign key locks on the other side', async () => {
      const result = await rehearsed(`${USERS} create table posts (id int primary key, user_id bigint);`, {
        up: 'ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id);',
        down: 'ALTER TABLE posts DROP CONSTRAINT posts_user;',
      });
      expect(result.statements[0]?.locks).toEqual([
        { relation: 'posts', mode: 'ShareRowExclusiveLock' },
        { relation: 'users', mode: 'ShareRowExclusiveLock' },
      ]);
      expect(result.rollback).toBe('exact');
    });

    it('follows rows through the renaming of table and column', async () => {
      const result = await rehearsed(USERS, {
        up: 'ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME COLUMN note TO remark;',
        down: 'ALTER TABLE people RENAME COLUMN remark TO note; ALTER TABLE people RENAME TO users;',
      });
      expect(result).toMatchObject({ rollback: 'exact', rows: [] });
    });

    it('finds the loss in a column that is dropped and added again', async () => {
      const result = await rehearsed(USERS, {
        up: 'ALTER TABLE users DROP COLUMN note; ALTER TABLE users ADD COLUMN note varchar(5);',
        down: 'ALTER TABLE users DROP COLUMN note; ALTER TABLE users ADD COLUMN note text;',
      });
      expect(result.rows).toEqual([expect.objectContaining({ table: 'users', column: 'note' })]);
    });

    it('says what Postgres refuses of the plan itself', async () => {
      const result = await rehearsed(USERS, {
        up: 'ALTER TABLE users ADD x int;',
        down: undefined,
        planned: ['alter table users add x varchar(0)'],
      });
      expect(result.planFailure).toMatchObject({ sqlstate: '22023' });
    });
  });

  describe('the label of a rollback', () => {
    const EVENTS = 'create table events (id int primary key, at timestamp, on_day date, note text)';
    const STAMPTZ = (using: string) => ({
      up: `ALTER TABLE events ALTER at TYPE timestamptz${using === '' ? '' : ` USING ${using}`}`,
    });

    it.each<[string, { up: string; down: string }, string | undefined]>([
      [
        'a zone that both ways name',
        {
          ...STAMPTZ("at AT TIME ZONE 'UTC'"),
          down: "ALTER TABLE events ALTER at TYPE timestamp USING at AT TIME ZONE 'UTC'",
        },
        undefined,
      ],
      [
        'a zone that only the way up names',
        {
          ...STAMPTZ("at AT TIME ZONE 'UTC'"),
          down: 'ALTER TABLE events ALTER at TYPE timestamp USING at::timestamp',
        },
        'TimeZone',
      ],
      [
        'a zone that only the way down names',
        { ...STAMPTZ(''), down: "ALTER TABLE events ALTER at TYPE timestamp USING at AT TIME ZONE 'UTC'" },
        'TimeZone',
      ],
      [
        'the zone of the session both ways',
        { ...STAMPTZ(''), down: 'ALTER TABLE events ALTER at TYPE timestamp' },
        'TimeZone',
      ],
      [
        'a day that becomes a moment',
        {
          up: 'ALTER TABLE events ALTER on_day TYPE timestamptz',
          down: 'ALTER TABLE events ALTER on_day TYPE date',
        },
        'TimeZone',
      ],
      [
        'a day as text in the style of the session',
        {
          up: 'ALTER TABLE events ALTER on_day TYPE text',
          down: 'ALTER TABLE events ALTER on_day TYPE date USING on_day::date',
        },
        'DateStyle',
      ],
      [
        'an UPDATE that asks the session',
        {
          up: 'UPDATE events SET note = note',
          down: "UPDATE events SET at = at::timestamptz AT TIME ZONE 'UTC'",
        },
        'TimeZone',
      ],
      [
        'integers',
        { up: 'ALTER TABLE events ALTER id TYPE bigint', down: 'ALTER TABLE events ALTER id TYPE int' },
        undefined,
      ],
    ])('falls with %s where the values hang on the session, and says on what', async (_, ways, setting) => {
      const { rollback, lost, again, notTested } = await rehearsed(EVENTS, ways);
      expect({ again, notTested }).toEqual({ again: 'ok', notTested: [] });
      expect(rollback).toBe(setting === undefined ? 'exact' : 'schema-only');
      // What later rows lose besides, as a moment that becomes a day again, is another matter.
      const settings = lost.filter((reason) => !reason.startsWith('rows written after the migration'));
      expect(settings).toEqual(
        setting === undefined
          ? []
          : [expect.stringContaining(`it depends on ${setting}, which has to be the same`)],
      );
      expect(await engine.query('show timezone')).toEqual([
        { TimeZone: expect.stringMatching(/^(UTC|Etc|GMT)/) },
      ]);
    });

    it('is not exact with a zone that has a summer time, which leaves an hour out', async () => {
      const { rollback, lost } = await rehearsed(EVENTS, {
        ...STAMPTZ("at AT TIME ZONE 'America/New_York'"),
        down: "ALTER TABLE events ALTER at TYPE timestamp USING at AT TIME ZONE 'America/New_York'",
      });
      expect({ rollback, lost }).toEqual({
        rollback: 'schema-only',
        lost: ["events.at: 1 value changed, such as '2026-03-08 02:00:00' → '2026-03-08 03:00:00'"],
      });
    });

    it.each<[string, { up: string; down: string }, RegExp]>([
      [
        'texts that are cut',
        {
          up: 'ALTER TABLE t ALTER b TYPE text',
          down: 'ALTER TABLE t ALTER b TYPE varchar(20) USING b::varchar(20)',
        },
        /^rows written after the migration are changed by the rollback: t\.b: \d values changed/,
      ],
      [
        'parts of a second that are left out',
        { up: 'ALTER TABLE t ALTER d TYPE timestamp(6)', down: 'ALTER TABLE t ALTER d TYPE timestamp(0)' },
        /^rows written after the migration are changed by the rollback: t\.d/,
      ],
    ])(
      'is not exact for %s in later rows, though those that were there come back',
      async (_, ways, reason) => {
        const result = await rehearsed(
          'create table t (id uuid primary key, b varchar(20), d timestamp(0))',
          ways,
        );
        expect(result.rollback).toBe('schema-only');
        expect(result.lost).toEqual([expect.stringMatching(reason)]);
        expect(result.limits).toEqual([]);
      },
    );

    it.each<[string, { up: string; down: string }, RegExp | undefined]>([
      [
        'greater numbers fail',
        { up: 'ALTER TABLE t ALTER a TYPE bigint', down: 'ALTER TABLE t ALTER a TYPE int' },
        /^the rollback fails once there are rows that the older schema cannot hold: integer out of range \(22003\) at ALTER TABLE t ALTER a TYPE int$/,
      ],
      [
        'NULL fails',
        { up: 'ALTER TABLE t ALTER b DROP NOT NULL', down: 'ALTER TABLE t ALTER b SET NOT NULL' },
        /\(23502\) at ALTER TABLE t ALTER b SET NOT NULL$/,
      ],
      [
        'longer texts fail',
        { up: 'ALTER TABLE t ALTER b TYPE text', down: 'ALTER TABLE t ALTER b TYPE varchar(20)' },
        /\(22001\)/,
      ],
      [
        'digits that do not fit fail',
        { up: 'ALTER TABLE t ALTER c TYPE numeric(10, 4)', down: 'ALTER TABLE t ALTER c TYPE numeric(6, 2)' },
        /numeric field overflow/,
      ],
      [
        'what a new column holds goes with it, which is no surprise',
        { up: 'ALTER TABLE t ADD d text', down: 'ALTER TABLE t DROP d' },
        undefined,
      ],
      [
        'a column under another name stays what it is',
        { up: 'ALTER TABLE t RENAME a TO e', down: 'ALTER TABLE t RENAME e TO a' },
        undefined,
      ],
    ])('is exact for the rows that were there; of later ones %s', async (_, ways, limit) => {
      const result = await rehearsed(
        'create table t (id uuid primary key, a int, b varchar(20) not null, c numeric(6, 2))',
        ways,
      );
      expect(result.rollback).toBe('exact');
      expect(result.limits).toEqual(limit === undefined ? [] : [expect.stringMatching(limit)]);
      expect((await engine.query('select from t')).length).toBe(result.compared?.rows);
    });
  });

  describe('invented rows', () => {
    it('satisfy keys, checks, enums and domains, parents first', async () => {
      await engine.exec(`create domain age as int check (value between 18 and 120);
      create type kind as enum ('a', 'b');
      create table parent (id uuid primary key, name text not null);
      create table child (a int, b int, parent_id uuid not null references parent, k kind not null, age age,
        status text not null check (status in ('draft', 'live')), tags text[], total numeric(6, 2) check (total > 0), primary key (a, b));`);
      const result = await rehearsed('', {
        up: 'ALTER TABLE child ADD x int;',
        down: 'ALTER TABLE child DROP x;',
      });
      expect(result.invented.map(({ table }) => table)).toEqual(['parent', 'child']);
      expect(result.invented.every(({ count }) => count >= 4)).toBe(true);
      expect(result.notTested).toEqual([]);
    });

    it('are said to be missing where no row can be made', async () => {
      const result = await rehearsed('create table odd (a int not null check (a > 5 and a < 5));', {
        up: 'ALTER TABLE odd ADD x int;',
        down: 'ALTER TABLE odd DROP x;',
      });
      expect(result.notTested[0]).toContain('odd has no rows');
    });
  });
});
