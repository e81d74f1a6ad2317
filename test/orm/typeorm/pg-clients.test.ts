import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceClients } from '../../../src/orm/typeorm/child/typeorm-pg.cjs';
import { asShadow, type Shadow } from '../../../src/orm/typeorm/shadow.ts';
import { type PgliteEngine, startPglite } from '../../../src/postgres/engines/pglite.ts';
import { startTestServer, type TestServer } from '../../postgres/engines/test-server.ts';

type Package = typeof pg;

/** A copy of `pg` of its own: what stands in for its clients changes the package. */
function loadPg(): Package {
  const require = createRequire(import.meta.url);
  for (const file of Object.keys(require.cache))
    if (/node_modules[\\/]pg[\w-]*[\\/]/.test(file)) delete require.cache[file];
  return require('pg') as Package;
}

const real = loadPg();
const standIn = loadPg();

let server: TestServer;
let engine: PgliteEngine;
let shadow: Shadow;
let pools: Record<'real' | 'standIn', pg.Pool>;

beforeAll(async () => {
  [server, engine] = await Promise.all([startTestServer(), startPglite({ extensions: ['citext'] })]);
  shadow = asShadow(engine);
  replaceClients(standIn, {
    async exchange(bytes, statement) {
      const { bytes: answer, isPassedOver } = await shadow.exchange(bytes, statement);
      return { bytes: Buffer.from(answer), isPassedOver };
    },
    place: () => undefined,
  });
  const settings = (client: pg.PoolClient) => client.query("set timezone = 'UTC'");
  pools = {
    real: new real.Pool({ connectionString: server.url('postgres'), max: 2 }),
    standIn: new standIn.Pool({
      connectionString: 'postgres://nobody:wrong@db.example/shop?sslmode=require',
    }),
  };
  for (const pool of Object.values(pools)) {
    pool.on('connect', (client) => void settings(client));
    await pool.query(SCHEMA);
  }
});
afterAll(async () => {
  await Promise.all([pools.real.end(), pools.standIn.end()]);
  await Promise.all([server.stop(), engine.close()]);
});

const SCHEMA = `
create extension citext;
create type mood as enum ('sad', 'ok', 'it''s "fine"');
create domain positive as int check (value > 0);
create domain day as date;
create type pair as (a int, b text);
create type span as range (subtype = float8);
create table users (id int primary key, email varchar(5) not null unique, age int check (age > 0), boss int references users);
insert into users values (1, 'a@b.c', 30, null), (2, 'b@b.c', null, 1);
create function fail() returns void language plpgsql as $$ begin raise exception 'no' using detail = 'why', hint = 'how', errcode = 'P0042'; end $$;
`;

interface Context {
  readonly pg: Package;
  readonly pool: pg.Pool;
  readonly client: pg.PoolClient;
}

/** Answers of the real server and of the stand-in to the same code, in a session each. */
async function both<Answer>(
  body: (context: Context) => Promise<Answer>,
): Promise<[real: Answer, standIn: Answer]> {
  const run = async (name: 'real' | 'standIn'): Promise<Answer> => {
    const pool = pools[name];
    const client = await pool.connect();
    try {
      return await body({ pg: name === 'real' ? real : standIn, pool, client });
    } finally {
      client.release();
    }
  };
  return [await run('real'), await run('standIn')];
}

/** What can be told of an error that both must say alike; lines of Postgres' sources differ between minors. */
function told(error: unknown): object {
  const {
    file: _,
    line: _line,
    routine: _routine,
    length: _length,
    stack: _stack,
    ...fields
  } = error as pg.DatabaseError;
  return { ...fields, message: (error as Error).message, kind: (error as Error).constructor.name };
}

const failing = (promise: Promise<unknown>): Promise<object> =>
  promise.then(() => ({ message: 'does not fail' }), told);

