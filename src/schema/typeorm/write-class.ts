import { displayName } from '../../plan/database-schema.ts';
import { stringLiteral } from '../literals.ts';
import { editColumn } from './column-edit.ts';
import { addConstraints, dropConstraints } from './constraint-edit.ts';
import type { CodeStyle, Run } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { isRenamed } from './draft.ts';
import { refuse } from './drafts.ts';
import { placeOf } from './entities.ts';
import { goneMembers } from './inverse.ts';
import { editKey } from './key-edit.ts';
import { insertMembers, removeMembers } from './member-edit.ts';
import { memberLines } from './member-text.ts';
import type { ClassModel, DecoratorModel, MemberModel } from './model.ts';
import { isLeftAlone, type NewMember, newMembers } from './new-members.ts';
import { withOption } from './options.ts';
import { decoratorNamed, isColumn, isRelation } from './read.ts';
import { editRelations } from './relation-edit.ts';
import { isWrittenBefore, refuseShared } from './shared-columns.ts';
import { argumentsOf, stringOf, withArgument } from './snippet.ts';
import { writtenTable } from './written-table.ts';

/** Writes what becomes of a class that is there. */
export function writeClass(run: Run, codeStyle: CodeStyle, draft: EntityDraft, source: ClassModel): void {
  const gone = new Set<DecoratorModel>();
  nameTable(run, codeStyle, draft, source);
  const members = removeGone(run, draft, source);
  for (const column of draft.columns) {
    refuseUnwritten(draft, column);
    if (isChanged(column)) changeColumn(run, codeStyle, draft, column);
  }
  refuseKeyless(draft);
  editRelations(run, codeStyle, draft, source);
  editKey(run, codeStyle, draft, source);
  dropConstraints(run, codeStyle, draft, source, gone);
  const added = newMembers(run, codeStyle, draft);
  addMembers(run, codeStyle, draft, { source, kept: members, added });
  addConstraints(run, codeStyle, draft, source, gone);
}

function nameTable(run: Run, codeStyle: CodeStyle, draft: EntityDraft, source: ClassModel): void {
  const decorator = decoratorNamed(source, /Entity$/);
  const { eol, quote } = codeStyle.style;
  if (decorator === undefined) return;
  if (draft.comment !== undefined) {
    const text = stringLiteral(draft.comment, quote);
    run.editing.rewrite(source.file.path, decorator, (each) => withOption(each, 'comment', text, { eol }));
  }
  if (draft.entity === undefined || draft.name.name === draft.entity.table.name) return;
  const name = stringLiteral(writtenTable(draft, run.editing.input).name, quote);
  run.editing.rewrite(source.file.path, decorator, (each) => {
    const given = argumentsOf(each) ?? [];
    if (given.length === 0) return withArgument(each, 0, name);
    if (stringOf(given[0]) !== undefined) return withArgument(each, 0, name);
    if (given[0]!.startsWith('{')) return withOption(each, 'name', name, { eol });
    throw refuse(
      draft,
      `the name of the table ${displayName(draft.entity!.table)} is held by a variable`,
      'Change that variable by hand, or write the name in @Entity and run again.',
      decorator.start,
    );
  });
}

/** Takes dropped columns and relations out; gives the members that stay. */
function removeGone(run: Run, draft: EntityDraft, source: ClassModel): readonly MemberModel[] {
  for (const column of draft.columns) {
    if (!column.isDropped || column.column === undefined || column.column.isVirtual) continue;
    const place = ownPlace(run, draft, column);
    if (place.owner !== source && !isWrittenBefore(run, draft, column))
      for (const edit of removeMembers(place.owner, [place.member]))
        run.editing.edit(place.owner.file.path, edit);
  }
  const names = goneMembers(draft);
  const gone = source.members.filter(({ name }) => names.has(name));
  for (const edit of removeMembers(source, gone)) run.editing.edit(source.file.path, edit);
  return source.members.filter((member) => !gone.includes(member));
}

/** A column that neither a property nor a relation makes: a discriminator, what a tree keeps for itself. */
function refuseUnwritten(draft: EntityDraft, column: ColumnDraft): void {
  const { before, def } = column;
  const isHeld = draft.relations.some((each) => each.columns.includes(column));
  const isSame =
    !column.isDropped &&
    before.name === def.name &&
    before.type === def.type &&
    before.notNull === def.notNull &&
    before.default === def.default;
  if (column.column?.isVirtual !== true || isHeld || isSame) return;
  throw refuse(
    draft,
    `no property of ${draft.exported} makes the column ${before.name}: TypeORM adds it by itself`,
    'It is a discriminator, or belongs to a tree. Change the decorator that makes it by hand, and leave it out of the plan.',
  );
}

