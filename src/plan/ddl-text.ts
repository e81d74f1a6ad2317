import { quoteIdentifier, quoteLiteral, quoteWhereNeeded } from '../postgres/quote.ts';
import type {
  ColumnDef,
  ForeignKeyDef,
  IdentityDef,
  IndexColumn,
  IndexDef,
  ObjectName,
  PrimaryKeyDef,
  UniqueDef,
} from './database-schema.ts';

/** Pieces of DDL. Every name is quoted and qualified, so that no search_path matters. */

export function qualified(name: ObjectName): string {
  return `${quoteIdentifier(name.schema)}.${quoteIdentifier(name.name)}`;
}

export function columnListSql(columns: readonly string[]): string {
  return `(${columns.map(quoteIdentifier).join(', ')})`;
}

/** A column as it stands in CREATE TABLE and ADD COLUMN. */
export function columnSql(column: ColumnDef): string {
  return [
    quoteIdentifier(column.name),
    column.type,
    column.default === undefined ? '' : `DEFAULT ${column.default}`,
    column.generated === undefined ? '' : `GENERATED ALWAYS AS (${column.generated}) STORED`,
    column.identity ? identitySql(column.identity) : '',
    column.notNull ? 'NOT NULL' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function identitySql(identity: IdentityDef): string {
  const options = [
    identity.increment === undefined ? '' : `INCREMENT BY ${identity.increment}`,
    identity.min === undefined ? '' : `MINVALUE ${identity.min}`,
    identity.max === undefined ? '' : `MAXVALUE ${identity.max}`,
    identity.start === undefined ? '' : `START WITH ${identity.start}`,
    identity.cache === undefined ? '' : `CACHE ${identity.cache}`,
    identity.cycle === true ? 'CYCLE' : '',
  ].filter((option) => option !== '');
  const sequence = options.length === 0 ? '' : ` (${options.join(' ')})`;
  return `GENERATED ${identity.always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${sequence}`;
}

export function primaryKeySql(key: PrimaryKeyDef): string {
  return `CONSTRAINT ${quoteIdentifier(key.name)} PRIMARY KEY ${columnListSql(key.columns)}`;
}

export function uniqueSql(unique: UniqueDef): string {
  const nulls = unique.nullsNotDistinct ? 'NULLS NOT DISTINCT ' : '';
  return `CONSTRAINT ${quoteIdentifier(unique.name)} UNIQUE ${nulls}${columnListSql(unique.columns)}`;
}

export function checkSql(check: { readonly name: string; readonly expression: string }): string {
  return `CONSTRAINT ${quoteIdentifier(check.name)} CHECK (${check.expression})`;
}

export function foreignKeySql(key: ForeignKeyDef): string {
  const { references, deferrable } = key;
  return [
    `CONSTRAINT ${quoteIdentifier(key.name)} FOREIGN KEY ${columnListSql(key.columns)}`,
    `REFERENCES ${qualified(references)} ${columnListSql(references.columns)}`,
    key.onDelete === 'no action' ? '' : `ON DELETE ${key.onDelete.toUpperCase()}`,
    key.onUpdate === 'no action' ? '' : `ON UPDATE ${key.onUpdate.toUpperCase()}`,
    deferrable === undefined ? '' : `DEFERRABLE ${deferrable.toUpperCase()}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

export interface IndexOptions {
  readonly include?: readonly string[] | undefined;
  /** CONCURRENTLY runs in no transaction: left out unless asked for. */
  readonly concurrently?: boolean | undefined;
}

export function createIndexSql(table: ObjectName, index: IndexDef, options: IndexOptions = {}): string {
  const { include, concurrently } = options;
  return [
    `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${concurrently === true ? 'CONCURRENTLY ' : ''}${quoteIdentifier(index.name)}`,
    `ON ${qualified(table)} USING ${quoteWhereNeeded(index.using)} (${index.columns.map((column) => indexColumnSql(column, index.using)).join(', ')})`,
    include === undefined ? '' : `INCLUDE ${columnListSql(include)}`,
    index.where === undefined ? '' : `WHERE ${index.where}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** Only a btree takes an order. */
function indexColumnSql(column: IndexColumn, using: string): string {
  const key = column.isExpression ? `(${column.expression})` : quoteIdentifier(column.expression);
  const opclass = column.opclass === undefined ? '' : ` ${column.opclass}`;
  if (using !== 'btree') return `${key}${opclass}`;
  const nulls =
    column.nulls === (column.order === 'asc' ? 'last' : 'first')
      ? ''
      : ` NULLS ${column.nulls.toUpperCase()}`;
  return `${key}${opclass}${column.order === 'desc' ? ' DESC' : ''}${nulls}`;
}

export function dropIndexSql(table: ObjectName, name: string): string {
  return `DROP INDEX ${qualified({ schema: table.schema, name })}`;
}

export function createEnumSql(item: ObjectName & { readonly values: readonly string[] }): string {
  return `CREATE TYPE ${qualified(item)} AS ENUM (${item.values.map(quoteLiteral).join(', ')})`;
}
