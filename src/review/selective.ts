import type { Node } from 'libpg-query';
import { strings } from '../postgres/nodes.ts';

export interface Selectivity {
  /** In PL/pgSQL a name may be a variable: a comparison of two names may pick rows too. */
  readonly namesMayBeVariables: boolean;
}

/**
 * Whether a WHERE picks rows: a comparison of a column with a value, BETWEEN, IN or LIKE that every row must pass, or a
 * subquery. IS NULL, `<>`, constants, the condition of a join and what stands beside an OR that lets everything through do
 * not: they are what an unbatched backfill says.
 */
export function isSelective(where: Node | undefined, options: Selectivity): boolean {
  if (where === undefined) return false;
  if ('BoolExpr' in where) {
    const { boolop, args = [] } = where.BoolExpr;
    if (boolop === 'AND_EXPR') return args.some((part) => isSelective(part, options));
    if (boolop === 'OR_EXPR') return args.every((part) => isSelective(part, options));
    return false;
  }
  if ('A_Expr' in where) {
    const { kind, name, lexpr, rexpr } = where.A_Expr;
    // A difference lets nearly everything through.
    if (kind === 'AEXPR_DISTINCT' || strings(name).some((operator) => ['<>', '!='].includes(operator))) {
      return false;
    }
    const sides = [lexpr, rexpr].filter(hasColumn).length;
    return sides === 1 || (sides === 2 && (options.namesMayBeVariables || [lexpr, rexpr].some(hasQuery)));
  }
  if ('CurrentOfExpr' in where) return true;
  return 'SubLink' in where;
}

function hasColumn(node: Node | undefined): boolean {
  return has(node, 'ColumnRef');
}

function hasQuery(node: Node | undefined): boolean {
  return has(node, 'SubLink');
}

function has(tree: unknown, kind: string): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if (kind in tree) return true;
  return Object.values(tree).some((part) => has(part, kind));
}
