import type { Node } from 'libpg-query';
import type { Operation, TableRef } from '../../review/operation.ts';
import { readOperations } from '../../review/read-operations.ts';
import { parseScript } from '../../postgres/parse-script.ts';

/** One object of a database as a key of maps. */
export type ObjectKey = string;

/** What a statement makes, needs and takes away. */
export interface StatementNeeds {
  readonly makes: readonly ObjectKey[];
  readonly needs: readonly ObjectKey[];
  readonly drops: readonly ObjectKey[];
  readonly operations: readonly Operation[];
}

export const tableKey = (table: TableRef): ObjectKey => keyOf('table', schemaOf(table), table.name);
export const columnKey = (table: TableRef, column: string): ObjectKey =>
  keyOf('column', schemaOf(table), table.name, column);
export const constraintKey = (table: TableRef, name: string): ObjectKey =>
  keyOf('constraint', schemaOf(table), table.name, name);
export const policyKey = (table: TableRef, name: string): ObjectKey =>
  keyOf('policy', schemaOf(table), table.name, name);
/** Indexes share their names with tables, views and sequences; a table has a key of its own here. */
export const indexKey = (index: TableRef): ObjectKey => keyOf('index', schemaOf(index), index.name);
export const typeKey = (type: TableRef): ObjectKey => keyOf('type', schemaOf(type), type.name);
/** That the values of these columns are unique, which a foreign key asks of what it refers to. */
export const uniqueKey = (table: TableRef, columns: readonly string[]): ObjectKey =>
  keyOf('unique', schemaOf(table), table.name, ...columns.toSorted());

function keyOf(...parts: readonly string[]): ObjectKey {
  return JSON.stringify(parts);
}

function schemaOf({ schema }: TableRef): string {
  return schema === undefined || schema === '' ? 'public' : schema;
}

/** Reads what a statement makes, needs and takes away; nothing of one that Postgres cannot parse. */
export function readNeeds(statement: string): StatementNeeds {
  const nodes = parseScript(statement).flatMap(({ node }) => node ?? []);
  const operations = nodes.flatMap(readOperations);
  return {
    makes: operations.flatMap(madeBy),
    needs: [...operations.flatMap(neededBy), ...nodes.flatMap(namedIn)],
    drops: operations.flatMap(droppedBy),
    operations,
  };
}

function madeBy(operation: Operation): ObjectKey[] {
  switch (operation.kind) {
    case 'create-table': {
      const { table, columns, constraints } = operation;
      const inline = columns.flatMap((column) => column.constraints);
      return [
        tableKey(table),
        ...columns.map(({ name }) => columnKey(table, name)),
        ...[...constraints, ...inline].flatMap((constraint) => madeByConstraint(table, constraint)),
      ];
    }
    case 'add-column':
      return [
        columnKey(operation.table, operation.column.name),
        ...operation.column.constraints.flatMap((constraint) =>
          madeByConstraint(operation.table, constraint),
        ),
      ];
    case 'add-constraint':
      return madeByConstraint(operation.table, operation.constraint);
    case 'create-index': {
      const { table, name, columns, unique, isPartial } = operation;
      const named = columns.flatMap((column) => column ?? []);
      return [
        ...(name === undefined ? [] : [indexKey({ schema: table.schema, name })]),
        ...(unique && !isPartial && named.length === columns.length ? [uniqueKey(table, named)] : []),
      ];
    }
    case 'create-enum':
      return [typeKey(operation.type)];
    case 'create-policy':
      return [policyKey(operation.table, operation.name)];
    case 'create-view':
      return [tableKey(operation.view)];
    default:
      return [];
  }
}

type Constraint = Extract<Operation, { kind: 'add-constraint' }>['constraint'];

/** A key and a UNIQUE have an index of their name as well. */
function madeByConstraint(table: TableRef, { name, type, columns }: Constraint): ObjectKey[] {
  const isKey = type === 'unique' || type === 'primary-key';
  const named = name === undefined ? [] : [constraintKey(table, name)];
  if (!isKey) return named;
  const index = name === undefined ? [] : [indexKey({ schema: table.schema, name })];
  return [...named, ...index, uniqueKey(table, columns)];
}

