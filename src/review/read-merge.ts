import type { MergeStmt, Node } from 'libpg-query';
import type { Operation } from './operation.ts';
import { tableRef } from './read-parts.ts';

/** What each WHEN of a MERGE does. Rows that stand in the statement itself (USING (VALUES …)) are few. */
export function readMerge(statement: MergeStmt, isLimited: boolean): Operation[] {
  const { relation, sourceRelation, joinCondition, mergeWhenClauses = [] } = statement;
  const table = tableRef(relation);
  const hasValues = isOfValues(sourceRelation);
  return mergeWhenClauses.flatMap((node): Operation[] => {
    if (!('MergeWhenClause' in node)) return [];
    const { matchKind, commandType, condition, targetList = [] } = node.MergeWhenClause;
    // NOT MATCHED BY SOURCE: the rows that the join leaves out.
    const joined = matchKind === 'MERGE_WHEN_MATCHED' ? joinCondition : undefined;
    const where = both(joined, condition);
    const isBatch = isLimited || (hasValues && matchKind === 'MERGE_WHEN_MATCHED');
    switch (commandType) {
      case 'CMD_INSERT':
        return [{ kind: 'insert', table, hasValues }];
      case 'CMD_UPDATE': {
        const columns = targetList.flatMap((target) =>
          'ResTarget' in target && target.ResTarget.name !== undefined ? [target.ResTarget.name] : [],
        );
        return [{ kind: 'update', table, where, columns, isOfAll: false, isBatch, isRepeated: false }];
      }
      case 'CMD_DELETE':
        return [{ kind: 'delete', table, where, columns: [], isOfAll: false, isBatch, isRepeated: false }];
      default:
        return [];
    }
  });
}

function isOfValues(source: Node | undefined): boolean {
  const query = source && 'RangeSubselect' in source ? source.RangeSubselect.subquery : undefined;
  return query !== undefined && 'SelectStmt' in query && (query.SelectStmt.valuesLists ?? []).length > 0;
}

function both(left: Node | undefined, right: Node | undefined): Node | undefined {
  if (!left || !right) return left ?? right;
  return { BoolExpr: { boolop: 'AND_EXPR', args: [left, right] } };
}
