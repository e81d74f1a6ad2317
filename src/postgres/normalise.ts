import type { Node, TypeName } from 'libpg-query';
import { comparisonKey, readTypeName, stringOf } from './type.ts';

/** A syntax tree in which what makes no difference is gone: plain data, comparable as JSON. */
type Normal = string | number | boolean | null | readonly Normal[] | { readonly [key: string]: Normal };

/** Where things stood in the text. */
const POSITIONS = new Set([
  'location',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
  'stmt_location',
  'stmt_len',
]);

/** Brings an expression's tree into the form in which equal meanings are equal data. `table`: the table it is about. */
export function normalise(node: Node, table: string | undefined): Normal {
  return visit(node, table);
}

function visit(value: unknown, table: string | undefined): Normal {
  if (Array.isArray(value)) return value.map((item) => visit(item, table));
  if (typeof value !== 'object' || value === null) return value as Normal;
  return special(value as Node, table) ?? visitFields(value, table);
}

function visitFields(value: object, table: string | undefined): Normal {
  const kept = Object.entries(value).filter(([key]) => !POSITIONS.has(key) && key !== 'funcformat');
  return Object.fromEntries(kept.map(([key, child]) => [key, visit(child, table)]));
}

function special(node: Node, table: string | undefined): Normal | undefined {
  if ('A_Const' in node) return { literal: literalText(node) };
  if ('TypeCast' in node) return normaliseCast(node, table);
  if ('ColumnRef' in node) return { column: columnPath(node, table) };
  if ('SQLValueFunction' in node && node.SQLValueFunction.op === 'SVFOP_CURRENT_TIMESTAMP')
    return call('now', []);
  if ('A_Expr' in node) return normaliseOperator(node, table);
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR')
    return { and: conjuncts(node).flatMap((each) => conjunctsOf(visit(each, table))) };
  if ('FuncCall' in node && isPlainCall(node)) {
    const names = (node.FuncCall.funcname ?? []).map(stringOf).filter((name) => name !== 'pg_catalog');
    return call(
      names.join('.'),
      (node.FuncCall.args ?? []).map((argument) => visit(argument, table)),
    );
  }
  return undefined;
}

function isPlainCall(node: Extract<Node, { FuncCall: unknown }>): boolean {
  const { funcname: _name, args: _args, funcformat: _format, location: _location, ...rest } = node.FuncCall;
  return Object.keys(rest).length === 0;
}

function call(name: string, args: readonly Normal[]): Normal {
  return { call: name, args };
}

type Operator = Extract<Node, { A_Expr: unknown }>;

/**
 * Operators as Postgres keeps them: `IN` is `= ANY (ARRAY…)`, `NOT IN` is `<> ALL`, `BETWEEN` two comparisons, `LIKE` the
 * operator `~~`. What has no such other form stays as it is.
 */
function normaliseOperator(node: Operator, table: string | undefined): Normal | undefined {
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  const operator = (name ?? []).map(stringOf).join('');
  const left = lexpr && visit(lexpr, table);
  const compare = (sign: string, right: Normal, quantifier: string | null = null): Normal => ({
    operator: sign,
    left: left ?? null,
    right,
    quantifier,
  });
  switch (kind) {
    case 'AEXPR_OP':
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return rexpr && compare(operator, visit(rexpr, table));
    case 'AEXPR_IN':
      return compare(operator, itemsOf(rexpr, table) ?? null, operator === '=' ? 'any' : 'all');
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL': {
      const quantifier = kind === 'AEXPR_OP_ANY' ? 'any' : 'all';
      return rexpr && compare(operator, itemsOf(rexpr, table) ?? visit(rexpr, table), quantifier);
    }
    case 'AEXPR_BETWEEN': {
      const [low, high] = itemsOf(rexpr, table) ?? [];
      return low === undefined || high === undefined
        ? undefined
        : { and: [compare('>=', low), compare('<=', high)] };
    }
    default:
      return undefined;
  }
}

/** The values of a list in brackets, or of an array that is written out, whatever it is cast to. */
function itemsOf(node: Node | undefined, table: string | undefined): readonly Normal[] | undefined {
  if (node === undefined) return undefined;
  if ('List' in node) return (node.List.items ?? []).map((item) => visit(item, table));
  if ('TypeCast' in node) return itemsOf(node.TypeCast.arg, table);
  return 'A_ArrayExpr' in node
    ? (node.A_ArrayExpr.elements ?? []).map((item) => visit(item, table))
    : undefined;
}

/** `a AND b AND c`, in whatever brackets. */
function conjuncts(node: Node): readonly Node[] {
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR')
    return (node.BoolExpr.args ?? []).flatMap(conjuncts);
  return [node];
}

function conjunctsOf(normal: Normal): readonly Normal[] {
  const parts = typeof normal === 'object' && normal !== null && 'and' in normal ? normal.and : undefined;
  return Array.isArray(parts) ? (parts as readonly Normal[]) : [normal];
}

/** A literal's type comes from where it stands, so `0`, `'0'` and `'0'::numeric` are one. */
function normaliseCast(node: Extract<Node, { TypeCast: unknown }>, table: string | undefined): Normal {
  const { arg, typeName } = node.TypeCast;
  if (arg !== undefined && 'A_Const' in arg) return { literal: literalText(arg) };
  if (arg !== undefined && 'A_ArrayExpr' in arg && !arg.A_ArrayExpr.elements?.length)
    return { literal: '{}' };
  const inner = visit(arg, table);
  if (typeof inner === 'object' && inner !== null && 'literal' in inner) return inner;
  // Postgres casts a varchar to text before it compares it.
  const isColumn = typeof inner === 'object' && inner !== null && 'column' in inner;
  if (isColumn && readTypeName(typeName as TypeName).text === 'text') return inner;
  return { cast: inner, to: comparisonKey(readTypeName(typeName as TypeName)) };
}

function literalText(node: Extract<Node, { A_Const: unknown }>): string | null {
  const constant = node.A_Const;
  if (constant.isnull === true) return null;
  if (constant.boolval) return String(constant.boolval.boolval === true);
  if (constant.ival) return String(constant.ival.ival ?? 0);
  return constant.fval?.fval ?? constant.sval?.sval ?? constant.bsval?.bsval ?? '';
}

function columnPath(node: Extract<Node, { ColumnRef: unknown }>, table: string | undefined): Normal {
  const path = (node.ColumnRef.fields ?? []).map((field) => ('A_Star' in field ? '*' : stringOf(field)));
  const ownTable = path.length > 1 && path.at(-2) === table;
  return ownTable ? path.slice(-1) : path;
}
