import { TableplanError } from '../../errors.ts';
import { displayName } from '../../plan/database-schema.ts';
import { checkText, indexText, uniqueText } from './constraint-text.ts';
import type { CodeStyle, Run } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import { type ConstraintPlace, findCheck, findIndex, findUnique } from './find-constraint.ts';
import { goneMembers } from './inverse.ts';
import { insertClassDecorators, removeDecorator } from './member-edit.ts';
import type { ClassModel, DecoratorModel, MemberModel } from './model.ts';
import { columnUnique } from './new-members.ts';
import { withOption } from './options.ts';
import { decoratorNamed } from './read.ts';

/** Takes dropped indexes and constraints out of a class. Throws `schema-not-editable` for one that is not in it. */
export function dropConstraints(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  source: ClassModel,
  gone: Set<DecoratorModel>,
): void {
  const names = goneMembers(draft);
  const take = (
    place: ConstraintPlace | undefined,
    what: string,
    columns: readonly ColumnDraft[] = [],
  ): void => {
    // Made by a migration alone, and gone with its column.
    if (place === undefined && columns.some(({ isDropped }) => isDropped)) return;
    if (place === undefined)
      throw refuse(
        draft,
        `${what} of ${displayName(draft.name)} is not written in ${source.name}`,
        'It may come from a base class, or from a migration alone. Drop it there by hand, and leave it out of the plan.',
      );
    if (place.kind !== 'class' && names.has(place.member.name)) return;
    if (place.kind === 'option')
      run.editing.rewrite(source.file.path, place.decorator, (text) =>
        withOption(text, 'unique', undefined, { eol: codeStyle.style.eol, without: 'false' }),
      );
    else {
      gone.add(place.decorator);
      run.editing.edit(source.file.path, removeDecorator(source.file, place.decorator));
    }
  };
  for (const dropped of draft.droppedIndexes)
    take(findIndex(draft, source, dropped), `the index ${dropped.index.name}`, dropped.columns);
  for (const dropped of draft.droppedUniques) {
    const place = findUnique(draft, source, dropped);
    const isOneToOne = draft.relations.some(
      ({ relation, columns }) => relation?.kind === 'one-to-one' && columns[0] === dropped.columns[0],
    );
    if (place !== undefined || !isOneToOne)
      take(place, `the unique constraint ${dropped.unique.name}`, dropped.columns);
  }
  for (const check of draft.droppedChecks) take(findCheck(source, check), `the check ${check.name}`);
}

/** Writes new indexes and constraints: above the class, above a property, or as an option of a column. */
export function addConstraints(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  source: ClassModel,
  gone: ReadonlySet<DecoratorModel>,
): void {
  const path = source.file.path;
  const { eol } = codeStyle.style;
  const above: string[] = [];
  for (const { index, columns } of draft.addedIndexes) {
    const member = columns.length === 1 ? memberOf(draft, source, columns[0]!) : undefined;
    const isWritten = columns[0]?.column === undefined; // above its new property
    if (
      codeStyle.columns.indexPlace === 'property' &&
      columns.length === 1 &&
      (isWritten || member !== undefined)
    ) {
      if (member !== undefined)
        addIndex(run, codeStyle, source, member, indexText(index, undefined, codeStyle.text));
    } else
      above.push(
        indexText(
          index,
          columns.map(({ property }) => property),
          codeStyle.text,
        ),
      );
  }
  for (const { unique, columns } of draft.addedUniques) {
    refuseNulls(unique);
    const [column] = columns;
    const onColumn = column && columnUnique(codeStyle, draft, column);
    const member = column && memberOf(draft, source, column);
    const decorator = member && decoratorNamed(member, /^Column$/);
    const isWritten = column?.column === undefined && !isHeldByRelation(draft, column);
    if (onColumn !== undefined && decorator !== undefined)
      run.editing.rewrite(path, decorator, (text) => withOption(text, 'unique', 'true', { eol }));
    else if (onColumn === undefined || !isWritten)
      above.push(
        uniqueText(
          unique,
          columns.map(({ property }) => property),
          codeStyle.text,
        ),
      );
  }
  above.push(...draft.addedChecks.map((check) => checkText(check, codeStyle.text)));
  if (above.length > 0)
    run.editing.edit(
      path,
      insertClassDecorators(source, above, eol, (each) => !gone.has(each)),
    );
}

/** A column that only its relation writes has no @Column for `unique: true`. */
function isHeldByRelation(draft: EntityDraft, column: ColumnDraft | undefined): boolean {
  return draft.relations.some(
    (each) => column !== undefined && each.columns.includes(column) && each.property === column.property,
  );
}

/** The property of a column that is there, or of the relation that alone makes it. */
function memberOf(draft: EntityDraft, source: ClassModel, column: ColumnDraft): MemberModel | undefined {
  const relation =
    column.column?.isVirtual === true && draft.relations.find((each) => each.columns.includes(column));
  const property = relation ? relation.relation?.property : column.column?.property;
  return source.members.find(({ name }) => name === property);
}

/** Above the property's other decorators, or below them, as the neighbours have it. */
function addIndex(
  run: Run,
  codeStyle: CodeStyle,
  source: ClassModel,
  member: MemberModel,
  decorator: string,
): void {
  const { text } = source.file;
  const last = member.decorators.at(-1);
  const at = member.decorators.find(({ isTypeorm }) => isTypeorm)?.start ?? member.start;
  const lineStart = text.lastIndexOf('\n', member.start - 1) + 1;
  const isOneLine =
    !text.slice(member.start, member.nameSpan.start).includes('\n') && member.decorators.length > 0;
  const between = isOneLine ? ' ' : codeStyle.style.eol + text.slice(lineStart, member.start);
  const edit =
    codeStyle.columns.isIndexLast && last !== undefined
      ? { start: last.end, end: last.end, text: between + decorator }
      : { start: at, end: at, text: decorator + between };
  run.editing.edit(source.file.path, edit);
}

/** What @Unique has no words for. */
export function refuseNulls(unique: { readonly name: string; readonly nullsNotDistinct: boolean }): void {
  if (!unique.nullsNotDistinct) return;
  throw new TableplanError(
    'plan-not-supported',
    `TypeORM cannot express NULLS NOT DISTINCT (${unique.name})`,
    {
      hint: 'Write `raw: true` on the constraint: its SQL is then added to the migration by hand.',
    },
  );
}
