import { refuseStatementBreak } from './check/statement-break.ts';
import type { ObjectName, ReferentialAction } from './database-schema.ts';
import { type FieldParts, mergeConstraints, type WrittenConstraint } from './field-parts.ts';
import type { PlanField, PlanIndex, PlanPath } from './plan.ts';
import { PlanProblem } from './problem.ts';
import { didYouMean } from './suggest.ts';
import {
  classifyExpression,
  columnsOf,
  parseConstraints,
  parseReference,
  parseType,
  SqlFragmentError,
} from '../postgres/sql.ts';
import type { SqlReference } from '../postgres/constraint.ts';

export type { FieldParts } from './field-parts.ts';

export interface Reference {
  readonly table: ObjectName;
  /** Empty: the primary key of the table. */
  readonly columns: readonly string[];
}

export interface IndexOrder {
  readonly order: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

const ACTIONS: readonly ReferentialAction[] = ['no action', 'restrict', 'cascade', 'set null', 'set default'];

/**
 * Reads one field: its type, its `constraints` and its keys, merged. `path` is where the field stands in the plan.
 * Throws PlanProblem, with the path of the entry that is wrong, for SQL that Postgres refuses and for contradictions.
 * A reference without a schema means the table of that name in `schema`, the plan's own.
 *
 * @example readField({ name: 'id', type: 'UUID', constraints: ['PRIMARY KEY'] }).column.notNull // true
 */
export function readField(field: PlanField, path: PlanPath = [], schema = 'public'): FieldParts {
  const type = readFragment([...path, 'type'], field.type, parseType);
  const written = [
    ...(field.constraints ?? []).flatMap((entry, index) => {
      const at = [...path, 'constraints', index];
      return readFragment(at, entry, parseConstraints).map((constraint) => ({ constraint, path: at }));
    }),
    ...constraintsOfKeys(field, path),
  ];
  written.forEach(checkDefault);
  return mergeConstraints({ name: field.name, type, written, path, schema, description: field.description });
}

/** Reads `references: 'schema.table(column, …)'`, whose names are the database's own, as written. Throws PlanProblem. */
export function readReference(text: string, path: PlanPath = [], schema = 'public'): Reference {
  const reference = readFragment(path, text, parseNames);
  return { table: { schema: reference.schema ?? schema, name: reference.table }, columns: reference.columns };
}

/** Reads an action as people write it, in any case; NO ACTION when there is none. Throws PlanProblem. */
export function readAction(text: string | undefined, path: PlanPath = []): ReferentialAction {
  if (text === undefined) return 'no action';
  const normal = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const action = ACTIONS.find((candidate) => candidate === normal);
  if (action) return action;
  throw new PlanProblem(path, `"${text}" is no action of a foreign key`, {
    hint: didYouMean(normal, ACTIONS),
  });
}

/**
 * Reads the order of an index for each of its `count` columns: one text for all, or one for each.
 * NULLS LAST for asc and NULLS FIRST for desc where nothing is said, as in Postgres. Throws PlanProblem.
 */
export function readIndexOrder(
  order: PlanIndex['order'],
  count: number,
  path: PlanPath = [],
): readonly IndexOrder[] {
  if (order === undefined)
    return Array.from({ length: count }, () => ({ order: 'asc', nulls: 'last' }) as const);
  if (typeof order === 'string') {
    const one = readOrder(order, path);
    return Array.from({ length: count }, () => one);
  }
  if (order.length !== count) {
    throw new PlanProblem(path, `order has ${order.length} entries for ${count} fields`, {
      hint: 'Write one text for all, or one for each field.',
    });
  }
  return order.map((text, index) => readOrder(text, [...path, index]));
}

/** Runs a reader of SQL over the text at a path: its error becomes a PlanProblem there, at the offset. */
export function readFragment<Read>(path: PlanPath, text: string, read: (text: string) => Read): Read {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof SqlFragmentError)
      throw new PlanProblem(path, `${labelOf(path)}: ${error.message}`, { offset: error.offset });
    throw error;
  }
}

function readOrder(text: string, path: PlanPath): IndexOrder {
  const match = /^(asc|desc)?(?:\s*\bnulls\s+(first|last))?$/i.exec(text.trim().replaceAll(/\s+/g, ' '));
  const [, order, nulls] = match ?? [];
  if (!match || text.trim() === '') {
    throw new PlanProblem(path, `"${text}" is no order of an index`, {
      hint: "Write 'asc' or 'desc', with 'nulls first' or 'nulls last' behind it if needed.",
    });
  }
  const direction = order?.toLowerCase() === 'desc' ? 'desc' : 'asc';
  const last = nulls === undefined ? direction === 'asc' : nulls.toLowerCase() === 'last';
  return { order: direction, nulls: last ? 'last' : 'first' };
}

/** The keys of a field say the same as constraints do; each keeps the path of its key. */
function constraintsOfKeys(field: PlanField, path: PlanPath): WrittenConstraint[] {
  return [
    ...nullableKey(field, path),
    ...defaultKey(field, path),
    ...uniqueKey(field, path),
    ...checkKey(field, path),
    ...referencesKey(field, path),
  ];
}