/** Values by type: all that is in pg_type and can be stored, with what is at its edges. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  bool: ['true', 'false'],
  int2: ['-32768'],
  int4: ['2147483647'],
  int8: ['9223372036854775807'],
  numeric: ['1.00', 'NaN', 'Infinity', '12345678901234567890.123'],
  'numeric(5,2)': ['1.5'],
  float4: ['0.1', 'NaN', '-Infinity', '3.4028235e38'],
  float8: ['0.1', 'NaN', 'Infinity', '1e300', '-0'],
  money: ['1234.5'],
  text: ['Zoë "1" \u{1F642}', ''],
  varchar: ['a'],
  'char(5)': ['a'],
  '"char"': ['x'],
  name: ['n'],
  citext: ['MiXed'],
  bytea: [String.raw`\x00ff`, ''],
  date: ['2026-02-03', 'infinity', '0044-03-15 BC'],
  time: ['12:34:56.789'],
  timetz: ['12:34:56+02'],
  timestamp: ['2026-02-03 04:05:06.789012', 'infinity', '1900-01-01'],
  timestamptz: ['2026-02-03 04:05:06.789012+02', '-infinity'],
  interval: ['1 year 2 mons 3 days 04:05:06.7', '-1 day', '0'],
  json: ['{"b": 1, "a": [null, true]}', 'null', '"text"', '1.50'],
  jsonb: ['{"b": 1, "a": [null, true]}', 'null', '"text"', '1.50'],
  jsonpath: ['$.a[*]'],
  uuid: ['00000000-0000-4000-8000-000000000001'],
  inet: ['10.0.0.1/24', '::1'],
  cidr: ['10.0.0.0/24'],
  macaddr: ['08:00:2b:01:02:03'],
  macaddr8: ['08:00:2b:01:02:03:04:05'],
  point: ['(1,2.5)'],
  line: ['{1,2,3}'],
  lseg: ['[(1,2),(3,4)]'],
  box: ['(3,4),(1,2)'],
  path: ['[(1,2),(3,4)]', '((1,2),(3,4))'],
  polygon: ['((1,2),(3,4),(5,6))'],
  circle: ['<(1,2),3>'],
  int4range: ['[1,5)', 'empty', '(,)'],
  int8range: ['[1,5)'],
  numrange: ['[1.5,2]'],
  tsrange: ['[2026-01-01,2026-01-02)'],
  tstzrange: ['[2026-01-01,)'],
  daterange: ['[2026-01-01,2026-01-02)'],
  int4multirange: ['{[1,2),[5,6)}'],
  datemultirange: ['{}'],
  span: ['[0.5,1]'],
  'bit(3)': ['101'],
  varbit: ['1'],
  xml: ['<a b="1"/>'],
  tsvector: ["'a':1 'b':2"],
  tsquery: ["'a' & 'b'"],
  oid: ['4294967295'],
  regclass: ['pg_class', '0'],
  regtype: ['integer'],
  regproc: ['now'],
  regprocedure: ['abs(integer)'],
  regoper: ['pg_catalog.||/'],
  regoperator: ['+(integer,integer)'],
  regnamespace: ['public'],
  regrole: ['postgres'],
  regcollation: ['"C"'],
  regconfig: ['english'],
  regdictionary: ['simple'],
  xid: ['7'],
  xid8: ['7'],
  cid: ['7'],
  tid: ['(0,1)'],
  pg_lsn: ['0/1A'],
  pg_snapshot: ['10:20:10,14'],
  txid_snapshot: ['10:20:10,14'],
  int2vector: ['1 2'],
  oidvector: ['1 2'],
  refcursor: ['c'],
  aclitem: ['postgres=r/postgres'],
  mood: ['sad', 'it\'s "fine"'],
  positive: ['3'],
  day: ['2026-02-03'],
  pair: ['(1,"a ""b""")', '(,)'],
  'pair[]': ['{"(1,x)",NULL}'],
  'mood[]': ['{sad,NULL,ok}'],
  'bool[]': ['{t,f,NULL}'],
  'int4[]': ['{1,NULL,3}', '{{1,2},{3,4}}', '{}', '[2:3]={1,2}'],
  'int8[]': ['{1,NULL}'],
  'text[]': ['{"a,b","NULL",NULL,"q\\"uote"}', '{{a},{b}}'],
  'numeric[]': ['{1.50}'],
  'date[]': ['{2026-02-03,NULL}'],
  'timestamptz[]': ['{2026-02-03 04:05:06+00}'],
  'interval[]': ['{1 day}'],
  'json[]': ['{"{\\"a\\": 1}",NULL}'],
  'jsonb[]': ['{"{\\"a\\": 1}"}'],
  'uuid[]': ['{00000000-0000-4000-8000-000000000001}'],
  'bytea[]': ['{"\\\\x00ff"}'],
  'point[]': ['{"(1,2)"}'],
  'inet[]': ['{10.0.0.1}'],
  'positive[]': ['{1,2}'],
  'int4range[]': ['{"[1,5)"}'],
};

const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

describe('values are what pg gives', () => {
  it.each(Object.entries(VALUES))('%s', async (type, values) => {
    const columns = [...values.map(literal), 'null'].map(
      (value, index) => `(${value})::${type} as c${index}`,
    );
    const sql = `select ${columns.join(', ')}`;
    const [expected, actual] = await both(async ({ client }) => {
      const { rows } = await client.query(sql);
      const extended = await client.query({ text: sql, queryMode: 'extended' } as pg.QueryConfig);
      return { rows, extended: extended.rows };
    });
    expect(actual).toEqual(expected);
    expect(expected.rows[0][`c${values.length}`]).toBeNull();
  });

  it('of every type of pg_type that a column may have', async () => {
    const [listed] = await both(({ client }) =>
      client.query(`select format_type(oid, null) as type, oid::int8::int4 as oid from pg_type
        where typtype in ('b', 'r', 'm') and typcategory <> 'A' and typelem = 0 and typnamespace = 'pg_catalog'::regnamespace and typname !~ '^(_|gtsvector|pg_(node_tree|ndistinct|dependencies|mcv_list|brin.*|ddl_command)|.*multirange)'`),
    );
    const written = new Set(
      (
        await pools.real.query('select unnest($1::text[])::regtype::oid::int8::int4 as oid', [
          Object.keys(VALUES),
        ])
      ).rows.map(({ oid }) => oid as number),
    );
    expect(
      listed.rows.filter(({ oid }) => !written.has(oid as number)).map(({ type }) => type as string),
    ).toEqual([]);
  });
});

const CASES: Readonly<Record<string, (context: Context) => Promise<unknown>>> = {
  'a statement, whole: command, count, fields': ({ client }) =>
    client.query('select id, email, age as years, 1 as one from users order by id').then(plain),
  'a statement whose rows are arrays': ({ client }) =>
    client.query({ text: 'select id, id, boss from users order by id', rowMode: 'array' }).then(plain),
  'columns of one name': ({ client }) => client.query('select 1 as a, 2 as a').then(plain),
  'several statements': ({ client }) =>
    client
      .query("select 1 as a; update users set age = age; select 'x' as b, true as c; begin; commit")
      .then(plain),
  'several statements of which one fails': ({ client }) =>
    failing(client.query('select 1; select 1/0; select 2')),
  nothing: ({ client }) => client.query('').then(plain),
  'a comment': ({ client }) => client.query('-- only a comment').then(plain),
  'counts of INSERT, UPDATE, DELETE, SELECT INTO and DDL': async ({ client }) => [
    plain(await client.query('create temp table c as select 1 as n union select 2')),
    plain(await client.query('insert into c values ($1), ($2) returning n', [3, 4])),
    plain(await client.query('update c set n = n + 1')),
    plain(await client.query('delete from c where n > $1', [100])),
    plain(await client.query('with gone as (delete from c returning n) select count(*) from gone')),
    plain(await client.query('/* why */ insert into c values (9)')),
    plain(await client.query('drop table c')),
  ],
  'parameters of all kinds': ({ client }) =>
    client
      .query(
        'select $1::timestamptz a, $2::bytea b, $3::int[] c, $4::jsonb d, $5::int8 e, $6::text f, $7::text g, $8::text h, $9::bool i, $10::float8 j, $11::text[] k, $12::jsonb[] l, $13::timestamp m, $14::text n',
        [
          new Date('2026-02-03T04:05:06.789Z'),
          Buffer.from([0, 255, 39]),
          [1, null, 3],
          { a: [1, 'ü'] },
          9_007_199_254_740_993n,
          null,
          undefined,
          { toPostgres: () => 'made' },
          false,
          -0.5,
          [
            ['a,b', null],
            ['"', '\\'],
          ],
          [{ a: 1 }],
          new Date(0),
          new Uint8Array([65, 66]),
        ],
      )
      .then(plain),
  'a parameter of no known type': ({ client }) => client.query('select $1 as a', ['x']).then(plain),
  'too few parameters': ({ client }) => failing(client.query('select $1::int, $2::int', [1])),
  'a parameter that is no number': ({ client }) => failing(client.query('select $1::int', ['x'])),
  'values that are no list': ({ client }) => failing(client.query('select 1', 'x' as unknown as [])),
  'a prepared statement, twice': async ({ client }) => [
    plain(await client.query({ name: 'by-id', text: 'select email from users where id = $1', values: [1] })),
    plain(await client.query({ name: 'by-id', text: 'select email from users where id = $1', values: [2] })),
    await failing(client.query({ name: 'by-id', text: 'select 2', values: [] })),
  ],
  'parsers of one query': ({ client }) =>
    client
      .query({
        text: 'select 1 as a, true as b',
        types: { getTypeParser: () => (value: string) => `<${value}>` } as never,
      })
      .then(plain),
  'parsers of one client': async ({ client }) => {
    client.setTypeParser(20, (value) => BigInt(value) as never);
    const { rows } = await client.query('select 1::int8 as a');
    client.setTypeParser(20, (value) => value as never);
    return rows;
  },
  'parsers of the project': async ({ pg: driver, client }) => {
    driver.types.setTypeParser(1700, (value) => Number(value));
    const { rows } = await client.query('select 1.50::numeric as a');
    driver.types.setTypeParser(1700, (value) => value);
    return rows;
  },
  'values in binary': ({ client }) =>
    client
      .query({ text: 'select 7::int4 a, $1::text b, true c', values: ['x'], binary: true } as pg.QueryConfig)
      .then(plain),
  'no such table': ({ client }) => failing(client.query('select * from nope where id = 1')),
  'no such column, with a hint': ({ client }) => failing(client.query('select emial from users')),
  'bad syntax in a prepared statement': ({ client }) => failing(client.query('selec $1', [1])),
  'a key that is there': ({ client }) => failing(client.query('insert into users values ($1, $2)', [1, 'x'])),
  'a foreign key': ({ client }) => failing(client.query("insert into users values (9, 'x', 1, 99)")),
  'NOT NULL': ({ client }) => failing(client.query('insert into users values (9, null)')),
  CHECK: ({ client }) => failing(client.query("insert into users values (9, 'x', -1)")),
  'too long a text': ({ client }) => failing(client.query("update users set email = 'too long'")),
  'a domain': ({ client }) => failing(client.query('select (-1)::positive')),
  'an error of a function': ({ client }) => failing(client.query('select fail()')),
  notices: async ({ client }) => {
    const notices: object[] = [];
    const note = (notice: object): void => void notices.push(told(notice));
    client.on('notice', note);
    await client.query(
      "do $$ begin raise notice 'one'; raise warning 'two' using detail = 'more', hint = 'so'; end $$; drop table if exists nope",
    );
    client.off('notice', note);
    return notices;
  },
  'a transaction with a savepoint': async ({ client }) => {
    await client.query('begin');
    await client.query("insert into users values (5, 'e')");
    await client.query('savepoint s');
    const failure = await failing(client.query("insert into users values (5, 'f')"));
    const aborted = await failing(client.query('select 1'));
    await client.query('rollback to savepoint s');
    const { rows } = await client.query('select count(*) from users');
    await client.query('rollback');
    const after = await client.query('select count(*) from users');
    return [failure, aborted, rows, after.rows];
  },
  'a statement that cannot run in a transaction': async ({ client }) => {
    await client.query('begin');
    const failure = await failing(client.query('create index concurrently on users (age)'));
    await client.query('rollback');
    return failure;
  },
  'queries that are not waited for': async ({ client }) => {
    const all = await Promise.all([
      client.query('select 1 as a'),
      failing(client.query('select 1/0')),
      client.query('select $1::int as b', [2]),
    ]);
    return [plain(all[0]), all[1], plain(all[2])];
  },
  'a callback': ({ client }) =>
    new Promise(
      (resolve) => void client.query('select 1 as a', [], (error, result) => resolve([error, plain(result)])),
    ),
  'a callback with an error': ({ client }) =>
    new Promise((resolve) => void client.query('select 1/0', (error: Error) => resolve(told(error)))),
  'events of a query': ({ pg: driver, client }) =>
    new Promise((resolve, reject) => {
      const query = client.query(new driver.Query('select id from users order by id'));
      const rows: unknown[] = [];
      query.on('row', (row) => rows.push(row));
      query.on('end', () => resolve(rows));
      query.on('error', reject);
    }),
  'a cursor': async ({ client }) => {
    const { default: Cursor } = await import('pg-cursor');
    const cursor = client.query(
      new Cursor('select n, n % 2 = 0 as even from generate_series(1, $1::int) n', [5]),
    );
    const read = [await cursor.read(2), await cursor.read(2), await cursor.read(2), await cursor.read(2)];
    await cursor.close();
    return [read, plain(await client.query('select 1 as after'))];
  },
  'a cursor that fails': async ({ client }) => {
    const { default: Cursor } = await import('pg-cursor');
    const cursor = client.query(new Cursor('select 1 / (3 - n) from generate_series(1, 5) n'));
    const first = await cursor.read(1);
    return [first, await failing(cursor.read(5)), plain(await client.query('select 1 as after'))];
  },
  'a stream': async ({ client }) => {
    const { default: QueryStream } = await import('pg-query-stream');
    const rows: unknown[] = [];
    for await (const row of client.query(new QueryStream('select n::text from generate_series(1, 250) n')))
      rows.push(row);
    return rows;
  },
  'a stream in a transaction, other connections at work meanwhile': async ({ client, pool }) => {
    const { default: QueryStream } = await import('pg-query-stream');
    await client.query('begin');
    const rows: unknown[] = [];
    for await (const row of client.query(
      new QueryStream('select n from generate_series(1, 5) n', [], { batchSize: 2 }),
    )) {
      const { rows: other } = await pool.query('select $1::int * 2 as twice', [(row as { n: number }).n]);
      rows.push([row, other]);
    }
    await client.query('commit');
    return rows;
  },
  'prepared statements of one name on two connections': async ({ client, pool }) => {
    await client.query({ name: 'same', text: 'select 1 as a' });
    const second = await pool.connect();
    try {
      return [
        plain(await second.query({ name: 'same', text: "select 'x' as b" })),
        plain(await client.query({ name: 'same', text: 'select 1 as a' })),
      ];
    } finally {
      second.release();
    }
  },
  'COPY … TO STDOUT': async ({ client }) => {
    const { to } = await import('pg-copy-streams');
    return [
      await text(client.query(to('copy (select id, email from users order by id) to stdout')) as Readable),
      plain(await client.query('select 1 as after')),
    ];
  },
  'a query of the pool': ({ pool }) => pool.query('select $1::bool as a', [false]).then(plain),
  'a client of its own, with callbacks': ({ pg: driver, pool }) =>
    new Promise((resolve, reject) => {
      const client = new driver.Client({ ...pool.options, password: server.password } as pg.ClientConfig);
      client.connect((error?: Error) => {
        if (error) return reject(error);
        client.query('select 1 as a', (failure: Error, result: pg.QueryResult) => {
          client.end(() => (failure ? reject(failure) : resolve(plain(result))));
        });
      });
    }),
  'a client that has ended': async ({ pg: driver, pool }) => {
    const client = new driver.Client({ ...pool.options, password: server.password } as pg.ClientConfig);
    await client.connect();
    await client.end();
    return failing(client.query('select 1'));
  },
  notifications: async ({ client, pool }) => {
    const heard = new Promise(
      (resolve) => void client.once('notification', ({ channel, payload }) => resolve({ channel, payload })),
    );
    await client.query('listen news');
    await pool.query("notify news, 'it works'");
    const notification = await heard;
    await client.query('unlisten news');
    return notification;
  },
  'texts of identifiers and literals': async ({ client }) => [
    client.escapeIdentifier('a"b'),
    client.escapeLiteral("a'b\\c"),
  ],
  'a megabyte': async ({ client }) =>
    (await client.query("select repeat('x', 1000000) as a")).rows[0].a.length,
  'many parameters': async ({ client }) => {
    const values = Array.from({ length: 40_000 }, (_, index) => index);
    const sql = `select ${values.map((_, index) => `$${index + 1}::int`).join(' + ')} as sum`;
    return failing(client.query(sql.slice(0, 200), values));
  },
};

