import type { Change } from '../../../plan/change.ts';
import { isSameObject, type ObjectName } from '../../../plan/database-schema.ts';
import type { Step } from '../child/child.ts';
import type { EntityModel } from '../model.ts';

/** The entities before and after the plan's edits, as TypeORM sees them. */
export interface ModelsAround {
  readonly current: readonly EntityModel[];
  readonly staged: readonly EntityModel[];
}

export type DerivedRename = Extract<Step, { readonly kind: `rename-${string}` }>;

/**
 * What TypeORM names after something that the plan renames: tables of many-to-many relations and of trees, their
 * columns, the columns that relations are joined by. For the database that the plan's own renames are done in.
 */
export function derivedRenames(
  { current, staged }: ModelsAround,
  changes: readonly Change[],
): DerivedRename[] {
  if (!changes.some(({ kind }) => kind === 'rename-table' || kind === 'rename-column')) return [];
  const after = new Map(staged.map((model) => [identityOf(model), model]));
  return current.flatMap((model) => {
    const renamed = after.get(identityOf(model));
    if (renamed === undefined || model.tableType === 'view') return [];
    const place = { table: model.table, changes };
    return model.madeBy === undefined
      ? columnRenames(place, pairsOfRelations(model, renamed), renamed)
      : [
          ...tableRename(followed(place).table, renamed.table),
          ...columnRenames(place, pairsOfColumns(model, renamed), renamed),
        ];
  });
}

function identityOf({ tableType, madeBy, name }: EntityModel): string {
  return `${tableType} ${madeBy ?? name}`;
}

function tableRename(table: ObjectName, { name: to }: ObjectName): DerivedRename[] {
  return table.name === to ? [] : [{ kind: 'rename-table', table, to }];
}

type Pair = readonly [before: string, after: string];

interface Place {
  readonly table: ObjectName;
  readonly changes: readonly Change[];
}

function columnRenames(place: Place, pairs: readonly Pair[], { table }: EntityModel): DerivedRename[] {
  return pairs.flatMap(([before, to]): DerivedRename[] => {
    const from = followed({ ...place, column: before }).column;
    return from === to ? [] : [{ kind: 'rename-column', table, from, to }];
  });
}

/** The keys of both sides, in the order in which TypeORM makes them. */
function pairsOfColumns(model: EntityModel, renamed: EntityModel): Pair[] {
  return model.columns.length === renamed.columns.length
    ? model.columns.map(({ column }, index) => [column, renamed.columns[index]!.column])
    : [];
}

/** Columns that a relation alone makes are named after what they refer to. */
function pairsOfRelations(model: EntityModel, renamed: EntityModel): Pair[] {
  const isVirtual = (name: string) =>
    renamed.columns.some(({ column, isVirtual: is }) => column === name && is);
  return model.relations.flatMap(({ property, joinColumns }) => {
    const after = renamed.relations.find((each) => each.property === property)?.joinColumns ?? [];
    return joinColumns.flatMap((column, index): Pair[] => {
      const to = after[index];
      return to !== undefined && isVirtual(to) ? [[column, to]] : [];
    });
  });
}

/** What a table and its column are called once the plan's renames are done. */
function followed({ table, column = '', changes }: Place & { readonly column?: string }): {
  readonly table: ObjectName;
  readonly column: string;
} {
  return changes.reduce(
    (now, change) => {
      if (change.kind === 'rename-table' && isSameObject(change.table, now.table))
        return { ...now, table: { ...now.table, name: change.to } };
      if (
        change.kind === 'rename-column' &&
        isSameObject(change.table, now.table) &&
        change.from === now.column
      )
        return { ...now, column: change.to };
      return now;
    },
    { table, column },
  );
}
