import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { readScript } from '../../src/review/script.ts';

beforeAll(loadSqlParser);

function read(body: string) {
  const { statements } = readScript(
    `DO $$ ${body} $$;`,
    { postgresVersion: 18, transaction: 'none', assumeTimeouts: false },
    { newTables: new Set() },
  );
  const [statement] = statements;
  return {
    kinds: statement?.operations.map(({ kind }) => kind).slice(1),
    unreadable: statement?.unreadable,
  };
}

it('reads what drizzle-kit used to wrap in a block', () => {
  expect(
    read(`BEGIN
 ALTER TABLE "a" ADD CONSTRAINT "a_b_fk" FOREIGN KEY ("b") REFERENCES "public"."b"("id");
EXCEPTION
 WHEN duplicate_object THEN null;
END`),
  ).toEqual({ kinds: ['add-constraint'], unreadable: undefined });
});

it('reads branches, loops and handlers', () => {
  const { kinds } = read(`DECLARE r record; n int; BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('ok'); END IF;
  SELECT count(*) INTO n FROM users;
  FOR r IN SELECT id FROM users LOOP UPDATE users SET a = n WHERE id = r.id; END LOOP;
EXCEPTION WHEN others THEN DROP TABLE users;
END`);
  expect(kinds).toEqual(['create-enum', 'select', 'update', 'drop-table']);
});

it.each([
  ["EXECUTE 'DROP TABLE a'", ['drop-table']],
  ["EXECUTE 'ALTER TABLE a ' || 'DROP COLUMN b'", ['drop-column']],
  ["EXECUTE format('DROP TABLE %I.%I', 'app', 'Old')", ['drop-table']],
  ["EXECUTE 'DELETE FROM a WHERE id = $1' USING 5", ['delete']],
  ["EXECUTE concat('DROP ', 'TABLE a')", ['drop-table']],
])('knows beforehand what %s runs', (statement, kinds) => {
  expect(read(`BEGIN ${statement}; END`)).toEqual({ kinds, unreadable: undefined });
});

it.each([
  ["EXECUTE 'DROP TABLE ' || name", /it runs EXECUTE 'DROP TABLE ' \|\| name/],
  ["EXECUTE format('DROP TABLE %I', name)", /EXECUTE format/],
  ["EXECUTE format('%s %s', 'DROP TABLE')", /EXECUTE format/],
  ['ALTER TABEL a DROP b', /cannot be read/],
])('says that nobody knows what %s does', (statement, words) => {
  expect(read(`DECLARE name text; BEGIN ${statement}; DROP TABLE b; END`).unreadable).toMatch(words);
});

it('judges what it can read beside what it cannot', () => {
  expect(read('DECLARE x text; BEGIN EXECUTE x; DROP TABLE b; END').kinds).toEqual(['drop-table']);
});
