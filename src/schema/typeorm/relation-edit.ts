import { stringLiteral } from '../literals.ts';
import { displayName } from '../../plan/database-schema.ts';
import { sameType } from '../../postgres/sql.ts';
import { nullableProperty } from './column-edit.ts';
import { callText } from './member-text.ts';
import type { CodeStyle, Run } from './context.ts';
import type { ColumnDraft, EntityDraft, RelationDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import type { ClassModel, MemberModel } from './model.ts';
import { optionOf, withOption } from './options.ts';
import { decoratorNamed, RELATION } from './read.ts';
import { derivedJoinColumn } from './relation-text.ts';

/** Follows what becomes of the keys of a class's relations: their actions, their columns' names and nullability. */
export function editRelations(run: Run, codeStyle: CodeStyle, draft: EntityDraft, source: ClassModel): void {
  for (const relation of draft.relations) {
    const member = source.members.find(({ name }) => name === relation.relation?.property);
    if (member === undefined || relation.isDropped) continue;
    if (relation.property !== member.name)
      run.editing.edit(source.file.path, { ...member.nameSpan, text: relation.property });
    if (relation.columns.length === 0) continue;
    editActions(run, codeStyle, source, { relation, member });
    for (const column of relation.columns) {
      editJoinColumn(run, codeStyle, source, { relation, member, column });
      editNullability(run, codeStyle, source, { relation, member, column });
      refuseType(run, draft, { relation, member, column });
    }
  }
}

interface Held {
  readonly relation: RelationDraft;
  readonly member: MemberModel;
}

interface HeldColumn extends Held {
  readonly column: ColumnDraft;
}

function editActions(run: Run, codeStyle: CodeStyle, source: ClassModel, { relation, member }: Held): void {
  const decorator = decoratorNamed(member, RELATION);
  const { actions } = relation;
  if (actions === undefined || decorator === undefined) return;
  const { eol, quote } = codeStyle.style;
  for (const [key, action] of [
    ['onDelete', actions.onDelete],
    ['onUpdate', actions.onUpdate],
  ] as const) {
    const value = action === 'no action' ? undefined : stringLiteral(action.toUpperCase(), quote);
    run.editing.rewrite(source.file.path, decorator, (text) =>
      withOption(text, key, value, { eol, without: "'NO ACTION'" }),
    );
  }
}

/** `@JoinColumn` follows its column's name: written in it, or written now where it is no longer the derived one. */
function editJoinColumn(
  run: Run,
  codeStyle: CodeStyle,
  source: ClassModel,
  { relation, member, column }: HeldColumn,
): void {
  const [from, to] = [column.before.name, column.def.name];
  const isMoved = relation.property !== relation.relation?.property;
  if (from === to && !isMoved) return;
  const { eol, quote } = codeStyle.style;
  const join = decoratorNamed(member, /^JoinColumns?$/);
  const path = source.file.path;
  const written = new RegExp(`(\\bname\\s*:\\s*)(['"\`])${from.replace(/[$]/g, '\\$')}\\2`);
  if (join !== undefined && written.test(join.text))
    return run.editing.rewrite(path, join, (text) =>
      text.replace(written, (_, head: string) => head + stringLiteral(to, quote)),
    );
  const referenced =
    optionOf(join?.text ?? '', 'referencedColumnName')?.replace(/['"`]/g, '') ??
    referencedProperty(run, relation);
  if (derivedJoinColumn(relation.property, referenced, run.editing.input.naming) === to) return;
  const name = stringLiteral(to, quote);
  if (join !== undefined)
    return run.editing.rewrite(path, join, (text) => withOption(text, 'name', name, { eol }));
  const decorator = decoratorNamed(member, RELATION)!;
  const text = callText('JoinColumn', undefined, [['name', name]], codeStyle.text);
  const lineStart = source.file.text.lastIndexOf('\n', decorator.start - 1) + 1;
  const indent = /^[ \t]*/.exec(source.file.text.slice(lineStart))![0];
  run.editing.edit(path, { start: decorator.end, end: decorator.end, text: `${eol}${indent}${text}` });
}

function referencedProperty({ entities }: Run, { relation }: RelationDraft): string {
  const target = entities.all.find(({ name }) => name === relation?.target);
  return target?.columns.find(({ isPrimary }) => isPrimary)?.property ?? 'id';
}

function editNullability(
  run: Run,
  codeStyle: CodeStyle,
  source: ClassModel,
  { member, column }: HeldColumn,
): void {
  if (column.before.notNull === column.def.notNull) return;
  const decorator = decoratorNamed(member, RELATION);
  const path = source.file.path;
  const isOnly = column.column?.isVirtual === true;
  if (decorator !== undefined && (isOnly || optionOf(decorator.text, 'nullable') !== undefined)) {
    const value = column.def.notNull ? 'false' : undefined;
    run.editing.rewrite(path, decorator, (text) =>
      withOption(text, 'nullable', value, { eol: codeStyle.style.eol, without: 'true' }),
    );
  }
  nullableProperty(run, codeStyle, member, path, !column.def.notNull);
}

/** A key has the type of the column it refers to: TypeORM takes that one, whatever stands in @Column. */
function refuseType(run: Run, draft: EntityDraft, { relation, member, column }: HeldColumn): void {
  if (sameType(column.before.type, column.def.type)) return;
  const key = relation.foreignKey;
  const target = key && run.drafts.find(key.references);
  const referenced = target?.columns.find(({ def }) => def.name === key?.references.columns[0]);
  if (referenced !== undefined && sameType(referenced.def.type, column.def.type)) return;
  throw refuse(
    draft,
    `the column ${column.before.name} of ${displayName(draft.name)} cannot have a type of its own: it is the key of the relation ${member.name}`,
    `Change the type of ${key === undefined ? 'the column it refers to' : `${displayName(key.references)}.${key.references.columns[0]}`} in the same plan.`,
    member.start,
  );
}