/** A result without what is the client's own. */
function plain(result: pg.QueryResult | pg.QueryResult[]): unknown {
  if (Array.isArray(result)) return result.map(plain);
  const { command, rowCount, oid, rows, fields } = result;
  // Numbers of tables are a database's own.
  return {
    command,
    rowCount,
    oid,
    rows,
    fields: fields?.map(({ tableID, ...field }) => ({ ...field, hasTable: tableID > 0 })),
  };
}

describe('answers are what pg gives', () => {
  it.each(Object.entries(CASES))('%s', async (_, body) => {
    const [expected, actual] = await both(body);
    expect(actual).toEqual(expected);
  });
});

it('refuses rows that come by COPY, which no script would have', async () => {
  const { from } = await import('pg-copy-streams');
  const client = await pools.standIn.connect();
  try {
    await client.query('begin');
    const stream = client.query(from('copy users (id, email) from stdin'));
    const failure = await new Promise((resolve) => {
      stream.on('error', (error: unknown) => resolve(told(error)));
      stream.end('7\tx\n');
    });
    expect(failure).toMatchObject({
      code: '0A000',
      message: expect.stringContaining('COPY'),
      hint: 'Insert the rows with INSERT.',
    });
    expect(await failing(client.query('select 1'))).toMatchObject({ code: '25P02' });
    await client.query('rollback');
  } finally {
    client.release();
  }
});

