import { toCase } from '../case.ts';
import { pluralName, singularName } from '../word-names.ts';
import { type House, houseOf, type Run } from './context.ts';
import type { EntityDraft, RelationDraft } from './draft.ts';
import { insertMembers, removeMembers } from './member-edit.ts';
import { memberLines } from './member-text.ts';
import { isColumn, isRelation } from './read.ts';
import { inverseMember } from './relation-text.ts';
import { isSameObject } from '../../plan/database-schema.ts';

/** The property that a new relation gets at its other end, where the house has one there; undefined where it has none. */
export function inverseOf(
  { drafts }: Run,
  house: House,
  draft: EntityDraft,
  relation: RelationDraft,
): string | undefined {
  if (!house.relations.hasInverse || relation.foreignKey === undefined) return undefined;
  const target = drafts.find(relation.foreignKey.references);
  if (target === undefined || target.source?.kind === 'schema' || target.source === undefined) return undefined;
  const isSelf = isSameObject(relation.foreignKey.references, draft.name);
  const words = toCase(pluralName(singularName(bareName(draft.exported))), 'camel');
  const taken = new Set(target.source.members.map(({ name }) => name));
  const names = [isSelf ? 'children' : words, `${words}As${toCase(relation.property, 'pascal')}`];
  return names.find((name) => !taken.has(name));
}

/** A class's name without what the house puts behind all of them. */
export function bareName(className: string): string {
  return className.replace(/(Record|Entity|Model|Schema|OrmEntity)$/, '') || className;
}

/** Writes the other sides of a draft's new relations into their classes. */
export function writeInverseSides(run: Run, draft: EntityDraft): void {
  const house = houseOf(draft, run);
  for (const relation of draft.relations) {
    if (relation.relation !== undefined || relation.isDropped) continue;
    const property = inverseOf(run, house, draft, relation);
    const target = relation.foreignKey && run.drafts.find(relation.foreignKey.references);
    if (property !== undefined && target !== undefined) writeInverse(run, draft, relation, { target, property });
  }
}

function writeInverse(
  run: Run,
  draft: EntityDraft,
  relation: RelationDraft,
  { target, property }: { readonly target: EntityDraft; readonly property: string },
): void {
  const { source } = target;
  if (source?.kind !== 'class') return;
  const house = houseOf(target, run);
  const className =
    target.path === draft.path
      ? draft.exported
      : run.editing.needImport(target.path, { from: { path: draft.path }, name: draft.exported });
  const member = inverseMember({
    property,
    className,
    owner: relation.property,
    habit: house.relations,
    members: house.members,
    context: house.text,
  });
  const gone = goneMembers(target);
  const kept = source.members.filter((each) => !gone.has(each.name));
  const anchor = kept.findLast(isRelation) ?? kept.findLast(isColumn);
  const lines = memberLines(member, house.members, house.style);
  const { eol } = house.style;
  run.editing.edit(
    target.path,
    insertMembers(source, anchor, [lines], { eol, isApart: house.members.isApart }),
  );
}

/** Members of a draft's own class that go. */
export function goneMembers(draft: EntityDraft): ReadonlySet<string> {
  const columns = draft.columns.filter((each) => each.isDropped && each.column?.isVirtual === false);
  const relations = draft.relations.filter((each) => each.isDropped && each.relation !== undefined);
  return new Set([
    ...columns.map((each) => each.column!.property),
    ...relations.map((each) => each.relation!.property),
  ]);
}

/** Takes out the other sides of relations that go: of one key, or of all of an entity that is dropped. */
export function removeInverseSides(run: Run, draft: EntityDraft): void {
  const { entity } = draft;
  if (entity === undefined) return;
  const owners = draft.isDropped
    ? draft.relations
    : draft.relations.filter((each) => each.isDropped && each.relation !== undefined);
  for (const other of run.entities.all) {
    const source = run.entities.find(other);
    if (source?.kind !== 'class') continue;
    const otherDraft = run.drafts.all.find((each) => each.entity === other);
    if (otherDraft?.isDropped === true || (draft.isDropped && other === entity)) continue;
    const sides = other.relations.filter(
      (side) =>
        side.target === entity.name &&
        side.joinColumns.length === 0 &&
        (draft.isDropped
          ? side.kind !== 'many-to-many'
          : owners.some(({ relation }) => relation!.target === other.name && side.inverse === relation!.property)),
    );
    const members = source.members.filter((member) => sides.some(({ property }) => property === member.name));
    for (const edit of removeMembers(source, members)) run.editing.edit(source.file.path, edit);
  }
}
