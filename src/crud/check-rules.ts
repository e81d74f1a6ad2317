import type { Node } from 'libpg-query';
import { parseExpression } from '../postgres/expression.ts';
import { SqlFragmentError } from '../postgres/sql.ts';
import { stringOf } from '../postgres/type.ts';
import type { FieldRules } from './domain.ts';

/**
 * What a CHECK says about single columns, as far as it is one of the usual forms: a list of values, a bound of a number or
 * of a length, several of these joined by AND. Whatever else it says, Postgres still checks. `await loadSqlParser()` first.
 *
 * @example rulesOfCheck("price >= 0 AND status IN ('a', 'b')") // price → { min: 0 }, status → { values: ['a', 'b'] }
 */
export function rulesOfCheck(expression: string): ReadonlyMap<string, FieldRules> {
  const rules = new Map<string, FieldRules>();
  for (const each of conjunctsOf(expression)) {
    const found = ruleOf(each);
    if (found) rules.set(found.column, { ...rules.get(found.column), ...found.rule });
  }
  return rules;
}

/** Pairs of columns of which the first must be less than the second (or equal). */
export function orderingsOfCheck(
  expression: string,
): readonly (readonly [lesser: string, greater: string])[] {
  return conjunctsOf(expression).flatMap((each) => orderingOf(each) ?? []);
}

/** Whether a CHECK says anything that is neither a rule of one column nor an order of two. */
export function isOpaqueCheck(expression: string): boolean {
  return conjunctsOf(expression).some(
    (each) => !('NullTest' in each) && ruleOf(each) === undefined && orderingOf(each) === undefined,
  );
}

function conjunctsOf(expression: string): readonly Node[] {
  try {
    return conjuncts(parseExpression(expression));
  } catch (error) {
    if (error instanceof SqlFragmentError) return [];
    throw error;
  }
}

function orderingOf(node: Node): readonly [readonly [string, string]] | undefined {
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return undefined;
  const { name, lexpr, rexpr } = node.A_Expr;
  const [left, right] = [lexpr && columnOf(lexpr), rexpr && columnOf(rexpr)];
  const operator = (name ?? []).map(stringOf).join('');
  if (left === undefined || right === undefined) return undefined;
  if (operator === '<' || operator === '<=') return [[left, right]];
  return operator === '>' || operator === '>=' ? [[right, left]] : undefined;
}

interface ColumnRule {
  readonly column: string;
  readonly rule: FieldRules;
}

function conjuncts(node: Node): readonly Node[] {
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR')
    return (node.BoolExpr.args ?? []).flatMap(conjuncts);
  return [node];
}

function ruleOf(node: Node): ColumnRule | undefined {
  if (!('A_Expr' in node)) return undefined;
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  const operator = (name ?? []).map(stringOf).join('');
  if (lexpr === undefined || rexpr === undefined) return undefined;
  if (kind === 'AEXPR_IN' && operator === '=') return listRule(lexpr, listItems(rexpr));
  if (kind === 'AEXPR_OP_ANY' && operator === '=') return listRule(lexpr, arrayItems(rexpr));
  if (kind === 'AEXPR_BETWEEN') return betweenRule(lexpr, listItems(rexpr) ?? []);
  if (kind !== 'AEXPR_OP') return undefined;
  if (operator === '~') return patternRule(lexpr, rexpr);
  return boundRule(operator, lexpr, rexpr) ?? boundRule(FLIPPED[operator] ?? '', rexpr, lexpr);
}

const FLIPPED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function listRule(left: Node, items: readonly Node[] | undefined): ColumnRule | undefined {
  const column = columnOf(left);
  const values = items?.map(textOf);
  if (column === undefined || values === undefined || !values.every((value) => value !== undefined))
    return undefined;
  return { column, rule: { values } };
}

/** What only Postgres' regular expressions have: classes by name, and its own escapes. */
const POSTGRES_ONLY = /\[\[[:.=]|\\[yYmMAZ]|^\*\*\*|^\(\?/;

function patternRule(left: Node, right: Node): ColumnRule | undefined {
  const [column, pattern] = [columnOf(left), textOf(right)];
  if (column === undefined || pattern === undefined || POSTGRES_ONLY.test(pattern)) return undefined;
  try {
    return { column, rule: { pattern: RegExp(pattern, 'u').source } };
  } catch {
    return undefined;
  }
}

function betweenRule(left: Node, [low, high]: readonly Node[]): ColumnRule | undefined {
  const column = columnOf(left);
  const [min, max] = [low && numberOf(low), high && numberOf(high)];
  return column === undefined || min === undefined || max === undefined
    ? undefined
    : { column, rule: { min, max } };
}

/** Open bounds are left to Postgres, save those of lengths: `> 0` of a number may be any fraction. */
function boundRule(operator: string, left: Node, right: Node): ColumnRule | undefined {
  const bound = numberOf(right);
  if (bound === undefined) return undefined;
  const measured = lengthOf(left);
  if (measured !== undefined) {
    const rule = lengthRule(operator, bound);
    return rule && { column: measured, rule };
  }
  const column = columnOf(left);
  if (column === undefined) return undefined;
  if (operator === '>=') return { column, rule: { min: bound } };
  return operator === '<=' ? { column, rule: { max: bound } } : undefined;
}

function lengthRule(operator: string, bound: number): FieldRules | undefined {
  switch (operator) {
    case '>=':
      return { minLength: bound };
    case '>':
      return { minLength: bound + 1 };
    case '<=':
      return { maxLength: bound };
    case '<':
      return { maxLength: bound - 1 };
    default:
      return undefined;
  }
}

function withoutCast(node: Node): Node {
  return 'TypeCast' in node && node.TypeCast.arg ? withoutCast(node.TypeCast.arg) : node;
}

function columnOf(node: Node): string | undefined {
  const inner = withoutCast(node);
  if (!('ColumnRef' in inner)) return undefined;
  return (inner.ColumnRef.fields ?? []).map(stringOf).at(-1);
}

function lengthOf(node: Node): string | undefined {
  if (!('FuncCall' in node)) return undefined;
  const { funcname, args } = node.FuncCall;
  const isLength = /^(char(acter)?_)?length$/.test((funcname ?? []).map(stringOf).at(-1) ?? '');
  const [argument] = args ?? [];
  return isLength && args?.length === 1 && argument ? columnOf(argument) : undefined;
}

function listItems(node: Node): readonly Node[] | undefined {
  return 'List' in node ? (node.List.items ?? []) : undefined;
}

function arrayItems(node: Node): readonly Node[] | undefined {
  const inner = withoutCast(node);
  return 'A_ArrayExpr' in inner ? (inner.A_ArrayExpr.elements ?? []) : undefined;
}

function textOf(node: Node): string | undefined {
  const inner = withoutCast(node);
  return 'A_Const' in inner ? inner.A_Const.sval?.sval : undefined;
}

function numberOf(node: Node): number | undefined {
  const inner = withoutCast(node);
  if ('A_Expr' in inner) {
    const { name, lexpr, rexpr } = inner.A_Expr;
    const value =
      lexpr === undefined && rexpr && (name ?? []).map(stringOf).join('') === '-'
        ? numberOf(rexpr)
        : undefined;
    return value === undefined ? undefined : -value;
  }
  if (!('A_Const' in inner)) return undefined;
  const { ival, fval, sval, isnull } = inner.A_Const;
  if (isnull) return undefined;
  if (ival) return ival.ival ?? 0;
  const text = fval?.fval ?? sval?.sval;
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