function neededBy(operation: Operation): ObjectKey[] {
  const own =
    'table' in operation && operation.table && operation.kind !== 'create-table'
      ? [tableKey(operation.table)]
      : [];
  switch (operation.kind) {
    case 'alter-type':
    case 'set-default':
    case 'drop-default':
    case 'set-expression':
    case 'set-not-null':
    case 'drop-not-null':
    case 'add-identity':
    case 'drop-column':
      return [...own, columnKey(operation.table, operation.column)];
    case 'add-constraint':
      return [...own, ...neededByConstraint(operation.table, operation.constraint)];
    case 'create-table':
      return operation.constraints.flatMap((constraint) => neededByConstraint(operation.table, constraint));
    case 'create-index':
      return [
        ...own,
        ...operation.columns.flatMap((column) =>
          column === undefined ? [] : [columnKey(operation.table, column)],
        ),
      ];
    case 'alter-policy':
      return [...own, policyKey(operation.table, operation.name)];
    default:
      return own;
  }
}

function neededByConstraint(table: TableRef, constraint: Constraint): ObjectKey[] {
  const columns = constraint.columns.map((column) => columnKey(table, column));
  if (constraint.type !== 'foreign-key') return columns;
  const { references, refColumns } = constraint;
  return [
    ...columns,
    tableKey(references),
    ...refColumns.map((column) => columnKey(references, column)),
    ...(refColumns.length === 0 ? [] : [uniqueKey(references, refColumns)]),
  ];
}

function droppedBy(operation: Operation): ObjectKey[] {
  switch (operation.kind) {
    case 'drop-table':
      return [tableKey(operation.table)];
    case 'drop-view':
      return [tableKey(operation.view)];
    case 'drop-column':
      return [columnKey(operation.table, operation.column)];
    case 'drop-constraint':
      return [
        constraintKey(operation.table, operation.name),
        indexKey({ schema: operation.table.schema, name: operation.name }),
      ];
    case 'drop-index':
      return [indexKey(operation.index)];
    case 'drop-policy':
      return [policyKey(operation.table, operation.name)];
    case 'drop-type':
      return [typeKey(operation.type)];
    default:
      return [];
  }
}

/** Types, relations, and columns of these that stand anywhere in a statement: in expressions, queries, predicates. */
function namedIn(node: Node): ObjectKey[] {
  const relations: TableRef[] = [];
  const columns: string[] = [];
  const types: TableRef[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (key === 'RangeVar' || key === 'relation' || key === 'table') addRelation(child);
      if (key === 'ColumnRef') columns.push(...lastString(child));
      if (key === 'TypeName' || key === 'typeName') addType(child);
      visit(child);
    }
  };
  const addRelation = (value: unknown): void => {
    const { schemaname, relname } = value as { schemaname?: string; relname?: string };
    if (relname !== undefined) relations.push({ schema: schemaname, name: relname });
  };
  const addType = (value: unknown): void => {
    const names = stringsOf((value as { names?: unknown }).names);
    if (names.length > 0 && names[0] !== 'pg_catalog')
      types.push({ schema: names.at(-2), name: names.at(-1) ?? '' });
  };
  visit(node);
  const made = 'CreateStmt' in node ? node.CreateStmt.relation : undefined;
  return [
    ...relations
      .filter(({ name, schema }) => name !== made?.relname || schema !== made.schemaname)
      .flatMap((table) => [tableKey(table), ...columns.map((column) => columnKey(table, column))]),
    ...types.map(typeKey),
  ];
}

function lastString(columnRef: unknown): string[] {
  return stringsOf((columnRef as { fields?: unknown }).fields).slice(-1);
}

function stringsOf(nodes: unknown): string[] {
  return (Array.isArray(nodes) ? nodes : []).flatMap((node: { String?: { sval?: string } }) =>
    node.String?.sval === undefined ? [] : [node.String.sval],
  );
}
