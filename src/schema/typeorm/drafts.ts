import { TableplanError } from '../../errors.ts';
import type { EntityColumn, EntityModel } from '../../orm/typeorm/model.ts';
import {
  type ColumnDef,
  displayName,
  findTable,
  isSameObject,
  type ObjectName,
} from '../../plan/database-schema.ts';
import { notEditable } from '../parse.ts';
import { columnOf, type ColumnDraft, type EntityDraft, type RelationDraft } from './draft.ts';
import type { TypeormEditInput } from './editing.ts';
import type { Entities } from './entities.ts';
import type { EntitySource } from './model.ts';

export interface Drafts {
  readonly all: readonly EntityDraft[];
  /** The draft of a table by the name that it has by now. Throws `schema-not-editable` when no entity makes it. */
  open(name: ObjectName): EntityDraft;
  /** The same, or undefined. */
  find(name: ObjectName): EntityDraft | undefined;
  add(draft: EntityDraft): void;
}

export function openDrafts(input: TypeormEditInput, entities: Entities): Drafts {
  const drafts: EntityDraft[] = [];
  const find = (name: ObjectName): EntityDraft | undefined => {
    const known = drafts.find((draft) => isSameObject(draft.name, name) && !draft.isDropped);
    if (known !== undefined) return known;
    const entity = entities.ofTable(name);
    const isTaken = drafts.some((draft) => draft.entity === entity);
    if (entity === undefined || isTaken) return undefined;
    const draft = draftOf(entity, entities.source(entity), input);
    drafts.push(draft);
    return draft;
  };
  return {
    all: drafts,
    find,
    add: (draft) => void drafts.push(draft),
    open: (name) => {
      const draft = find(name);
      if (draft !== undefined) return draft;
      throw new TableplanError('schema-not-editable', `no entity makes the table ${displayName(name)}`, {
        hint:
          inOtherSchema(name, input.entities) ??
          'TypeORM must know the table for tableplan to change it: write its entity first, or change the table in a migration by hand.',
      });
    },
  };
}

/** An entity of that name that makes its table in another schema than the migrations did. */
function inOtherSchema({ schema, name }: ObjectName, entities: readonly EntityModel[]): string | undefined {
  const entity = entities.find(({ table, tableType }) => table.name === name && tableType !== 'view');
  if (entity === undefined) return undefined;
  return `The entity ${entity.name} makes ${displayName(entity.table)}, in the schema ${entity.table.schema}, and the migrations have it in ${schema}. Write schema: '${schema}' in its @Entity (or in the data source), and run again.`;
}

function draftOf(entity: EntityModel, source: EntitySource, input: TypeormEditInput): EntityDraft {
  const table = findTable(input.before, entity.table);
  const related = input.entities.filter((each) => isSameObject(each.table, entity.table));
  const known = [entity, ...related.filter((each) => each !== entity)].flatMap((each) => each.columns);
  const columns = known
    .filter((column, index) => known.findIndex((other) => other.column === column.column) === index)
    .map((column): ColumnDraft => {
      const def = table?.columns.find(({ name }) => name === column.column) ?? unknownColumn(column);
      return {
        column,
        property: propertyOf(column, entity),
        def,
        before: def,
        isInherited: false,
        isDropped: false,
      };
    });
  return {
    name: entity.table,
    path: source.file.path,
    exported: source.kind === 'class' ? source.name : source.variable,
    entity,
    source,
    schema: undefined,
    base: undefined,
    columns,
    relations: entity.relations.map((relation): RelationDraft => {
      return {
        relation,
        property: relation.property,
        columns: columns.filter((each) => relation.joinColumns.includes(each.def.name)),
        foreignKey: table?.foreignKeys.find((key) => sameColumns(key.columns, relation.joinColumns)),
        actions: undefined,
        isDropped: false,
      };
    }),
    addedIndexes: [],
    droppedIndexes: [],
    addedUniques: [],
    droppedUniques: [],
    addedChecks: [],
    droppedChecks: [],
    primaryKey: table?.primaryKey,
    isKeyChanged: false,
    comment: undefined,
    isDropped: false,
  };
}

/** A column that only a relation has is called by the relation: TypeORM itself says `author.id`. */
function propertyOf({ column, property, isVirtual }: EntityColumn, entity: EntityModel): string {
  const relation = isVirtual ? entity.relations.find((each) => each.joinColumns.includes(column)) : undefined;
  return relation?.property ?? property;
}

/** What the database does not know yet (its migrations are behind): as far as TypeORM tells. */
function unknownColumn({ column, type, isNullable }: EntityModel['columns'][number]): ColumnDef {
  return { name: column, type, notNull: !isNullable };
}

/** Whether two lists hold the same columns, in any order. */
export function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** The column of a draft. Throws `schema-not-editable` when the entity has none of that name. */
export function needColumn(draft: EntityDraft, name: string): ColumnDraft {
  const column = columnOf(draft, name);
  if (column !== undefined) return column;
  throw refuse(
    draft,
    `the entity of ${displayName(draft.name)} has no column ${name}`,
    'The database has it and the source does not: bring them together first.',
  );
}

/** A `schema-not-editable` error at an entity. */
export function refuse(draft: EntityDraft, message: string, hint: string, offset?: number): TableplanError {
  const { source } = draft;
  if (source === undefined) return new TableplanError('schema-not-editable', message, { hint });
  return notEditable(message, { file: source.file, offset: offset ?? source.start }, hint);
}