function nullableKey(field: PlanField, path: PlanPath): WrittenConstraint[] {
  if (field.nullable === undefined) return [];
  return [
    { constraint: { kind: field.nullable ? 'null' : 'not-null', offset: 0 }, path: [...path, 'nullable'] },
  ];
}

function uniqueKey(field: PlanField, path: PlanPath): WrittenConstraint[] {
  if (field.unique !== true) return [];
  return [{ constraint: { kind: 'unique', nullsNotDistinct: false, offset: 0 }, path: [...path, 'unique'] }];
}

function defaultKey(field: PlanField, path: PlanPath): WrittenConstraint[] {
  if (field.default === undefined) return [];
  const at = [...path, 'default'];
  return [
    { constraint: { kind: 'default', expression: readDefault(field.default, at), offset: 0 }, path: at },
  ];
}

/** Reads the value of a `default` key: a SQL expression, as DEFAULT takes it. Throws PlanProblem. */
export function readDefault(value: string | number | boolean, path: PlanPath = []): string {
  const text = String(value);
  if (text.trim() === '')
    throw new PlanProblem(path, 'default: empty', { hint: `For an empty text write "''".` });
  const read = readFragment(path, text, (fragment) => {
    const head = 'DEFAULT ';
    try {
      return parseConstraints(`${head}${fragment}`);
    } catch (error) {
      if (!(error instanceof SqlFragmentError)) throw error;
      throw new SqlFragmentError(error.message, Math.max(0, error.offset - head.length));
    }
  });
  const [only] = read;
  if (read.length === 1 && only?.kind === 'default') {
    checkDefault({ constraint: only, path });
    return only.expression;
  }
  throw new PlanProblem(path, 'default: more than an expression', {
    hint: 'Other constraints go under constraints.',
  });
}

function checkDefault({ constraint, path }: WrittenConstraint): void {
  if (constraint.kind !== 'default') return;
  refuseHiddenBreak(constraint.expression, path);
  refuseColumnInDefault(constraint, path);
}

/** Postgres refuses it too, but only later; most often the quotes of a text are missing. */
function refuseColumnInDefault(
  constraint: Extract<WrittenConstraint['constraint'], { kind: 'default' }>,
  path: PlanPath,
): void {
  const [column] = columnsOf(constraint.expression);
  if (column === undefined) return;
  const hint = `For the text write it in the quotes of SQL: "'${column}'".`;
  throw new PlanProblem(path, `a default cannot refer to a column (${column})`, {
    offset: constraint.offset,
    hint,
  });
}

/** A default that is a text goes into the source as the text that it means, without its escapes. */
function refuseHiddenBreak(expression: string, path: PlanPath): void {
  const read = readFragment(path, expression, classifyExpression);
  if (read.kind === 'string') refuseStatementBreak(read.value, path, expression);
}

function checkKey(field: PlanField, path: PlanPath): WrittenConstraint[] {
  if (field.check === undefined) return [];
  const at = [...path, 'check'];
  readFragment(at, field.check, classifyExpression);
  return [{ constraint: { kind: 'check', expression: field.check.trim(), offset: 0 }, path: at }];
}

function referencesKey(field: PlanField, path: PlanPath): WrittenConstraint[] {
  if (field.references === undefined) {
    const key =
      field.on_delete !== undefined ? 'on_delete' : field.on_update !== undefined ? 'on_update' : undefined;
    if (key === undefined) return [];
    throw new PlanProblem([...path, key], `${key} without references`, {
      key,
      hint: "Say what it refers to: references: 'table(column)'.",
    });
  }
  const at = [...path, 'references'];
  const constraint = {
    kind: 'references',
    reference: readFragment(at, field.references, parseNames),
    onDelete: readAction(field.on_delete, [...path, 'on_delete']),
    onUpdate: readAction(field.on_update, [...path, 'on_update']),
    offset: 0,
  } as const;
  return [{ constraint, path: at }];
}

const NAME = String.raw`[\p{L}_][\p{L}\p{N}_$]*`;
const PLAIN_REFERENCE = new RegExp(
  String.raw`^\s*(?:${NAME}\s*\.\s*)?${NAME}\s*(?:\(\s*${NAME}(?:\s*,\s*${NAME})*\s*\))?\s*$`,
  'u',
);

/** Not folded as SQL would fold `Chat(id)`, and no word of SQL's own (`user`): else they would have to be quoted. */
function parseNames(text: string): SqlReference {
  const isPlain = PLAIN_REFERENCE.test(text);
  return parseReference(isPlain ? text.replaceAll(new RegExp(NAME, 'gu'), '"$&"') : text);
}

/** What a path points at, in the words of the plan: `type`, `constraints`, `check` … */
function labelOf(path: PlanPath): string {
  const word = path.findLast((part) => typeof part === 'string');
  return String(word ?? 'SQL');
}
