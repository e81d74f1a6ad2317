import type { Change } from '../../plan/change.ts';
import { quoteIdentifier, quoteLiteral } from '../../postgres/quote.ts';
import { viewColumnRenames } from './rename-in-queries.ts';
import { applyRenames, invertRenames } from './rename-snapshot.ts';
import type { SnapshotJson } from './snapshot-json.ts';
import { qualifiedName, tableName } from './written-names.ts';

export interface RenameStatements {
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** Those of `up` about columns of views, which no plan says. */
  readonly ofViews: readonly string[];
}

/** The SQL of a plan's renames, and of what follows them in views; `before` and `next` are the snapshots around it. */
export function renameStatements(
  changes: readonly Change[],
  before: SnapshotJson,
  next: SnapshotJson,
): RenameStatements {
  const up: string[] = [];
  const down: string[] = [];
  const ofViews: string[] = [];
  let snapshot = before;
  for (const change of changes) {
    const statement = renameStatement(change);
    if (statement === undefined) continue;
    up.push(statement);
    down.unshift(...invertRenames([change]).flatMap((inverse) => renameStatement(inverse) ?? []));
    if (change.kind === 'rename-column')
      for (const { view, from, to } of viewColumnRenames(snapshot, change, next)) {
        const head = `ALTER ${view.materialized === true ? 'MATERIALIZED ' : ''}VIEW ${qualifiedName(view)} RENAME COLUMN `;
        ofViews.push(`${head}${quoteIdentifier(from)} TO ${quoteIdentifier(to)};`);
        up.push(...ofViews.slice(-1));
        down.unshift(`${head}${quoteIdentifier(to)} TO ${quoteIdentifier(from)};`);
      }
    snapshot = applyRenames(snapshot, [change]);
  }
  return { up, down, ofViews };
}

/** The SQL of a rename; undefined for every other change. */
function renameStatement(change: Change): string | undefined {
  switch (change.kind) {
    case 'rename-table':
      return `ALTER TABLE ${tableName(change.table)} RENAME TO ${quoteIdentifier(change.to)};`;
    case 'rename-column':
      return `ALTER TABLE ${tableName(change.table)} RENAME COLUMN ${quoteIdentifier(change.from)} TO ${quoteIdentifier(change.to)};`;
    case 'rename-enum-value':
      return `ALTER TYPE ${qualifiedName(change.enum)} RENAME VALUE ${quoteLiteral(change.from)} TO ${quoteLiteral(change.to)};`;
    default:
      return undefined;
  }
}
