import type { Change } from './change.ts';
import {
  type ColumnDef,
  displayName,
  type ForeignKeyDef,
  type IndexDef,
  type ObjectName,
} from './database-schema.ts';

/** The name of the table or enum that a change concerns, as messages and `--json` call it. */
export function changedObject(change: Change): ObjectName {
  switch (change.kind) {
    case 'create-table':
      return change.table;
    case 'create-enum':
    case 'add-enum-value':
    case 'rename-enum-value':
    case 'drop-enum-value':
    case 'drop-enum':
      return change.enum;
    default:
      return change.table;
  }
}

/** One change in a few words, without the table's name: `add column brand_id uuid`. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'create-enum':
      return `create enum with ${change.enum.values.join(', ')}`;
    case 'add-enum-value':
      return `add value ${change.value}${change.before ? ` before ${change.before}` : ''}${change.after ? ` after ${change.after}` : ''}`;
    case 'rename-enum-value':
      return `rename value ${change.from} to ${change.to}`;
    case 'drop-enum-value':
      return `drop value ${change.value}`;
    case 'drop-enum':
      return 'drop enum';
    case 'create-table':
      return `create table with ${change.table.columns.length} columns`;
    case 'rename-table':
      return `rename table to ${change.to}`;
    case 'drop-table':
      return 'drop table';
    case 'rename-column':
      return `rename column ${change.from} to ${change.to}`;
    case 'add-column':
      return `add column ${change.column.name} ${describeColumn(change.column)}`;
    case 'alter-column':
      return `alter column ${change.column.name}: ${describeAlter(change).join(', ')}`;
    case 'drop-column':
      return `drop column ${change.column}`;
    case 'set-primary-key':
      return `set primary key (${change.primaryKey.columns.join(', ')})`;
    case 'add-unique':
      return `add unique ${change.unique.name} (${change.unique.columns.join(', ')})`;
    case 'drop-unique':
      return `drop unique ${change.unique.name}`;
    case 'add-index':
      return `add ${describeIndex(change.index)}`;
    case 'drop-index':
      return `drop index ${change.index.name}`;
    case 'add-foreign-key':
      return `add foreign key ${describeForeignKey(change.foreignKey)}`;
    case 'alter-foreign-key':
      return `foreign key ${change.foreignKey.name}: on delete ${change.onDelete}, on update ${change.onUpdate}`;
    case 'drop-foreign-key':
      return `drop foreign key ${change.foreignKey.name}`;
    case 'add-check':
      return `add check ${change.check.name} (${change.check.expression})`;
    case 'drop-check':
      return `drop check ${change.check.name}`;
    case 'comment':
      return `comment: ${change.text}`;
    case 'raw-sql':
      return change.summary;
  }
}

/** A column's type and what goes with it: `uuid not null default gen_random_uuid()`. */
export function describeColumn(column: ColumnDef): string {
  return [
    column.type,
    column.identity && `generated ${column.identity.always ? 'always' : 'by default'} as identity`,
    column.generated !== undefined && `generated always as (${column.generated}) stored`,
    column.notNull && 'not null',
    column.default !== undefined && `default ${column.default}`,
  ]
    .filter(Boolean)
    .join(' ');
}

export function describeIndex(index: IndexDef): string {
  const columns = index.columns
    .map(({ expression, opclass, order }) =>
      [expression, opclass, order === 'desc' && 'desc'].filter(Boolean).join(' '),
    )
    .join(', ');
  return [
    index.unique ? 'unique index' : 'index',
    `${index.name} (${columns})`,
    index.using !== 'btree' && `using ${index.using}`,
    index.where && `where ${index.where}`,
  ]
    .filter(Boolean)
    .join(' ');
}

export function describeForeignKey(key: ForeignKeyDef): string {
  const actions = [
    key.onDelete !== 'no action' && `on delete ${key.onDelete}`,
    key.onUpdate !== 'no action' && `on update ${key.onUpdate}`,
    key.deferrable && `deferrable ${key.deferrable}`,
  ];
  return [
    `${key.name}: (${key.columns.join(', ')}) → ${displayName(key.references)}(${key.references.columns.join(', ')})`,
    ...actions,
  ]
    .filter(Boolean)
    .join(' ');
}

/** What an alter-column change does, part by part. */
export function describeAlter(change: Extract<Change, { kind: 'alter-column' }>): string[] {
  const { column, type, notNull } = change;
  return [
    type && `${column.type} → ${type.to}${type.using ? ` using ${type.using}` : ''}`,
    notNull !== undefined && (notNull ? 'not null' : 'nullable'),
    change.default && (change.default.set === undefined ? 'no default' : `default ${change.default.set}`),
  ].filter((part): part is string => typeof part === 'string');
}
