import type { A_Const, Node } from 'libpg-query';
import { normalise } from './normalise.ts';
import { parseTableElements, SqlFragmentError } from './parser.ts';
import { type PgType, readTypeName, stringOf } from './type.ts';

/** What kind of thing an expression is, as far as an ORM's builder has a word for it. */
export type SqlExpression =
  | { readonly kind: 'string'; readonly value: string; readonly cast?: PgType }
  /** `text` without leading plus or digit separators: `-1`, `0.5`. */
  | { readonly kind: 'number'; readonly text: string; readonly cast?: PgType }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly cast?: PgType }
  | { readonly kind: 'null'; readonly cast?: PgType }
  /** A plain call with plain arguments; `name` as Postgres folds it, with its schema unless pg_catalog. */
  | { readonly kind: 'call'; readonly name: string; readonly args: number }
  /** CURRENT_TIMESTAMP, CURRENT_DATE, LOCALTIME, CURRENT_USER … */
  | { readonly kind: 'keyword'; readonly name: string }
  | { readonly kind: 'other' };

/**
 * The syntax tree of one expression, as in CHECK (…).
 * Throws SqlFragmentError when the text is not exactly one expression.
 */
export function parseExpression(text: string): Node {
  const elements = parseTableElements({ head: 'CREATE TABLE t (CHECK (', tail: '))' }, text);
  const node = elements[0];
  const expression = node !== undefined && 'Constraint' in node ? node.Constraint.raw_expr : undefined;
  if (elements.length !== 1 || expression === undefined) throw new SqlFragmentError('not one expression', 0);
  return expression;
}

/**
 * Says what an expression is. Throws SqlFragmentError when it is none.
 *
 * @example classifyExpression("'a'::text") // { kind: 'string', value: 'a', cast: { name: 'text', … } }
 */
export function classifyExpression(text: string): SqlExpression {
  return classify(parseExpression(text));
}

/**
 * Whether two expressions are the same once written the same way: parentheses, case, casts of literals,
 * `now()` for CURRENT_TIMESTAMP, `0` for `'0'::numeric`, and the table's own name before a column make no difference.
 * A text that is no expression is the same only as itself.
 */
export function sameExpression(a: string, b: string, options: { readonly table?: string } = {}): boolean {
  if (a.trim() === b.trim()) return true;
  const [left, right] = [expressionKey(a, options.table), expressionKey(b, options.table)];
  return left !== undefined && left === right;
}

/** The same of a tree that is there already, and a text. */
export function sameExpressionAs(node: Node, text: string, table?: string): boolean {
  return JSON.stringify(normalise(node, table)) === expressionKey(text, table);
}

/** The names of the columns that an expression refers to, each once, in order. Throws SqlFragmentError. */
export function columnsOf(expression: string): string[] {
  const found = new Set<string>();
  collectColumns(parseExpression(expression), found);
  return [...found];
}

function expressionKey(text: string, table: string | undefined): string | undefined {
  try {
    return JSON.stringify(normalise(parseExpression(text), table));
  } catch (error) {
    if (error instanceof SqlFragmentError) return undefined;
    throw error;
  }
}

/** Says what the node of an expression is. */
export function classify(node: Node): SqlExpression {
  if ('A_Const' in node) return classifyConstant(node.A_Const);
  if ('TypeCast' in node) return classifyCast(node.TypeCast);
  if ('SQLValueFunction' in node) {
    return {
      kind: 'keyword',
      name: String(node.SQLValueFunction.op)
        .replace(/^SVFOP_/, '')
        .replace(/_N$/, ''),
    };
  }
  if ('FuncCall' in node) return classifyCall(node.FuncCall);
  return { kind: 'other' };
}

function classifyConstant(node: A_Const): SqlExpression {
  if (node.isnull === true) return { kind: 'null' };
  if (node.boolval) return { kind: 'boolean', value: node.boolval.boolval === true };
  if (node.sval) return { kind: 'string', value: node.sval.sval ?? '' };
  if (node.ival) return { kind: 'number', text: String(node.ival.ival ?? 0) };
  if (node.fval) return { kind: 'number', text: node.fval.fval ?? '0' };
  return { kind: 'other' };
}

function classifyCast(node: Extract<Node, { TypeCast: unknown }>['TypeCast']): SqlExpression {
  if (node.arg === undefined || node.typeName === undefined) return { kind: 'other' };
  const inner = classify(node.arg);
  if (inner.kind === 'call' || inner.kind === 'keyword' || inner.kind === 'other' || inner.cast)
    return { kind: 'other' };
  return { ...inner, cast: readTypeName(node.typeName) };
}

function classifyCall(node: Extract<Node, { FuncCall: unknown }>['FuncCall']): SqlExpression {
  const plain =
    !node.agg_star && !node.agg_distinct && !node.agg_filter && !node.over && !node.agg_order?.length;
  if (!plain || node.func_variadic === true) return { kind: 'other' };
  const names = (node.funcname ?? []).map(stringOf).filter((name) => name !== 'pg_catalog');
  return { kind: 'call', name: names.join('.'), args: node.args?.length ?? 0 };
}

function collectColumns(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) return node.forEach((item) => collectColumns(item, found));
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    const name = key === 'ColumnRef' ? columnName(value) : undefined;
    if (name !== undefined) found.add(name);
    else collectColumns(value, found);
  }
}

function columnName(reference: { fields?: Node[] }): string | undefined {
  const last = reference.fields?.at(-1);
  return last === undefined || !('String' in last) ? undefined : stringOf(last);
}
