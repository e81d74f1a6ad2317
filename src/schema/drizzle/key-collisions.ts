import { TableplanError } from '../../errors.ts';
import { displayName } from '../../plan/database-schema.ts';
import type { ColumnDraft, TableDraft } from './draft.ts';
import { refuse } from './find.ts';

/**
 * Throws when two columns of a table would come out under one key of its object: the second would silently replace the
 * first. Asked of the finished drafts, as one change may free the key that another one takes.
 */
export function refuseCollisions(drafts: readonly TableDraft[]): void {
  for (const draft of drafts) {
    if (draft.isDropped) continue;
    const byKey = new Map<string, ColumnDraft>();
    for (const column of draft.columns.filter((each) => !each.isDropped)) {
      const other = byKey.get(column.key);
      byKey.set(column.key, column);
      if (other !== undefined && (isOfPlan(column) || isOfPlan(other))) throw collision(draft, other, column);
    }
  }
}

/** The key comes from the plan; what the source has twice is its own affair. */
function isOfPlan({ origin, key }: ColumnDraft): boolean {
  return origin.kind === 'new' || (origin.kind === 'listed' && origin.column.key !== key);
}

function collision(draft: TableDraft, first: ColumnDraft, second: ColumnDraft): Error {
  const [own, added] = isOfPlan(first) ? [second, first] : [first, second];
  const message = `the columns ${first.def.name} and ${second.def.name} of ${displayName(draft.name)} would both have the key ${second.key} in TypeScript`;
  if (isOfPlan(own))
    return new TableplanError('plan-conflict', message, {
      hint: 'Give one of them a name that differs in more than case and underscores.',
    });
  return refuse(
    draft,
    message,
    `Choose another name than ${added.def.name} in the plan, or call the key of ${own.def.name} otherwise in ${draft.variable} first (the column keeps its name), and run again.`,
    own.origin.kind === 'listed' ? own.origin.column.start : undefined,
  );
}
