import { TableplanError } from '../../errors.ts';
import { displayName, findTable } from '../../plan/database-schema.ts';
import { parseType } from '../../postgres/sql.ts';
import { columnSpec } from './column-spec.ts';
import { companionsFor } from './companions.ts';
import { importNames, importNamesOf } from './copied-names.ts';
import { indexText, nameToWrite } from './constraint-text.ts';
import { type CodeStyle, type Run, specContext } from './context.ts';
import type { ColumnDraft, EntityDraft, RelationDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import { needsName, propertyCase, propertyFor } from './conventions.ts';
import { isKeyName, type KeyType } from './key-types.ts';
import { columnDecorators, type MemberText, propertyText } from './member-text.ts';
import { inverseOf } from './inverse.ts';
import { relationMember, type RelationTarget } from './relation-text.ts';
import { sharedMember } from './shared-members.ts';

/** A member to be written, and what it stands for. */
export interface NewMember {
  readonly text: MemberText;
  readonly column: ColumnDraft | undefined;
  readonly relation: RelationDraft | undefined;
}

/** The members that a draft gets: columns with their relations behind (or before) them. */
export function newMembers(run: Run, codeStyle: CodeStyle, draft: EntityDraft): readonly NewMember[] {
  const members: NewMember[] = [];
  const relations = draft.relations.filter((each) => each.relation === undefined && !each.isDropped);
  const isNew = (column: ColumnDraft) =>
    column.column === undefined && !column.isDropped && !column.isInherited;
  for (const relation of relations) if (isAlone(codeStyle, draft, relation)) nameAlone(relation);
  const written = new Set<RelationDraft>();
  for (const column of draft.columns) {
    if (!isNew(column) && !isLeftAlone(draft, column)) continue;
    const relation = relations.find((each) => each.columns.at(-1) === column);
    const isOnly = relations.some((each) => each.columns.includes(column) && isAlone(codeStyle, draft, each));
    const scalar = isOnly ? [] : [columnMember(run, codeStyle, draft, column)];
    const key = relation === undefined ? [] : [relationOf(run, codeStyle, draft, relation)];
    if (relation !== undefined) written.add(relation);
    members.push(...(codeStyle.relations.isScalarFirst ? [...scalar, ...key] : [...key, ...scalar]));
  }
  for (const relation of relations)
    if (!written.has(relation)) members.push(relationOf(run, codeStyle, draft, relation));
  return members;
}

/** A column whose relation goes and that stays: it needs a property of its own. */
export function isLeftAlone(draft: EntityDraft, column: ColumnDraft): boolean {
  const holding = draft.relations.filter((each) => each.columns.includes(column));
  const isLost = holding.length > 0 && holding.every((each) => each.isDropped);
  return column.column?.isVirtual === true && !column.isDropped && isLost;
}

/** Whether the relation alone makes its column: as the project does it, and where the column has nothing to add. */
export function isAlone(
  codeStyle: CodeStyle,
  draft: EntityDraft,
  { columns, relation }: RelationDraft,
): boolean {
  if (relation !== undefined || codeStyle.relations.hasScalar) return false;
  return columns.every(
    ({ column, def, isInherited }) =>
      column === undefined &&
      !isInherited &&
      def.default === undefined &&
      def.generated === undefined &&
      def.description === undefined &&
      draft.primaryKey?.columns.includes(def.name) !== true,
  );
}

/** Indexes and constraints name such a column by its relation. */
function nameAlone(relation: RelationDraft): void {
  for (const column of relation.columns) column.property = relation.property;
}

function columnMember(run: Run, codeStyle: CodeStyle, draft: EntityDraft, column: ColumnDraft): NewMember {
  const { def } = column;
  const isPrimary = draft.primaryKey?.columns.includes(def.name) === true;
  const context = specContext(run, codeStyle, draft, {
    isPrimary,
    isUnique: columnUnique(codeStyle, draft, column) !== undefined,
    keyName: isPrimary && draft.primaryKey ? nameToWrite(draft.primaryKey) : undefined,
  });
  const shared = isLeftAlone(draft, column) ? undefined : sharedMember(run, codeStyle, draft, column);
  if (shared !== undefined) return { text: shared, column, relation: undefined };
  const property = isLeftAlone(draft, column) ? scalarProperty(codeStyle, draft, column) : column.property;
  column.property = property;
  const keyType = keyTypeOf(run, codeStyle, draft, column);
  const spec = columnSpec(def, { ...context, keyType });
  const needs = codeStyle.columns.writesName || needsName(property, def.name, run.editing.input.naming);
  const decorators = columnDecorators(spec, needs ? def.name : undefined, codeStyle.columns, codeStyle.text);
  const own = withIndexes(codeStyle, memberIndexes(codeStyle, draft, column), decorators);
  return {
    text: {
      decorators: withCompanions(run, codeStyle, draft, { own, column, type: spec.propertyType }),
      property: propertyText(property, spec.propertyType, {
        isNullable: !def.notNull && !isPrimary,
        convention: codeStyle.members,
        style: codeStyle.style,
      }),
    },
    column,
    relation: undefined,
  };
}

/** The project's type of keys for a column that is one or refers to one; its name is imported. */
function keyTypeOf(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  column: ColumnDraft,
): KeyType | undefined {
  const isKey =
    draft.primaryKey?.columns.includes(column.def.name) === true ||
    draft.relations.some((each) => !each.isDropped && each.columns.includes(column)) ||
    isKeyName(column.property);
  const type = parseType(column.def.type);
  const found = isKey && type.arrayDims === 0 ? codeStyle.keyTypes.get(type.name) : undefined;
  if (found !== undefined) importNamesOf(run, found.file, draft.path, found.text);
  return found;
}

/** The decorators of a new property, and those of the project that every column around has. */
function withCompanions(
  run: Run,
  codeStyle: CodeStyle,
  draft: EntityDraft,
  {
    own,
    column,
    type,
  }: { readonly own: readonly string[]; readonly column: ColumnDraft; readonly type: string },
): readonly string[] {
  const { texts, isFirst, unclear } = companionsFor(codeStyle, draft, {
    type,
    isNullable: !column.def.notNull,
  });
  for (const name of unclear)
    run.editing.notice({
      severity: 'info',
      rule: 'decorator-left-out',
      message: `every column around has @${name}, with other arguments each time: add it to ${draft.exported}.${column.property}`,
      file: draft.path,
    });
  for (const text of texts) importNames(run, codeStyle, draft, text);
  return isFirst ? [...texts, ...own] : [...own, ...texts];
}

/** The property of a column that only its relation had until now. */
export function scalarProperty(
  { samples }: CodeStyle,
  { entity }: EntityDraft,
  { def }: ColumnDraft,
): string {
  const others = samples.map((sample) => sample.entity).filter((each) => each !== entity);
  return propertyFor(def.name, propertyCase(entity === undefined ? others : [entity, ...others]));
}

/** The constraint that `unique: true` on a column stands for. */
export function columnUnique(codeStyle: CodeStyle, draft: EntityDraft, column: ColumnDraft) {
  const isPlain =
    !codeStyle.columns.dates.has(column.def.name) &&
    draft.primaryKey?.columns.includes(column.def.name) !== true;
  if (codeStyle.columns.uniquePlace !== 'column' || !isPlain) return undefined; // only @Column itself knows `unique`
  return draft.addedUniques.find(
    ({ unique, columns }) =>
      columns.length === 1 && columns[0] === column && nameToWrite(unique) === undefined,
  );
}

/** `@Index()` above or below the other decorators, as the neighbours have it. */
function withIndexes(
  { columns }: CodeStyle,
  indexes: readonly string[],
  decorators: readonly string[],
): readonly string[] {
  return columns.isIndexLast ? [...decorators, ...indexes] : [...indexes, ...decorators];
}

/** `@Index()` above a new property, where the project has it there. */
function memberIndexes(codeStyle: CodeStyle, draft: EntityDraft, column: ColumnDraft): readonly string[] {
  if (codeStyle.columns.indexPlace !== 'property') return [];
  return draft.addedIndexes
    .filter(({ index, columns }) => index.columns.length === 1 && columns[0] === column)
    .map(({ index }) => indexText(index, undefined, codeStyle.text));
}

function relationOf(run: Run, codeStyle: CodeStyle, draft: EntityDraft, relation: RelationDraft): NewMember {
  const key = relation.foreignKey;
  if (key === undefined)
    throw refuse(draft, `a relation of ${displayName(draft.name)} has no key`, 'Report this.');
  const target = targetOf(run, draft, relation);
  const alone = isAlone(codeStyle, draft, relation);
  const text = relationMember({
    property: relation.property,
    key: { ...key, columns: relation.columns.map(({ def }) => def.name) },
    target,
    inverse: inverseOf(run, codeStyle, draft, relation),
    isNullable: relation.columns.some(({ def }) => !def.notNull),
    isAlone: alone,
    convention: codeStyle.relations,
    members: codeStyle.members,
    naming: run.editing.input.naming,
    context: codeStyle.text,
  });
  const indexes = alone ? relation.columns.flatMap((column) => memberIndexes(codeStyle, draft, column)) : [];
  const decorators = withIndexes(codeStyle, indexes, text.decorators);
  return { text: { ...text, decorators }, column: undefined, relation };
}

/** The entity that a key refers to, as the draft's file calls it; imports it. */
function targetOf(run: Run, draft: EntityDraft, { foreignKey }: RelationDraft): RelationTarget {
  const key = foreignKey!;
  const target = run.drafts.find(key.references);
  if (target === undefined)
    throw new TableplanError(
      'schema-not-editable',
      `no entity makes ${displayName(key.references)}, which ${key.name} refers to`,
      { hint: 'TypeORM makes foreign keys between entities only: write that entity first.' },
    );
  const schema = target.source?.kind === 'schema' ? target.source.name : target.schema?.name;
  const className =
    schema !== undefined
      ? schema
      : target.path === draft.path
        ? target.exported
        : run.editing.needImport(draft.path, { from: { path: target.path }, name: target.exported });
  const columns = key.references.columns.map((name) => target.columns.find(({ def }) => def.name === name));
  return {
    className,
    isSchema: schema !== undefined,
    isLater:
      target.path === draft.path &&
      target.source !== undefined &&
      draft.source !== undefined &&
      target.source.start > draft.source.start,
    entity: target.entity,
    properties: columns.map((column, index) => column?.property ?? key.references.columns[index]!),
    isPrimary: isPrimaryKey(run, key.references.columns, target),
  };
}

function isPrimaryKey({ editing }: Run, columns: readonly string[], target: EntityDraft): boolean {
  const before = findTable(editing.input.before, target.entity?.table ?? target.name)?.primaryKey;
  const key = target.primaryKey?.columns ?? before?.columns ?? [];
  return key.length === columns.length && key.every((name) => columns.includes(name));
}
