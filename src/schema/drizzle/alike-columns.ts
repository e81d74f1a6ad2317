import {
  type ColumnDef,
  type DatabaseSchema,
  type ForeignKeyDef,
  isSameObject,
  type ObjectName,
  type TableDef,
} from '../../plan/database-schema.ts';
import { sameExpression } from '../../postgres/expression.ts';
import { sameType } from '../../postgres/type.ts';
import type { ColumnDraft } from './draft.ts';

/** A table of the source as the database has it. */
export function tableIn({ tables }: DatabaseSchema, table: ObjectName): TableDef | undefined {
  return tables.find((each) => isSameObject(each, table));
}

/** Whether the database has such a column there as the plan asks for here, with nothing more to be said of it. */
export function isAlike(column: ColumnDraft, table: TableDef): boolean {
  const other = table.columns.find(({ name }) => name === column.def.name);
  if (other === undefined || column.unique !== undefined) return false;
  const isKey = table.primaryKey?.columns.length === 1 && table.primaryKey.columns[0] === other.name;
  const isUnique = table.uniques.some(({ columns }) => columns.length === 1 && columns[0] === other.name);
  const reference = table.foreignKeys.find(
    ({ columns }) => columns.length === 1 && columns[0] === other.name,
  );
  return (
    isKey === (column.primaryKey === 'add') &&
    !isUnique &&
    sameReference(column.references, reference) &&
    sameColumn(column.def, other)
  );
}

function sameReference(wanted: ColumnDraft['references'], other: ForeignKeyDef | undefined): boolean {
  if (wanted?.kind !== 'add' || other === undefined) return wanted === undefined && other === undefined;
  const { references, onDelete, onUpdate } = wanted.foreignKey;
  return (
    isSameObject(references, other.references) &&
    references.columns.join() === other.references.columns.join() &&
    onDelete === other.onDelete &&
    onUpdate === other.onUpdate
  );
}

function sameColumn(a: ColumnDef, b: ColumnDef): boolean {
  return (
    sameType(a.type, b.type) &&
    a.notNull === b.notNull &&
    sameDefault(a.default, b.default) &&
    a.generated === undefined &&
    b.generated === undefined &&
    JSON.stringify(a.identity) === JSON.stringify(b.identity)
  );
}

function sameDefault(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameExpression(a, b);
}
