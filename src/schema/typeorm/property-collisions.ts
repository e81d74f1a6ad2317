import { displayName } from '../../plan/database-schema.ts';
import type { EntityDraft } from './draft.ts';
import { refuse } from './drafts.ts';

/** Two columns that would come to the same property: TypeScript would take it, TypeORM would lose one. */
export function refuseCollisions(draft: EntityDraft): void {
  if (draft.isDropped) return;
  const seen = new Map<string, string>();
  const columns = draft.columns.filter((each) => !each.isDropped && each.column?.isVirtual !== true);
  for (const { property, def } of columns) {
    const other = seen.get(property);
    if (other !== undefined && other !== def.name)
      throw refuse(
        draft,
        `the columns ${other} and ${def.name} of ${displayName(draft.name)} would both be the property ${property}`,
        'Give one of them another name in the plan.',
      );
    seen.set(property, def.name);
  }
  refuseTaken(draft);
}

/** A method or another property of the class has the name already. */
function refuseTaken(draft: EntityDraft): void {
  const { source } = draft;
  if (source?.kind !== 'class') return;
  const columns = new Set(draft.entity?.columns.map(({ property }) => property));
  const relations = new Set(draft.entity?.relations.map(({ property }) => property));
  const members = source.node.members.flatMap((member) => {
    const name = member.name?.getText(source.file.ast);
    return name === undefined || columns.has(name) || relations.has(name)
      ? []
      : [{ name, offset: member.getStart(source.file.ast) }];
  });
  const added = [
    ...draft.columns.filter((each) => each.column === undefined || each.property !== each.column.property),
    ...draft.relations.filter(
      (each) => each.relation === undefined || each.property !== each.relation.property,
    ),
  ].filter(({ isDropped }) => !isDropped);
  for (const { property } of added) {
    const taken = members.find(({ name }) => name === property);
    if (taken === undefined) continue;
    throw refuse(
      draft,
      `${source.name} has a ${property} already, which is no column`,
      'Rename that member, or give the column another name in the plan.',
      taken.offset,
    );
  }
}
