import type { AlterColumn, Change } from '../../plan/change.ts';
import { displayName, type ForeignKeyDef, type IndexDef } from '../../plan/database-schema.ts';
import { type ColumnDraft, type EntityDraft, type RelationDraft } from './draft.ts';
import { type Drafts, needColumn, refuse, sameColumns } from './drafts.ts';
import { embeddedProperty } from './embedded-names.ts';

/** What changes ask of the project around a draft. */
export interface ChangeContext {
  readonly drafts: Drafts;
  /** A draft for a new table, with its columns, in the place where the neighbours have theirs. */
  readonly newDraft: (change: Extract<Change, { kind: 'create-table' }>) => EntityDraft;
  /** The property for a column of a draft. */
  readonly propertyFor: (draft: EntityDraft, column: string) => string;
  /** The property for a new foreign key. */
  readonly relationFor: (draft: EntityDraft, key: ForeignKeyDef, columns: readonly ColumnDraft[]) => string;
}

/** Writes one change into the drafts. Enums have an editor of their own; raw SQL has no source. */
export function applyChange(context: ChangeContext, change: Change): void {
  const { drafts } = context;
  switch (change.kind) {
    case 'create-table':
      return createTable(context, change);
    case 'rename-table':
      drafts.open(change.table).name = { ...change.table, name: change.to };
      return;
    case 'drop-table':
      drafts.open(change.table).isDropped = true;
      return;
    case 'comment':
      drafts.open(change.table).comment = change.text;
      return;
    case 'add-column':
      return addColumn(context, change);
    case 'alter-column':
      return alterColumn(drafts.open(change.table), change);
    case 'drop-column':
      return dropColumn(drafts.open(change.table), change.column);
    case 'rename-column':
      return renameColumn(context, change);
    case 'set-primary-key': {
      const draft = drafts.open(change.table);
      draft.primaryKey = change.primaryKey;
      draft.isKeyChanged = true;
      return;
    }
    case 'add-unique': {
      const draft = drafts.open(change.table);
      draft.addedUniques.push({ unique: change.unique, columns: columnsIn(draft, change.unique.columns) });
      return;
    }
    case 'drop-unique': {
      const draft = drafts.open(change.table);
      draft.droppedUniques.push({ unique: change.unique, columns: columnsIn(draft, change.unique.columns) });
      return;
    }
    case 'add-index': {
      const draft = drafts.open(change.table);
      draft.addedIndexes.push({ index: change.index, columns: columnsIn(draft, namesOf(change.index)) });
      return;
    }
    case 'drop-index': {
      const draft = drafts.open(change.table);
      draft.droppedIndexes.push({ index: change.index, columns: columnsIn(draft, namesOf(change.index)) });
      return;
    }
    case 'add-foreign-key':
      return addForeignKey(context, drafts.open(change.table), change.foreignKey);
    case 'alter-foreign-key': {
      const { onDelete, onUpdate } = change;
      relationOf(drafts.open(change.table), change.foreignKey).actions = { onDelete, onUpdate };
      return;
    }
    case 'drop-foreign-key':
      relationOf(drafts.open(change.table), change.foreignKey).isDropped = true;
      return;
    case 'add-check':
      return void drafts.open(change.table).addedChecks.push(change.check);
    case 'drop-check':
      return void drafts.open(change.table).droppedChecks.push(change.check);
    case 'create-enum':
    case 'add-enum-value':
    case 'rename-enum-value':
    case 'drop-enum-value':
    case 'drop-enum':
    case 'raw-sql':
      return;
    default:
      change satisfies never;
  }
}

function namesOf(index: IndexDef): readonly string[] {
  return index.columns.flatMap((each) => (each.isExpression ? [] : [each.expression]));
}

function columnsIn(draft: EntityDraft, names: readonly string[]): readonly ColumnDraft[] {
  return names.map((name) => needColumn(draft, name));
}

