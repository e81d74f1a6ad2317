import type { EntityColumn, EntityModel } from '../../orm/typeorm/model.ts';
import { displayName, isSameObject } from '../../plan/database-schema.ts';
import type { Run } from './context.ts';
import type { ColumnDraft, EntityDraft } from './draft.ts';
import { refuse } from './drafts.ts';

/** A column that the same property makes: of a base class, of an embedded one that is used more than once. */
interface SharedColumn {
  readonly entity: EntityModel;
  readonly column: EntityColumn;
}

/**
 * Refuses a change of a property that makes other columns too, unless the plan changes all of them alike.
 * Throws `schema-not-editable`, naming the columns.
 */
export function refuseShared(run: Run, draft: EntityDraft, column: ColumnDraft, what: string): void {
  const { declaredIn } = column.column!;
  const left = sharing(run, draft, column).filter((other) => !isAlike(run, other, column));
  if (left.length === 0) return;
  const names = left.map(({ entity, column: other }) => `${displayName(entity.table)}.${other.column}`);
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  throw refuse(
    draft,
    `${what} comes from ${declaredIn}.${lastOf(column.column!.property)}, which makes ${shown.join(', ')} too`,
    `Changing it there changes all of them: name ${left.length === 1 ? 'that column' : 'those columns'} in the plan as well, with the same change, or write the column into the class itself first.`,
  );
}

/** Whether a column that was changed alike has brought the edit of their property already. */
export function isWrittenBefore(run: Run, draft: EntityDraft, column: ColumnDraft): boolean {
  const places = run.drafts.all.flatMap((each) => each.columns.map((known) => known.column));
  const own = places.indexOf(column.column);
  return sharing(run, draft, column).some((other) => {
    const at = places.indexOf(other.column);
    return at !== -1 && at < own;
  });
}

function sharing({ entities }: Run, draft: EntityDraft, { column }: ColumnDraft): readonly SharedColumn[] {
  const wanted = column!;
  return entities.all.flatMap((entity) =>
    entity.columns
      .filter(
        (other) =>
          other !== wanted &&
          !other.isVirtual &&
          other.declaredIn === wanted.declaredIn &&
          lastOf(other.property) === lastOf(wanted.property) &&
          // Single-table inheritance: the same column again.
          !(isSameObject(entity.table, draft.entity!.table) && other.column === wanted.column),
      )
      .map((other) => ({ entity, column: other })),
  );
}

function isAlike({ drafts }: Run, { entity, column }: SharedColumn, wanted: ColumnDraft): boolean {
  const other = drafts.all
    .find((draft) => draft.entity !== undefined && isSameObject(draft.entity.table, entity.table))
    ?.columns.find((each) => each.before.name === column.column);
  return (
    other !== undefined &&
    other.isDropped === wanted.isDropped &&
    other.def.type === wanted.def.type &&
    other.def.notNull === wanted.def.notNull &&
    other.def.default === wanted.def.default &&
    lastOf(other.property) === lastOf(wanted.property) &&
    (other.before.name === other.def.name) === (wanted.before.name === wanted.def.name)
  );
}

function lastOf(property: string): string {
  return property.slice(property.lastIndexOf('.') + 1);
}
