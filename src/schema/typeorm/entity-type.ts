import { parseType } from '../../postgres/sql.ts';
import { typeParts } from './column-spec.ts';
import { type CodeStyle, type Run, specContext } from './context.ts';
import { importNamesOf } from './copied-names.ts';
import type { ColumnDraft, EntityDraft, RelationDraft } from './draft.ts';
import { isKeyName } from './key-types.ts';
import { behindMember } from './member-edit.ts';
import type { SchemaObjectModel } from './model.ts';
import type { SchemaFile } from '../source-file.ts';
import { partsOfSample } from './schema-samples.ts';
import { namedPartsOf, type TypeMember, type TypePart, typePartsOf } from './schema-type.ts';
import { normalName, PLAIN_TYPE } from './type-words.ts';
import { majority } from './vote.ts';

/** Keeps the type of an EntitySchema in step with its columns and relations, each where its like are declared. */
export function editEntityType(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  source: SchemaObjectModel,
): void {
  const parts = typePartsOf(source, run.editing.sources);
  const placed = parts.flatMap((part) => part.members.map((member) => ({ part, member })));
  const find = (name: string | undefined) => placed.find(({ member }) => member.name === name);
  const gone = goneProperties(draft);
  for (const name of gone) {
    const found = find(name);
    if (found !== undefined) removeMember(run, found.part, found.member);
  }
  for (const column of draft.columns) {
    const found = find(column.column?.property);
    if (found === undefined || column.isDropped) continue;
    const { part, member } = found;
    const { path } = part.file;
    if (column.property !== member.name)
      run.editing.edit(path, { ...member.nameSpan, text: column.property });
    if (member.type !== undefined && isRetyped(column))
      run.editing.edit(path, {
        ...member.type,
        text: retyped(run, codeStyle, draft, column, { part, member }),
      });
  }
  const kept = parts.map((part) => ({
    ...part,
    members: part.members.filter(({ name }) => !gone.has(name)),
  }));
  addMembers(run, codeStyle, draft, kept);
}

function goneProperties({ columns, relations }: EntityDraft): ReadonlySet<string> {
  return new Set([
    ...columns.flatMap(({ isDropped, column }) =>
      isDropped && column !== undefined ? [column.property] : [],
    ),
    ...relations.flatMap(({ isDropped, relation }) =>
      isDropped && relation !== undefined ? [relation.property] : [],
    ),
  ]);
}

function removeMember(run: Run, { file }: TypePart, member: TypeMember): void {
  const start = file.text.lastIndexOf('\n', member.start - 1) + 1;
  const newline = file.text.indexOf('\n', member.end);
  run.editing.edit(file.path, { start, end: newline === -1 ? file.text.length : newline + 1, text: '' });
}

function isRetyped({ before, def }: ColumnDraft): boolean {
  return before.type !== def.type || before.notNull !== def.notNull;
}

/** A type of the project's own stays what it is where only NOT NULL changes. */
function retyped(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
  { part, member }: { readonly part: TypePart; readonly member: TypeMember },
): string {
  const bare = member.type!.text.replaceAll(/\s*\|\s*(null|undefined)\b/g, '').trim();
  const isOther = column.before.type !== column.def.type && PLAIN_TYPE.test(bare);
  const one = isOther
    ? valueType(run, codeStyle, draft, column, { path: part.file.path, parts: [part] })
    : bare;
  return column.def.notNull || member.isOptional ? one : `${one} | null`;
}

/** New columns go to the part that most of the others are in, new relations to that of the relations. */
function addMembers(run: Run, codeStyle: CodeStyle, draft: EntityDraft, parts: readonly TypePart[]): void {
  const columns = new Set(draft.columns.map(({ column }) => column?.property));
  const relations = new Set(draft.relations.map(({ relation }) => relation?.property));
  const most = (names: ReadonlySet<string | undefined>) => {
    const counts = parts.map((part) => part.members.filter(({ name }) => names.has(name)).length);
    const best = Math.max(...counts);
    return best > 0 ? parts[counts.lastIndexOf(best)] : undefined;
  };
  const forColumns = most(columns) ?? parts.at(-1);
  const forRelations = most(relations) ?? parts.at(-1);
  if (forColumns === undefined || forRelations === undefined) return;
  insert(
    run,
    codeStyle,
    forColumns,
    newColumnProperties(run, codeStyle, draft, { path: forColumns.file.path, parts }),
  );
  insert(run, codeStyle, forRelations, newRelationProperties(run, codeStyle, draft, forRelations.file.path));
}

/** A property of a type: its name, with a question mark where it has one, and its type. */
type Property = readonly [name: string, type: string];

function insert(
  run: Run,
  codeStyle: CodeStyle,
  { file, members }: TypePart,
  properties: readonly Property[],
): void {
  const last = members.at(-1);
  if (last === undefined || properties.length === 0) return;
  const start = file.text.lastIndexOf('\n', last.start - 1) + 1;
  const indent = file.text.slice(start, last.start);
  if (indent.trim() !== '') return;
  const end = /[;,]$/.exec(file.text.slice(last.start, last.end))?.[0] ?? '';
  const { eol } = codeStyle.style;
  const at = behindMember(file, last);
  const text = properties.map(([name, type]) => `${eol}${indent}${name}: ${type}${end}`).join('');
  run.editing.edit(file.path, { start: at, end: at, text });
}