function createTable(context: ChangeContext, change: Extract<Change, { kind: 'create-table' }>): void {
  const { table } = change;
  const draft = context.newDraft(change);
  context.drafts.add(draft);
  draft.primaryKey = table.primaryKey;
  draft.comment = table.description;
  for (const unique of table.uniques)
    draft.addedUniques.push({ unique, columns: columnsIn(draft, unique.columns) });
  for (const index of table.indexes)
    draft.addedIndexes.push({ index, columns: columnsIn(draft, namesOf(index)) });
  for (const key of table.foreignKeys) addForeignKey(context, draft, key);
  draft.addedChecks.push(...table.checks);
}

function addColumn(context: ChangeContext, change: Extract<Change, { kind: 'add-column' }>): void {
  const draft = context.drafts.open(change.table);
  draft.columns.push({
    column: undefined,
    property: context.propertyFor(draft, change.column.name),
    def: change.column,
    before: change.column,
    isInherited: false,
    isDropped: false,
  });
}

function alterColumn(draft: EntityDraft, change: AlterColumn): void {
  const column = needColumn(draft, change.column.name);
  column.def = {
    ...column.def,
    ...(change.type === undefined ? {} : { type: change.type.to }),
    ...(change.notNull === undefined ? {} : { notNull: change.notNull }),
    ...(change.default === undefined ? {} : { default: change.default.set }),
  };
}

/** A dropped column takes its relation along; the plan has dropped what else stood on it. */
function dropColumn(draft: EntityDraft, name: string): void {
  const column = needColumn(draft, name);
  column.isDropped = true;
  for (const relation of draft.relations) if (relation.columns.includes(column)) relation.isDropped = true;
}

/**
 * The name in the database; the property too when it is the old name's, and the relation's that is named after it, unless
 * the plan keeps them.
 */
function renameColumn(context: ChangeContext, change: Extract<Change, { kind: 'rename-column' }>): void {
  const draft = context.drafts.open(change.table);
  const column = needColumn(draft, change.from);
  const old = column.property;
  if (old.includes('.')) {
    column.property = embeddedProperty(draft, { property: old, ...change });
    column.def = { ...column.def, name: change.to };
    return;
  }
  const isDerived = old === change.from || old === context.propertyFor(draft, change.from);
  column.def = { ...column.def, name: change.to };
  if (change.keepProperty === true) return;
  if (column.column?.isVirtual !== true && isDerived) column.property = context.propertyFor(draft, change.to);
  for (const relation of draft.relations) renameRelation(context, draft, relation, { column, ...change });
  const own = draft.relations.find((each) => each.columns.length === 1 && each.columns[0] === column);
  if (column.column?.isVirtual === true && own !== undefined) column.property = own.property;
}

function renameRelation(
  { propertyFor }: ChangeContext,
  draft: EntityDraft,
  relation: RelationDraft,
  rename: { readonly column: ColumnDraft; readonly from: string; readonly to: string },
): void {
  if (relation.columns.length !== 1 || relation.columns[0] !== rename.column) return;
  const [from, to] = [withoutId(rename.from), withoutId(rename.to)];
  if (from === undefined || to === undefined) return;
  if (relation.property === propertyFor(draft, from)) relation.property = propertyFor(draft, to);
}

/** `brand_id`, `brandId` → `brand`; undefined for a name that does not end in id. */
export function withoutId(column: string): string | undefined {
  const bare = /^(.+?)(?:_id|Id|_ID)$/.exec(column)?.[1];
  return bare;
}

function addForeignKey(context: ChangeContext, draft: EntityDraft, key: ForeignKeyDef): void {
  const columns = columnsIn(draft, key.columns);
  const property = context.relationFor(draft, key, columns);
  draft.relations.push({
    relation: undefined,
    property,
    columns,
    foreignKey: key,
    actions: undefined,
    isDropped: false,
  });
}

function relationOf(draft: EntityDraft, key: ForeignKeyDef): RelationDraft {
  const found = draft.relations.find(
    (relation) =>
      !relation.isDropped &&
      (relation.foreignKey?.name === key.name ||
        (relation.columns.length > 0 &&
          sameColumns(
            relation.columns.map(({ def }) => def.name),
            key.columns,
          ))),
  );
  if (found !== undefined) return found;
  throw refuse(
    draft,
    `no relation of ${displayName(draft.name)} makes the foreign key ${key.name} (${key.columns.join(', ')})`,
    'It may be written as @ForeignKey or made by a migration alone. Change it there by hand.',
  );
}
