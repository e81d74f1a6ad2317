import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { LOCK_MODES } from '../../src/postgres/lock-modes.ts';
import { effectOf, lockContext } from '../../src/review/locks.ts';
import { tableKey } from '../../src/review/operation.ts';
import { readScript } from '../../src/review/script.ts';
import { FIXTURE, SCHEMA } from './lock-matrix-fixture.ts';

interface Case {
  readonly ddl: string;
  readonly pre?: string;
  /** SQLSTATE inside a transaction. */
  readonly fails?: string;
}

const { cases } = JSON.parse(readFileSync('test/review/lock-matrix.json', 'utf8')) as {
  cases: readonly Case[];
};

/** Where the static table says something else than this database shows, and why it should. */
const EXPLAINED: Readonly<Record<string, string>> = {
  'alter table part add constraint pfk foreign key (id) references p(id) not valid':
    'The partitions of a table are in no schema that the reviewer is given; each is locked as its parent is.',
  'create index pi on part(d)': 'As above: the partitions of a table are not known.',
  'alter table t set access method heap':
    'Nothing to do here, for it is heap already: any other is a rewrite.',
  'alter table t set tablespace pg_default': 'Nothing to do here, for it lies there already.',
  'comment on column t.a is $$x$$': 'COMMENT blocks neither readers nor writers, and no rule is about it.',
  'drop table t cascade': 'Which views hang on a table is in no schema that the reviewer is given.',
  'truncate ref': 'New empty files, and their counters: no row is read or written (safety.md, section 2).',
  'truncate t cascade': 'As above.',
};

interface Seen {
  /** Strongest mode by relation that was there before. */
  readonly locks: Readonly<Record<string, string>>;
  readonly rewrites: boolean;
  readonly scans: boolean;
}

let db: PGlite;
let relations: ReadonlyMap<number, { readonly name: string; readonly isIndex: boolean }>;

beforeAll(async () => {
  await loadSqlParser();
  db = new PGlite();
  await db.exec(FIXTURE);
}, 600_000);

afterAll(() => db.close());

function strongest(locks: readonly (readonly [string, string])[]): Record<string, string> {
  const rank = (mode: string) => LOCK_MODES.findIndex((one) => one === mode);
  return Object.fromEntries(locks.toSorted(([, a], [, b]) => rank(a) - rank(b)));
}

async function relfilenodes(): Promise<Map<number, number>> {
  const { rows } = await db.query<{ oid: number; file: number }>(
    `select oid::int4 as oid, relfilenode::int4 as file from pg_class where oid >= 16384 and relkind in ('r', 'm', 'i')`,
  );
  return new Map(rows.map(({ oid, file }) => [oid, file]));
}

/** They count on until they are flushed, over transactions. */
async function scanCounters(): Promise<Map<number, number>> {
  const { rows } = await db.query<{ oid: number; count: number }>(
    `select relid::int4 as oid, seq_scan::int4 as count from pg_stat_xact_user_tables`,
  );
  return new Map(rows.map(({ oid, count }) => [oid, count]));
}

/** Runs a form in a transaction that is undone, and looks at it from inside. */
async function observe(ddl: string): Promise<Seen | string> {
  const { rows: existing } = await db.query<{ oid: number; name: string; kind: string }>(
    `select oid::int4 as oid, relname as name, relkind as kind from pg_class
     where relnamespace = 'public'::regnamespace`,
  );
  relations = new Map(existing.map(({ oid, name, kind }) => [oid, { name, isIndex: /i/i.test(kind) }]));
  const files = await relfilenodes();
  await db.exec('begin');
  const scanned = await scanCounters();
  try {
    await db.exec(ddl);
    const { rows: locks } = await db.query<{ oid: number; mode: string }>(
      `select relation::int4 as oid, mode from pg_locks
       where locktype = 'relation' and granted and pid = pg_backend_pid() and relation >= 16384`,
    );
    const scans = await scanCounters();
    const after = await relfilenodes();
    return {
      locks: strongest(
        locks.flatMap(({ oid, mode }) => {
          const relation = relations.get(oid);
          return relation && mode !== 'AccessShareLock' ? [[relation.name, mode] as const] : [];
        }),
      ),
      rewrites: [...files].some(([oid, file]) => after.has(oid) && after.get(oid) !== file),
      scans: [...scans].some(([oid, count]) => relations.has(oid) && count > (scanned.get(oid) ?? 0)),
    };
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await db.exec('rollback');
  }
}

/** What the static table says of the same. */
function expected({ pre, ddl }: Case): Seen {
  const sql = pre === undefined ? ddl : `${pre};\n${ddl}`;
  const script = readScript(
    sql,
    { postgresVersion: 18, transaction: 'all', assumeTimeouts: false },
    { newTables: new Set(), schema: SCHEMA },
  );
  const own = script.statements.slice(pre === undefined ? 0 : 1);
  const effects = own.flatMap((statement) =>
    statement.operations.map((operation) => effectOf(operation, lockContext(statement, script))),
  );
  return {
    locks: strongest(
      effects.flatMap(({ locks }) => locks.map(({ table, mode }) => [tableKey(table), mode] as const)),
    ),
    rewrites: effects.some(({ rewrites }) => rewrites),
    scans: effects.some(({ scans }) => scans),
  };
}

/** Only what was there before; indexes only where the table names them. */
function comparable(seen: Seen, other: Seen): Seen {
  const names = new Map([...relations.values()].map(({ name, isIndex }) => [name, isIndex]));
  const locks = Object.entries(seen.locks).filter(([name]) => {
    const isIndex = names.get(name);
    return isIndex !== undefined && (!isIndex || name in other.locks);
  });
  return { ...seen, locks: Object.fromEntries(locks.toSorted()) };
}

const UNDO = `
alter table t drop constraint if exists nn, drop constraint if exists ck, drop constraint if exists fk;
alter table loose drop constraint if exists lc;
drop index if exists uqi, li;`;

it('the static table of locks says what Postgres does, form by form', async () => {
  const differences: Record<string, unknown> = {};
  for (const form of cases) {
    if (form.pre !== undefined) await db.exec(form.pre);
    const seen = await observe(form.ddl);
    if (form.pre !== undefined) await db.exec(UNDO);
    if (typeof seen === 'string' || form.fails !== undefined) {
      expect([form.ddl, seen]).toEqual([form.ddl, form.fails]);
      continue;
    }
    const said = expected(form);
    const [left, right] = [comparable(seen, said), comparable(said, seen)];
    if (JSON.stringify(left) === JSON.stringify(right)) continue;
    differences[form.ddl] = { postgres: left, said: right };
  }
  const unexplained = Object.entries(differences).filter(([ddl]) => !(ddl in EXPLAINED));
  expect(Object.fromEntries(unexplained)).toEqual({});
  expect(Object.keys(differences).toSorted()).toEqual(Object.keys(EXPLAINED).toSorted());
}, 600_000);
