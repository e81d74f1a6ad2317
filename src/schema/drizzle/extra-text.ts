import type { IndexColumn, IndexDef, ReferentialAction } from '../../plan/database-schema.ts';
import { classifyExpression } from '../../postgres/sql.ts';
import type { Casing } from './read-columns.ts';
import { isDerivedUnique } from './unique-name.ts';
import type { ColumnDraft, ExtraSpec } from './draft.ts';
import { dataLiteral, type Quote, sqlTemplate, stringLiteral } from '../literals.ts';

/** Names of drizzle-orm that entries are written with, as the file has them. */
export interface ExtraWriting {
  /** The table's name in the database: what drizzle derives names from. */
  readonly table: string;
  /** What a column is a member of: the callback's parameter. */
  readonly owner: string;
  readonly quote: Quote;
  readonly casing: Casing;
  /** Asks for a name of drizzle-orm/pg-core; gives it as the file has it. */
  readonly core: (name: string) => string;
  readonly sql: () => string;
  /** The columns that a foreign key refers to, as expressions: `users.id`. */
  readonly foreignColumns: (spec: Extract<ExtraSpec, { kind: 'foreignKey' }>) => readonly string[];
}

/**
 * An entry of a table's third argument: index, unique, primary key, foreign key or check.
 *
 * @example extraText({ kind: 'index', … }, writing) // "index('orders_user_id_idx').on(table.userId)"
 */
export function extraText(spec: ExtraSpec, writing: ExtraWriting): string {
  switch (spec.kind) {
    case 'index':
      return indexText(spec.index, spec.columns, writing);
    case 'unique':
      return uniqueText(spec, writing);
    case 'primaryKey':
      return primaryKeyText(spec, writing);
    case 'foreignKey':
      return foreignKeyText(spec, writing);
    case 'check':
      return `${writing.core('check')}(${stringLiteral(spec.check.name, writing.quote)}, ${template(spec.check.expression, writing)})`;
  }
}

function indexText(index: IndexDef, columns: readonly ColumnDraft[], writing: ExtraWriting): string {
  const keys = columns[Symbol.iterator]();
  const parts = index.columns.map((column) => {
    if (column.isExpression) return template(expressionKey(column, index.using), writing);
    return `${member(keys.next().value!, writing)}${orderText(column)}${opclassText(column, writing.quote)}`;
  });
  const method =
    index.using === 'btree'
      ? `on(${parts.join(', ')})`
      : `using(${[stringLiteral(index.using, writing.quote), ...parts].join(', ')})`;
  const concurrently = index.concurrently ? '.concurrently()' : '';
  const where = index.where === undefined ? '' : `.where(${template(index.where, writing)})`;
  return `${writing.core(index.unique ? 'uniqueIndex' : 'index')}(${stringLiteral(index.name, writing.quote)}).${method}${concurrently}${where}`;
}

/** drizzle's `.desc()` alone means NULLS LAST, which is not Postgres' default for it. */
function orderText({ order, nulls }: IndexColumn): string {
  if (order === 'desc') return nulls === 'first' ? '.desc().nullsFirst()' : '.desc().nullsLast()';
  return nulls === 'first' ? '.asc().nullsFirst()' : '';
}

function opclassText({ opclass }: IndexColumn, quote: Quote): string {
  return opclass === undefined ? '' : `.op(${stringLiteral(opclass, quote)})`;
}

/** Operator class and order stand in the SQL itself: drizzle has no words for them there. */
function expressionKey({ expression, opclass, order, nulls }: IndexColumn, using: string): string {
  const isUsual = nulls === (order === 'asc' ? 'last' : 'first');
  const words = [
    bracketed(expression),
    ...(opclass === undefined ? [] : [opclass]),
    ...(using === 'btree' && order === 'desc' ? ['desc'] : []),
    ...(using === 'btree' && !isUsual ? [`nulls ${nulls}`] : []),
  ];
  return words.join(' ');
}

/** Postgres wants parentheses around an index expression unless it is a function call. */
function bracketed(expression: string): string {
  const isBracketed = /^\([\s\S]*\)$/.test(expression.trim());
  return classifyExpression(expression).kind === 'call' || isBracketed ? expression : `(${expression})`;
}

function uniqueText(
  { unique, columns }: Extract<ExtraSpec, { kind: 'unique' }>,
  writing: ExtraWriting,
): string {
  const name = isDerivedUnique(writing.table, unique, columns, writing.casing)
    ? ''
    : stringLiteral(unique.name, writing.quote);
  const nulls = unique.nullsNotDistinct ? '.nullsNotDistinct()' : '';
  return `${writing.core('unique')}(${name}).on(${members(columns, writing)})${nulls}`;
}

function primaryKeyText(
  { primaryKey, columns }: Extract<ExtraSpec, { kind: 'primaryKey' }>,
  writing: ExtraWriting,
): string {
  const name = primaryKey.named ? `name: ${stringLiteral(primaryKey.name, writing.quote)}, ` : '';
  return `${writing.core('primaryKey')}({ ${name}columns: [${members(columns, writing)}] })`;
}

function foreignKeyText(spec: Extract<ExtraSpec, { kind: 'foreignKey' }>, writing: ExtraWriting): string {
  const { foreignKey, columns } = spec;
  const name = foreignKey.named ? `, name: ${stringLiteral(foreignKey.name, writing.quote)}` : '';
  const options = `{ columns: [${members(columns, writing)}], foreignColumns: [${writing.foreignColumns(spec).join(', ')}]${name} }`;
  return `${writing.core('foreignKey')}(${options})${action('onDelete', foreignKey.onDelete, writing)}${action('onUpdate', foreignKey.onUpdate, writing)}`;
}

function action(method: string, value: ReferentialAction, { quote }: ExtraWriting): string {
  return value === 'no action' ? '' : `.${method}(${dataLiteral(value, quote)})`;
}

function members(columns: readonly ColumnDraft[], writing: ExtraWriting): string {
  return columns.map((column) => member(column, writing)).join(', ');
}

function member(column: ColumnDraft, { owner, quote }: ExtraWriting): string {
  return memberOf(owner, column.key, quote);
}

/** `table.createdAt`, `table['2fa']`. */
export function memberOf(owner: string, key: string, quote: Quote): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${owner}.${key}` : `${owner}[${stringLiteral(key, quote)}]`;
}

function template(sql: string, writing: ExtraWriting): string {
  return sqlTemplate(sql, writing.sql());
}
