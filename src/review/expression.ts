import { type Node, SqlError } from 'libpg-query';
import { parseSql } from '../postgres/parse.ts';
import { strings } from '../postgres/nodes.ts';

/** The columns that an expression names, once each, in its order; qualified ones by their last name. */
export function columnsOf(expression: Node | undefined): readonly string[] {
  if (expression === undefined) return [];
  const columns = columnsByNode.get(expression) ?? namedIn(expression);
  columnsByNode.set(expression, columns);
  return columns;
}

/** Rules ask again and again. */
const columnsByNode = new WeakMap<Node, readonly string[]>();

function namedIn(expression: Node): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      const column = columnOf(value as Node);
      if (column !== undefined) found.add(column);
      else Object.values(value).forEach(visit);
    }
  };
  visit(expression);
  return [...found];
}

/**
 * Whether rows for which an expression is true or unknown have a value in a column. As Postgres proves it to spare
 * itself the scan of SET NOT NULL: `c IS NOT NULL`, alone or with more under AND, or in every branch of an OR.
 */
export function impliesNotNull(expression: Node | undefined, column: string): boolean {
  if (!expression) return false;
  if ('NullTest' in expression) {
    return expression.NullTest.nulltesttype === 'IS_NOT_NULL' && isColumn(expression.NullTest.arg, column);
  }
  if (!('BoolExpr' in expression)) return false;
  const { boolop, args = [] } = expression.BoolExpr;
  if (boolop === 'AND_EXPR') return args.some((part) => impliesNotNull(part, column));
  if (boolop === 'OR_EXPR') return args.every((part) => impliesNotNull(part, column));
  const [negated] = args;
  if (!negated || !('NullTest' in negated)) return false;
  return negated.NullTest.nulltesttype === 'IS_NULL' && isColumn(negated.NullTest.arg, column);
}

/** Whether rows for which a WHERE is true have no value in a column: `c IS NULL`, alone or with more under AND. */
export function impliesNull(where: Node | undefined, column: string): boolean {
  if (!where) return false;
  if ('NullTest' in where) {
    return where.NullTest.nulltesttype === 'IS_NULL' && isColumn(where.NullTest.arg, column);
  }
  return (
    'BoolExpr' in where &&
    where.BoolExpr.boolop === 'AND_EXPR' &&
    (where.BoolExpr.args ?? []).some((part) => impliesNull(part, column))
  );
}

/** `a IS NOT NULL AND b IS NOT NULL` */
export function notNullTest(columns: readonly string[]): Node {
  const tests = columns.map((sval): Node => {
    const arg: Node = { ColumnRef: { fields: [{ String: { sval } }] } };
    return { NullTest: { arg, nulltesttype: 'IS_NOT_NULL' } };
  });
  return { BoolExpr: { boolop: 'AND_EXPR', args: tests } };
}

/** An expression from its text; undefined where Postgres' parser refuses it. */
export function parseExpression(sql: string): Node | undefined {
  try {
    const statement = parseSql(`SELECT ${sql}`)[0]?.stmt;
    const target = statement && 'SelectStmt' in statement ? statement.SelectStmt.targetList?.[0] : undefined;
    return target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

function isColumn(node: Node | undefined, column: string): boolean {
  return node !== undefined && columnOf(node) === column;
}

function columnOf(node: Node): string | undefined {
  return 'ColumnRef' in node ? strings(node.ColumnRef.fields).at(-1) : undefined;
}
