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
  const create = newTable(created, table);
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
        words: `${pascal(`create_${created}_table`)} 'id:uuid=${idDefault(table)}:pk' 'note:text!'`,
      },
    ],
  };
}

function weight({ foreignKeys, columns }: TableDef): number {
  return foreignKeys.length * 1000 + columns.length;
}

function newTable(name: string, parent: TableDef | undefined): string {
  const key = parent && singleKey(parent);
  const id = idDefault(parent);
  const type = key?.type.replace(/^(small|big)?serial$/, (_, size = '') =>
    size === '' ? 'integer' : `${size}int`,
  );
  const column = parent && key && `${singular(parent.name)}_${key.name}`;
  return [
    'migration_type: new_table',
    `table_name: ${name}`,
    'fields:',
    '  - name: id',
    '    type: uuid',
    '    constraints: [PRIMARY KEY]',
    `    default: ${id}`,
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

/** What makes the keys of a neighbour, where those are uuids. */
function idDefault(table: TableDef | undefined): string {
  const key = table && singleKey(table);
  const isPlain = /^uuid$/i.test(key?.type ?? '') && /^[a-z_0-9.]+\(\)$/.test(key?.default ?? '');
  return (isPlain && key?.default) || 'gen_random_uuid()';
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
