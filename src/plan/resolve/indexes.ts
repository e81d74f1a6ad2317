import { columnsOf, classifyExpression, parseType } from '../../postgres/sql.ts';
import type { IndexDef, TableDef } from '../database-schema.ts';
import { readIndexOrder } from '../fragments.ts';
import type { PlanIndex, PlanPath } from '../plan.ts';
import { conflict, type Resolving } from './context.ts';
import { needColumn, needColumns } from './lookup.ts';
import type { Extra } from './limits.ts';
import { freeRelationName, needFreeName } from './taken.ts';

/**
 * The definition of an index of `table`, which may be new. A derived name that something bears already gets a number;
 * `also` holds names that the plan is about to give. Throws `plan-conflict` for unknown columns.
 */
export function resolveIndex(
  resolving: Resolving,
  table: TableDef,
  index: PlanIndex,
  path: PlanPath,
  also: ReadonlySet<string>,
): IndexDef {
  if (index.fields) needColumns(resolving, table, index.fields, [...path, 'fields']);
  if (index.include) needColumns(resolving, table, index.include, [...path, 'include']);
  needExpressionColumns(resolving, table, index.expression, [...path, 'expression']);
  needExpressionColumns(resolving, table, index.where, [...path, 'where']);
  needOperatorClass(resolving, table, index, path);
  const unique = index.type === 'unique';
  return {
    name: index.name ?? derivedName(resolving, table, index, also),
    unique,
    columns: indexColumns(index, path),
    using: index.using?.toLowerCase() ?? 'btree',
    ...(index.where === undefined ? {} : { where: index.where.trim() }),
    concurrently: index.concurrently === true,
  };
}

/** Throws `plan-conflict` when the index has a given name that something bears already. */
export function needFreeIndexName(
  resolving: Resolving,
  table: TableDef,
  index: PlanIndex,
  path: PlanPath,
): void {
  if (index.name !== undefined)
    needFreeName(resolving, { schema: table.schema, name: index.name }, [...path, 'name'], 'index');
}

/** What of an index not every ORM can express. */
export function indexExtras({ include, order, expression, opclass, using }: PlanIndex): Extra[] {
  return [
    ...(include ? [{ kind: 'include' as const, columns: include }] : []),
    ...(order === undefined ? [] : [{ kind: 'order' as const }]),
    ...(expression === undefined ? [] : [{ kind: 'expression' as const }]),
    ...(opclass === undefined ? [] : [{ kind: 'opclass' as const }]),
    ...(using === undefined || METHODS.test(using) ? [] : [{ kind: 'method' as const }]),
  ];
}

/** Those of Postgres itself. */
const METHODS = /^(?:btree|hash|gist|spgist|gin|brin)$/i;

/** Throws `plan-conflict` for a column that an expression names and the table does not have. */
export function needExpressionColumns(
  resolving: Resolving,
  table: TableDef,
  expression: string | undefined,
  path: PlanPath,
): void {
  if (expression === undefined) return;
  for (const name of columnsOf(expression)) needColumn(resolving, table, name, path);
}

/** Types of pgvector with a class to write for each; no index method but ivfflat has a default among them, and Drizzle wants one there too. */
const NEEDS_CLASS: ReadonlyMap<string, string> = new Map([
  ['vector', 'vector_cosine_ops, vector_l2_ops or vector_ip_ops'],
  ['halfvec', 'halfvec_cosine_ops, halfvec_l2_ops or halfvec_ip_ops'],
  ['sparsevec', 'sparsevec_cosine_ops, sparsevec_l2_ops or sparsevec_ip_ops'],
]);

/** drizzle-kit 0.31 ends at an index on a vector without operator class, and Postgres has no default for HNSW. */
function needOperatorClass(resolving: Resolving, table: TableDef, index: PlanIndex, path: PlanPath): void {
  if (index.opclass !== undefined) return;
  for (const [position, name] of (index.fields ?? []).entries()) {
    const { type } = needColumn(resolving, table, name, [...path, 'fields', position]);
    const classes = NEEDS_CLASS.get(parseType(type).name);
    if (classes === undefined) continue;
    throw conflict(
      resolving,
      [...path, 'fields', position],
      `an index on ${name} (${type}) needs an operator class`,
      { hint: `Name it in the index: opclass: … with ${classes}, and using: hnsw (or ivfflat).` },
    );
  }
}

function indexColumns(index: PlanIndex, path: PlanPath): IndexDef['columns'] {
  const orders = readIndexOrder(index.order, index.fields?.length ?? 1, [...path, 'order']);
  const keys = index.fields
    ? index.fields.map((name) => ({ expression: name, isExpression: false }))
    : [{ expression: (index.expression ?? '').trim(), isExpression: true }];
  return keys.map((key, position) => ({
    ...key,
    ...(index.opclass === undefined ? {} : { opclass: index.opclass }),
    ...(orders[position] ?? { order: 'asc', nulls: 'last' }),
  }));
}

function derivedName(
  resolving: Resolving,
  table: TableDef,
  index: PlanIndex,
  also: ReadonlySet<string>,
): string {
  const name = indexName(resolving, table, index);
  return freeRelationName(resolving.schema, { schema: table.schema, name }, also);
}

/** The name that an index has from its table and its columns or its expression, whoever bears it already. */
export function indexName(resolving: Resolving, table: TableDef, index: PlanIndex): string {
  const columns = index.fields ?? (index.expression === undefined ? [] : expressionWords(index.expression));
  return resolving.context.naming.index(table, columns, { unique: index.type === 'unique' });
}

/** `lower(email)` gives `lower_email`; other expressions their columns, else `expr` as in Postgres. */
function expressionWords(expression: string): string[] {
  const read = classifyExpression(expression);
  const words = [...(read.kind === 'call' ? [read.name.replaceAll('.', '_')] : []), ...columnsOf(expression)];
  return words.length === 0 ? ['expr'] : words;
}