it('has no other clients to offer: those of libpq are the same', () => {
  expect(standIn.native).toBe(standIn);
});

it('notes statements with their parameters, refused ones apart', async () => {
  shadow.takeStatements();
  shadow.takeRefused();
  await pools.standIn.query('select $1::bytea, $2::text, $3::text', [Buffer.from([0, 255]), 'x', null]);
  await pools.standIn.query('select 1/$1::int', [0]).catch(() => undefined);
  expect(shadow.takeStatements()).toEqual([
    { sql: 'select $1::bytea, $2::text, $3::text', parameters: [String.raw`\x00ff`, 'x', null] },
  ]);
  expect(shadow.takeRefused()).toEqual({ sql: 'select 1/$1::int', parameters: ['0'] });
});

it('goes on after what only a server has, in a transaction too', async () => {
  const client = await pools.standIn.connect();
  try {
    await client.query('begin');
    const passed = await client.query('create extension postgis');
    const { rows } = await client.query('select 1 as a');
    await client.query('commit');
    expect([passed.rows, rows]).toEqual([[], [{ a: 1 }]]);
    expect(shadow.notTested.at(-1)).toContain('postgis');
  } finally {
    client.release();
  }
});

it('says of a failure all that Postgres says', async () => {
  const refused = engine.exec("insert into users values (1, 'new')");
  await expect(refused).rejects.toMatchObject({
    sqlstate: '23505',
    detail: 'Key (id)=(1) already exists.',
    fields: { severity: 'ERROR', schema: 'public', table: 'users', constraint: 'users_pkey' },
  });
  await expect(engine.query('select emial from users')).rejects.toMatchObject({
    fields: { position: '8', hint: expect.stringContaining('users.email') },
  });
});
