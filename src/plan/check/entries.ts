import { indexElement } from '../../postgres/index-element.ts';
import { columnsOf } from '../../postgres/sql.ts';
import { readAction, readFragment, readIndexOrder, readReference, type Reference } from '../fragments.ts';
import type { PlanCheck, PlanForeignKey, PlanIndex, PlanPath, PlanUnique } from '../plan.ts';
import { PlanProblem } from '../problem.ts';
import { needColumn, needDistinct, needName } from './need.ts';

/** What is known of a table where its entries are checked. `columns`: all of them, known only for a new table. */
export interface TableContext {
  readonly table: string;
  readonly schema: string;
  readonly columns: readonly string[] | undefined;
}

/** Throws PlanProblem unless an index is whole: fields or an expression, an order that fits, a predicate that parses. */
export function checkIndex(index: PlanIndex, path: PlanPath, context: TableContext): void {
  needOneOf(path, { fields: index.fields, expression: index.expression });
  needFields([...path, 'fields'], index.fields, context);
  needFields([...path, 'include'], index.include, context);
  needName([...path, 'name'], index.name);
  needName([...path, 'using'], index.using);
  needName([...path, 'opclass'], index.opclass);
  if (index.opclass !== undefined && index.fields !== undefined && index.order !== undefined)
    throw new PlanProblem([...path, 'opclass'], 'opclass goes with fields alone, not with order');
  refuseClassInExpression([...path, 'expression'], index.expression);
  checkExpression([...path, 'expression'], index.expression, context);
  checkExpression([...path, 'where'], index.where, context);
  readIndexOrder(index.order, index.fields?.length ?? 1, [...path, 'order']);
  if (index.type === 'unique' && index.using !== undefined && index.using !== 'btree') {
    throw new PlanProblem([...path, 'using'], `a unique index is a btree, not ${index.using}`);
  }
}

/** `lower(title) text_pattern_ops`: an expression, and what an index says of it besides. */
function refuseClassInExpression(path: PlanPath, expression: string | undefined): void {
  if (expression === undefined) return;
  const read = indexElement(expression.trim());
  const keys = [
    ...(read.opclass === undefined ? [] : [`opclass: ${read.opclass}`]),
    ...(read.order === undefined ? [] : [`order: '${read.order}'`]),
  ];
  if (keys.length === 0) return;
  throw new PlanProblem(path, `expression: "${expression}" is more than an expression`, {
    hint: `Write expression: ${read.expression} with ${keys.join(' and ')} beside it.`,
  });
}

/** Throws PlanProblem unless a foreign key is whole: field or fields, and as many columns on the other side. */
export function checkForeignKey(key: PlanForeignKey, path: PlanPath, context: TableContext): void {
  needOneOf(path, { field: key.field, fields: key.fields });
  const fields = foreignKeyFields(key);
  if (key.field !== undefined) needField([...path, 'field'], key.field, context);
  needFields([...path, 'fields'], key.fields, context);
  needName([...path, 'name'], key.name);
  checkReference(
    [...path, 'references'],
    readReference(key.references, [...path, 'references'], context.schema),
    fields.length,
    context,
  );
  readAction(key.on_delete, [...path, 'on_delete']);
  readAction(key.on_update, [...path, 'on_update']);
}

/** The columns that a foreign key stands on. */
export function foreignKeyFields(key: Pick<PlanForeignKey, 'field' | 'fields'>): readonly string[] {
  return key.fields ?? (key.field === undefined ? [] : [key.field]);
}

/** Throws PlanProblem unless the reference has as many columns as the key, and its own table has them. */
export function checkReference(
  path: PlanPath,
  reference: Reference,
  count: number,
  context: TableContext,
): void {
  needName(path, reference.table.schema);
  needName(path, reference.table.name);
  for (const column of reference.columns) needName(path, column);
  if (reference.columns.length > 0 && reference.columns.length !== count) {
    throw new PlanProblem(
      path,
      `${count} ${count === 1 ? 'field refers' : 'fields refer'} to ${reference.columns.length} columns`,
    );
  }
  const itself = reference.table.name === context.table && reference.table.schema === context.schema;
  if (itself && context.columns)
    for (const column of reference.columns) needColumn(path, column, context.columns, context.table);
}

export function checkUnique(unique: PlanUnique, path: PlanPath, context: TableContext): void {
  needFields([...path, 'fields'], unique.fields, context);
  needName([...path, 'name'], unique.name);
}

export function checkCheck(check: PlanCheck, path: PlanPath, context: TableContext): void {
  needName([...path, 'name'], check.name);
  checkExpression([...path, 'expression'], check.expression, context);
}

/** Throws PlanProblem for SQL that is no expression, or that names a column which the new table does not have. */
export function checkExpression(path: PlanPath, expression: string | undefined, context: TableContext): void {
  if (expression === undefined) return;
  const names = readFragment(path, expression, columnsOf);
  if (context.columns) for (const name of names) needColumn(path, name, context.columns, context.table);
}

export function needFields(
  path: PlanPath,
  fields: readonly string[] | undefined,
  context: TableContext,
): void {
  if (fields === undefined) return;
  fields.forEach((field, index) => needField([...path, index], field, context));
  needDistinct(path, fields, 'field');
}

function needField(path: PlanPath, field: string, context: TableContext): void {
  if (context.columns) needColumn(path, field, context.columns, context.table);
  else needName(path, field);
}

function needOneOf(path: PlanPath, keys: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(keys).filter((key) => keys[key] !== undefined);
  const [first, second] = Object.keys(keys);
  if (given.length === 1) return;
  if (given.length > 1)
    throw new PlanProblem(path, `${first} and ${second} together`, {
      key: second,
      hint: `Write one of them.`,
    });
  throw new PlanProblem(path, `${first} or ${second} is missing`);
}
