import { foreignKeysOf, type ForeignKeySpec } from '../foreign-keys.ts';
import type { ReadonlyTables } from '../known-tables.ts';
import { typeFamily } from '../type-family.ts';
import { failedWith } from '../observed.ts';
import { type TableRef, tableKey } from '../operation.ts';
import { shortName, sqlName } from '../print.ts';
import type { Rule } from '../rule.ts';

/** Types that Postgres brings along; what others are made of is not known here (a domain may be an integer). */
const BUILT_IN = new Set(
  (
    'smallint,integer,bigint,numeric,real,double precision,money,oid,text,char,name,uuid,boolean,bytea,' +
    'inet,cidr,macaddr,date,time,timetz,timestamp,timestamptz,interval,json,jsonb,xml'
  ).split(','),
);

const INTEGERS = new Set(['smallint', 'integer', 'bigint']);

export const fkTypeMismatch: Rule = {
  name: 'fk-type-mismatch',
  id: 'CON-14',
  severity: 'error',
  reason: 'A key of a narrower type runs out of values, and one of another type is cast at every comparison.',
  bad: [
    'CREATE TABLE users (id bigserial PRIMARY KEY); CREATE TABLE orders (user_id int REFERENCES users (id));',
    'CREATE TABLE users (id bigint PRIMARY KEY); ALTER TABLE orders ADD COLUMN user_id int REFERENCES users;',
    'CREATE TABLE app."Users" (id uuid PRIMARY KEY); CREATE TABLE orders (u text, FOREIGN KEY (u) REFERENCES app."Users");',
    'CREATE TABLE a (x int, y bigint, PRIMARY KEY (x, y)); CREATE TABLE b (x int, y int); ALTER TABLE b ADD FOREIGN KEY (x, y) REFERENCES a NOT VALID;',
    'CREATE TABLE t (id bigint PRIMARY KEY, up int REFERENCES t (id));',
    'CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE o (u bigint REFERENCES users); ALTER TABLE users ALTER id TYPE smallint; ALTER TABLE o ADD FOREIGN KEY (u) REFERENCES users;',
  ],
  good: [
    'CREATE TABLE users (id serial PRIMARY KEY); CREATE TABLE orders (user_id integer REFERENCES users (id));',
    'CREATE TABLE users (id int8 PRIMARY KEY); ALTER TABLE orders ADD COLUMN user_id bigint REFERENCES users;',
    // The same bytes.
    'CREATE TABLE c (code varchar(3) PRIMARY KEY); CREATE TABLE a (code text REFERENCES c);',
    'CREATE DOMAIN id AS bigint; CREATE TABLE u (id id PRIMARY KEY); CREATE TABLE o (u bigint REFERENCES u);',
    'ALTER TABLE orders ADD COLUMN user_id int REFERENCES users (id);',
    'CREATE TABLE u (id bigint PRIMARY KEY); CREATE TABLE o (u int); ALTER TABLE o ALTER u TYPE bigint; ALTER TABLE o ADD FOREIGN KEY (u) REFERENCES u;',
  ],
  *check(script) {
    for (const statement of script.statements) {
      const keys = statement.operations.flatMap(foreignKeysOf);
      if (keys.length === 0) continue;
      const tables = script.tables.at(statement.before.place + statement.operations.length);
      for (const { table, key } of keys) {
        for (const pair of mismatches(table, key, tables)) {
          yield {
            statement,
            message: `${shortName(table)}.${pair.column} is ${pair.type}, but ${shortName(key.references)}.${pair.refColumn} that it refers to is ${pair.refType}.`,
            fix: fixOf(table, pair),
            observed: failedWith(statement, '42804'),
          };
        }
      }
    }
  },
};

interface Pair {
  readonly column: string;
  readonly type: string;
  readonly refColumn: string;
  readonly refType: string;
}

function mismatches(table: TableRef, key: ForeignKeySpec, tables: ReadonlyTables): Pair[] {
  const [child, parent] = [tables.get(tableKey(table)), tables.get(tableKey(key.references))];
  const refColumns = key.refColumns.length > 0 ? key.refColumns : (parent?.primaryKey ?? []);
  return key.columns.flatMap((column, index) => {
    const refColumn = refColumns[index] ?? '';
    const type = typeFamily(child?.columns.get(column)?.type ?? '');
    const refType = typeFamily(parent?.columns.get(refColumn)?.type ?? '');
    if (type === refType || !BUILT_IN.has(type) || !BUILT_IN.has(refType)) return [];
    return [{ column, type, refColumn, refType }];
  });
}

function fixOf(table: TableRef, { column, type, refType }: Pair): string {
  const name = sqlName({ schema: undefined, name: column });
  const using = INTEGERS.has(type) && INTEGERS.has(refType) ? '' : ` USING ${name}::${refType}`;
  return `ALTER TABLE ${sqlName(table)} ALTER COLUMN ${name} TYPE ${refType}${using};`;
}
