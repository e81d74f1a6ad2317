import pluralize from 'pluralize';
import { type ColumnDef, type DatabaseSchema, displayName, type TableDef } from '../plan/database-schema.ts';
import { compare } from './domains.ts';

/** Plans for a project's own tables, to show the format with. */
export interface ExamplePlans {
  /** The table that they are about, as a plan calls it. */
  readonly table: string;
  /** YAML of a plan that changes it; undefined where there is no table yet. */
  readonly change: string | undefined;
  /** YAML of a plan for a new table. */
  readonly create: string;
  readonly createdTable: string;
  /** The change in words; quoted for a shell where that is needed. */
  readonly words: string;
  readonly wordsForm: string;
  /** Common changes in words. */
  readonly more: readonly { readonly does: string; readonly words: string }[];
}

const PLAIN = /^[a-z_][a-z0-9_]*$/;

/**
 * Plans that the project would accept: an optional column on the table with the most relations, and a new table that
 * refers to it. Tables whose names want quotes are passed over.
 */
export function examplePlans({ tables }: DatabaseSchema): ExamplePlans {
  const [table] = tables
    .filter(({ schema, name, columns }) => schema === 'public' && PLAIN.test(name) && columns.length > 0)
    .toSorted((a, b) => weight(b) - weight(a) || compare(displayName(a), displayName(b)));
  const names = new Set(tables.map(({ name }) => name));
  const created = freeName(table === undefined ? 'products' : `${singular(table.name)}_notes`, names);
  const key = keyOf(tables);
  const create = newTable(created, table, key);
  if (!table) {
    return {
      table: created,
      change: undefined,
      create,
      createdTable: created,
      words: `${created} 'id:uuid=gen_random_uuid():pk' 'name:varchar(100)!'`,
      wordsForm: `${pascal(`create_${created}_table`)} 'id:uuid=gen_random_uuid():pk' 'name:varchar(100)!'`,
      more: [],
    };
  }
  const columns = new Set(table.columns.map(({ name }) => name));
  const column = freeName('archived_at', columns);
  const [rank, code] = [freeName('rank', columns), freeName('code', columns)];
  return {
    table: table.name,
    change: `migration_type: modify_existing
table_name: ${table.name}
changes:
  add_columns:
    - { name: ${column}, type: timestamptz }
  add_indexes:
    - { fields: [${column}] }`,
    create,
    createdTable: created,
    words: `${table.name} ${column}:timestamptz:index`,
    wordsForm: `${pascal(`add_${column}_to_${table.name}`)} ${column}:timestamptz`,
    more: [
      { does: 'an optional column, indexed', words: `${table.name} ${column}:timestamptz:index` },
      { does: 'a required column with a default', words: `${table.name} '${rank}:int!=0'` },
      { does: 'a column whose values are unique', words: `${table.name} '${code}:varchar(20):unique'` },
      {
        does: 'a new table',
        words: `${pascal(`create_${created}_table`)} ${keyWord(key.constraint === undefined ? key : { type: key.type.replace('integer', 'serial').replace('bigint', 'bigserial') })} 'note:text!'`,
      },
    ],
  };
}

function weight({ foreignKeys, columns }: TableDef): number {
  return foreignKeys.length * 1000 + columns.length;
}

function newTable(name: string, parent: TableDef | undefined, id: NewKey): string {
  const key = parent && singleKey(parent);
  const type = key?.type.replace(/^(small|big)?serial$/, (_, size = '') =>
    size === '' ? 'integer' : `${size}int`,
  );
  const column = parent && key && `${singular(parent.name)}_${key.name}`;
  return [
    'migration_type: new_table',
    `table_name: ${name}`,
    'fields:',
    '  - name: id',
    `    type: ${id.type}`,
    `    constraints: [${['PRIMARY KEY', ...(id.constraint === undefined ? [] : [id.constraint])].join(', ')}]`,
    ...(id.default === undefined ? [] : [`    default: ${id.default}`]),
    ...(column && key && key.name
      ? [
          `  - name: ${column}`,
          `    type: ${type}`,
          `    constraints: [NOT NULL, 'REFERENCES ${parent.name}(${key.name}) ON DELETE CASCADE']`,
        ]
      : []),
    '  - { name: note, type: text, constraints: [NOT NULL] }',
    '  - name: created_at',
    '    type: timestamptz',
    '    constraints: [NOT NULL]',
    '    default: now()',
    ...(column ? ['indexes:', `  - { fields: [${column}] }`] : []),
  ].join('\n');
}

/** The primary key of a new table, as most tables have theirs. */
interface NewKey {
  readonly type: string;
  readonly default?: string | undefined;
  readonly constraint?: string | undefined;
}

const UUID_KEY: NewKey = { type: 'uuid', default: 'gen_random_uuid()' };

/** The key that most tables have; a uuid where there is no table, or none with a plain key. */
function keyOf(tables: readonly TableDef[]): NewKey {
  const counts = new Map<string, { readonly key: NewKey; count: number }>();
  for (const table of tables) {
    const column = singleKey(table);
    // A key that refers to another table's is no key of its own.
    if (!column || table.foreignKeys.some(({ columns }) => columns.includes(column.name))) continue;
    const key = keyLike(column);
    const name = JSON.stringify(key);
    counts.set(name, { key, count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0]?.key ?? UUID_KEY;
}

function keyLike({ type, default: made, identity }: ColumnDef): NewKey {
  if (identity) return { type, constraint: 'GENERATED ALWAYS AS IDENTITY' };
  const isPlain = made !== undefined && /^[a-z_0-9.]+\(\)$/.test(made);
  if (/^uuid$/i.test(type)) return { ...UUID_KEY, ...(isPlain && { default: made }) };
  return isPlain ? { type, default: made } : { type };
}

/** `id:text:pk`, quoted for a shell. */
function keyWord({ type, default: made }: NewKey): string {
  return `'id:${type}${made === undefined ? '' : `=${made}`}:pk'`;
}

/** The one column of the primary key, where a reference to it can be written plainly. */
function singleKey({ primaryKey, columns }: TableDef): ColumnDef | undefined {
  const [name] = primaryKey?.columns.length === 1 ? primaryKey.columns : [];
  return columns.find(
    (column) =>
      column.name === name && PLAIN.test(column.name) && /^[a-z][a-z0-9 ]*(\(\d+\))?$/.test(column.type),
  );
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}_${count}`;
  return name;
}

const singular = (name: string): string => pluralize.singular(name);

function pascal(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