/** Where properties are written, and the members that show how. */
interface Around {
  readonly path: string;
  readonly parts: readonly TypePart[];
}

/** Names and types of new columns. */
export function newColumnProperties(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  around: Around,
): readonly Property[] {
  return draft.columns
    .filter(({ column, isDropped, isInherited }) => column === undefined && !isDropped && !isInherited)
    .map((column) => columnProperty(run, codeStyle, draft, column, around));
}

/** A property of its own for a column. */
export function columnProperty(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
  around: Around,
): Property {
  const one = valueType(run, codeStyle, draft, column, around);
  const { def, property } = column;
  if (def.notNull || draft.primaryKey?.columns.includes(def.name) === true) return [property, one];
  return [property, `${one} | null`];
}

/** The type of a column's values: as the other columns of its kind have it, keys apart from what is none. */
function valueType(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  { def, property }: ColumnDraft,
  { path, parts }: Around,
): string {
  const type = parseType(def.type);
  const shown =
    type.arrayDims > 0
      ? undefined
      : shownType(run, codeStyle, draft, { type: type.name, isKey: isKeyName(property), parts });
  if (shown !== undefined) {
    importNamesOf(run, shown.file, path, shown.text);
    return shown.text;
  }
  const context = specContext(run, codeStyle, { ...draft, path }, { isPrimary: false });
  return typeParts(def, type, context).property;
}

interface Shown {
  readonly text: string;
  readonly file: SchemaFile;
}

/** What members of the same type are typed as: of the entity itself, else of its neighbours. */
function shownType(
  run: Run,
  { schemas }: CodeStyle,
  draft: EntityDraft,
  {
    type,
    isKey,
    parts,
  }: { readonly type: string; readonly isKey: boolean; readonly parts: readonly TypePart[] },
): Shown | undefined {
  const wanted = (
    columns: readonly { property: string; type: string }[],
    within: readonly TypePart[],
  ): Shown[] =>
    columns.flatMap((column) => {
      if (normalName(column.type) !== type || isKeyName(column.property) !== isKey) return [];
      for (const { members, file } of within) {
        const found = members.find(({ name }) => name === column.property)?.type?.text;
        const text = found?.replaceAll(/\s*\|\s*(null|undefined)\b/g, '').trim();
        if (text !== undefined && (PLAIN_TYPE.test(text) || (isKey && /^\w+$/.test(text))))
          return [{ text, file }];
      }
      return [];
    });
  const own = wanted(draft.entity?.columns ?? [], parts);
  const shown =
    own.length > 0
      ? own
      : schemas.samples.flatMap((sample) => wanted(sample.entity.columns, partsOfSample(sample, run)));
  const most = majority(shown.map(({ text }) => text));
  return shown.find(({ text }) => text === most);
}

/** Names and types of new relations. */
export function newRelationProperties(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  path: string,
): readonly Property[] {
  return draft.relations
    .filter(({ relation, isDropped }) => relation === undefined && !isDropped)
    .flatMap((relation) => relationProperty(run, codeStyle, { relation, path }));
}

function relationProperty(
  run: Run,
  codeStyle: CodeStyle,
  { relation, path }: { readonly relation: RelationDraft; readonly path: string },
): Property[] {
  const { property, foreignKey, columns } = relation;
  const target = foreignKey && run.drafts.find(foreignKey.references);
  if (target === undefined) return [];
  const type = targetType(run, codeStyle, target, path);
  if (type === undefined) return [];
  return [[property, columns.some(({ def }) => !def.notNull) ? `${type} | null` : type]];
}

/** The type at the other end of a relation: the whole one, or its named part where neighbours have those (`Project` of `Project & {…}`). */
function targetType(run: Run, codeStyle: CodeStyle, target: EntityDraft, path: string): string | undefined {
  const need = (from: string, name: string) =>
    from === path ? name : run.editing.needImport(path, { from: { path: from }, name, isType: true });
  if (target.source?.kind !== 'schema') return need(target.path, target.schema?.typeName ?? target.exported);
  const { typeName } = target.source;
  const named = namedPartsOf(target.source, run.editing.sources).find(({ isExported }) => isExported);
  if (named !== undefined && namesParts(run, codeStyle)) return need(named.file.path, named.name);
  return typeName === undefined || !/^\w+$/.test(typeName) ? undefined : need(target.path, typeName);
}

/** Whether relations of neighbours are typed as a part of what their target is of. */
function namesParts(run: Run, { schemas }: CodeStyle): boolean {
  const votes = schemas.samples.flatMap((sample) => {
    const parts = partsOfSample(sample, run);
    return sample.entity.relations.map((relation) => {
      const member = parts.flatMap(({ members }) => members).find(({ name }) => name === relation.property);
      const target = schemas.samples.find(({ entity }) => entity.name === relation.target);
      const text = member?.type?.text.replaceAll(/\[\]|\s*\|\s*(null|undefined)\b/g, '').trim();
      if (text === undefined || target === undefined) return undefined;
      return (
        text !== target.source.typeName &&
        namedPartsOf(target.source, run.editing.sources).some(({ name }) => name === text)
      );
    });
  });
  return majority(votes) ?? false;
}
