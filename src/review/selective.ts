import type { Node } from 'libpg-query';

/**
 * Whether a WHERE picks rows: a comparison, BETWEEN, IN or LIKE on a column somewhere that every row must pass. IS NULL,
 * constants and what stands beside an OR that lets everything through do not: they are what an unbatched backfill says.
 */
export function isSelective(where: Node | undefined): boolean {
  if (where === undefined) return false;
  if ('BoolExpr' in where) {
    const { boolop, args = [] } = where.BoolExpr;
    if (boolop === 'AND_EXPR') return args.some(isSelective);
    if (boolop === 'OR_EXPR') return args.every(isSelective);
    return false;
  }
  if ('A_Expr' in where) {
    const { kind, name = [], lexpr, rexpr } = where.A_Expr;
    const [operator] = name.flatMap((part) => ('String' in part ? [part.String.sval] : []));
    // A difference lets nearly everything through.
    if (kind === 'AEXPR_DISTINCT' || operator === '<>' || operator === '!=') return false;
    return [lexpr, rexpr].some(hasColumn);
  }
  return 'SubLink' in where;
}

function hasColumn(node: Node | undefined): boolean {
  return node !== undefined && JSON.stringify(node).includes('"ColumnRef"');
}