/** TypeORM takes no entity without a primary column. */
function refuseKeyless(draft: EntityDraft): void {
  const dropped = draft.columns.find((each) => each.isDropped && each.column?.isPrimary === true);
  const hasOther = draft.columns.some(
    (each) =>
      !each.isDropped &&
      (draft.isKeyChanged
        ? draft.primaryKey?.columns.includes(each.def.name) === true
        : each.column?.isPrimary === true),
  );
  if (dropped === undefined || hasOther) return;
  throw refuse(
    draft,
    `${draft.exported} would have no primary column without ${dropped.before.name}, which TypeORM does not take`,
    'Give the table another primary key in the same plan (primary_key: [...]).',
  );
}

function isChanged(column: ColumnDraft): boolean {
  if (column.column === undefined || column.isDropped || column.column.isVirtual) return false;
  const { before, def } = column;
  return (
    isRenamed(column) ||
    column.property !== column.column.property ||
    before.type !== def.type ||
    before.notNull !== def.notNull ||
    before.default !== def.default
  );
}

function changeColumn(run: Run, codeStyle: CodeStyle, draft: EntityDraft, column: ColumnDraft): void {
  if (isWrittenBefore(run, draft, column)) return;
  editColumn(run, codeStyle, draft, column, ownPlace(run, draft, column));
}

/** Where a column stands. Throws `schema-not-editable` for what columns share that the plan leaves as they are. */
function ownPlace(run: Run, draft: EntityDraft, column: ColumnDraft) {
  const known = column.column!;
  const source = draft.source;
  const what = `the column ${column.before.name} of ${displayName(draft.name)}`;
  const place = source?.kind === 'class' ? placeOf(known, source, run.entities) : undefined;
  if (place === undefined)
    throw refuse(
      draft,
      `${what} has no property in ${known.declaredIn} that could be found`,
      'It may be made by a mixin or a decorator of the project. Change it there by hand, and leave it out of the plan.',
    );
  refuseShared(run, draft, column, what);
  return place;
}

interface Adding {
  readonly source: ClassModel;
  readonly kept: readonly MemberModel[];
  readonly added: readonly NewMember[];
}

/** Columns behind the last column; relations with theirs, or behind the last relation, as the project has it. */
function addMembers(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  { source, kept, added }: Adding,
): void {
  const groups = new Map<MemberModel | undefined, string[]>();
  const known = new Set(draft.entity?.columns.filter((each) => !each.isVirtual).map((each) => each.property));
  const isColumnHere = (member: MemberModel) => isColumn(member) || known.has(member.name);
  const isOwning = (member: MemberModel) =>
    draft.entity?.relations.some((each) => each.property === member.name && each.joinColumns.length > 0) ===
    true;
  const lastColumn = lastBeforeDates(kept, isColumnHere);
  const lastPaired = lastBeforeDates(kept, (member) => isColumnHere(member) || isOwning(member));
  const lastRelation = kept.findLast(isRelation);
  const { isAdjacent } = codeStyle.relations;
  for (const { text, relation, column } of added) {
    const former = column && formerPlace(draft, source, column, kept);
    const scalar = relation && kept.find((member) => member.name === relation.columns[0]?.column?.property);
    const anchor =
      former !== undefined
        ? former
        : relation === undefined
          ? isAdjacent
            ? lastPaired
            : lastColumn
          : isAdjacent
            ? (scalar ?? lastPaired)
            : (lastRelation ?? lastColumn);
    groups.set(anchor, [
      ...(groups.get(anchor) ?? []),
      memberLines(text, codeStyle.members, codeStyle.style),
    ]);
  }
  const { eol } = codeStyle.style;
  const { isApart } = codeStyle.members;
  for (const [anchor, lines] of groups)
    run.editing.edit(source.file.path, insertMembers(source, anchor, lines, { eol, isApart }));
}

/** The last of some members; of those that end with the dates of a row the last one above these. */
function lastBeforeDates(
  members: readonly MemberModel[],
  isMeant: (member: MemberModel) => boolean,
): MemberModel | undefined {
  const meant = members.filter(isMeant);
  return meant.findLast((member) => decoratorNamed(member, DATE) === undefined) ?? meant.at(-1);
}

/** What a row has for its own keeping, which classes have at their end. */
const DATE = /^((Create|Update|Delete)DateColumn|VersionColumn)$/;

/** A column that loses its relation takes the place behind which that stood. */
function formerPlace(
  draft: EntityDraft,
  source: ClassModel,
  column: ColumnDraft,
  kept: readonly MemberModel[],
): MemberModel | undefined {
  const relation = draft.relations.find((each) => each.isDropped && each.columns.includes(column))?.relation;
  const at = source.members.findIndex(({ name }) => name === relation?.property);
  return at === -1 || !isLeftAlone(draft, column)
    ? undefined
    : source.members.slice(0, at).findLast((member) => kept.includes(member));
}
