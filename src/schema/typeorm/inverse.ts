import { toCase } from '../case.ts';
import { bareName } from './bare-name.ts';
import { pluralName, singularName } from '../word-names.ts';
import { type CodeStyle, codeStyleOf, type Run } from './context.ts';
import type { EntityDraft, RelationDraft } from './draft.ts';
import { insertMembers, removeMembers } from './member-edit.ts';
import { memberLines, type MemberText } from './member-text.ts';
import { isColumn, isRelation } from './read.ts';
import { inverseMember } from './relation-text.ts';
import { isSameObject } from '../../plan/database-schema.ts';

/** The property that a new relation gets at its other end, where the project has one there; undefined where it has none. */
export function inverseOf(
  { drafts }: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  relation: RelationDraft,
): string | undefined {
  if (!codeStyle.relations.hasInverse || relation.foreignKey === undefined) return undefined;
  const target = drafts.find(relation.foreignKey.references);
  if (target === undefined || target.source?.kind === 'schema') return undefined;
  const isSelf = isSameObject(relation.foreignKey.references, draft.name);
  const words = toCase(pluralName(singularName(bareName(draft.exported))), 'camel');
  const taken = new Set([
    ...(target.source?.members.map(({ name }) => name) ?? []),
    ...target.columns.map(({ property }) => property),
  ]);
  const names = [isSelf ? 'children' : words, `${words}As${toCase(relation.property, 'pascal')}`];
  return names.find((name) => !taken.has(name));
}

/** Writes the other sides of a draft's new relations into their classes. */
export function writeInverseSides(run: Run, draft: EntityDraft): void {
  const codeStyle = codeStyleOf(draft, run);
  for (const relation of draft.relations) {
    if (relation.relation !== undefined || relation.isDropped) continue;
    const property = inverseOf(run, codeStyle, draft, relation);
    const target = relation.foreignKey && run.drafts.find(relation.foreignKey.references);
    if (property !== undefined && target !== undefined)
      writeInverse(run, draft, relation, { target, property });
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
  const codeStyle = codeStyleOf(target, run);
  const member = inverseText(run, codeStyle, draft, relation, { target, property });
  const gone = goneMembers(target);
  const kept = source.members.filter((each) => !gone.has(each.name));
  const anchor = kept.findLast(isRelation) ?? kept.findLast(isColumn);
  const lines = memberLines(member, codeStyle.members, codeStyle.style);
  const { eol } = codeStyle.style;
  run.editing.edit(
    target.path,
    insertMembers(source, anchor, [lines], { eol, isApart: codeStyle.members.isApart }),
  );
}

function inverseText(
  { editing }: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  relation: RelationDraft,
  { target, property }: { readonly target: EntityDraft; readonly property: string },
): MemberText {
  const className =
    target.path === draft.path
      ? draft.exported
      : editing.needImport(target.path, { from: { path: draft.path }, name: draft.exported });
  return inverseMember({
    property,
    className,
    owner: relation.property,
    convention: codeStyle.relations,
    members: codeStyle.members,
    context: codeStyle.text,
  });
}

/** The other sides that a new class has from the start. */
export function inverseMembersOf(run: Run, codeStyle: CodeStyle, target: EntityDraft): readonly MemberText[] {
  return run.drafts.all.flatMap((draft) => {
    const relations = draft.relations.filter(
      ({ relation, foreignKey, isDropped }) =>
        relation === undefined &&
        !isDropped &&
        foreignKey !== undefined &&
        isSameObject(foreignKey.references, target.name),
    );
    return relations.flatMap((relation) => {
      const property = inverseOf(run, codeStyleOf(draft, run), draft, relation);
      return property === undefined
        ? []
        : [inverseText(run, codeStyle, draft, relation, { target, property })];
    });
  });
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
    const otherDraft = run.drafts.all.find((each) => each.entity === other);
    if (otherDraft?.isDropped === true || (draft.isDropped && other === entity)) continue;
    const sides = other.relations.filter(
      (side) =>
        side.target === entity.name &&
        side.joinColumns.length === 0 &&
        (draft.isDropped
          ? side.kind !== 'many-to-many'
          : owners.some(
              ({ relation }) => relation!.target === other.name && side.inverse === relation!.property,
            )),
    );
    const source = sides.length === 0 ? undefined : run.entities.find(other);
    if (source?.kind !== 'class') continue;
    const members = source.members.filter((member) => sides.some(({ property }) => property === member.name));
    for (const edit of removeMembers(source, members)) run.editing.edit(source.file.path, edit);
  }
}
