import type { Change } from '../../plan/change.ts';
import type { ColumnDef, ObjectName } from '../../plan/database-schema.ts';
import { isGeneratedUuid } from '../../schema/typeorm/generated-uuid.ts';
import type { Query } from './child/child.ts';

interface NewColumn {
  readonly table: ObjectName;
  readonly column: ColumnDef;
}

/**
 * Statements in which new uuid columns have the plan's generator: TypeORM writes its own (`uuid_generate_v4()`, or what
 * `uuidExtension` says) for every generated one, and takes any of them for the same afterwards.
 */
export function withPlannedGenerators(
  queries: readonly Query[],
  changes: readonly Change[],
): readonly Query[] {
  const columns = changes.flatMap(newColumns).filter(({ column }) => isGeneratedUuid(column.default));
  return queries.map((query) => columns.reduce(withGenerator, query));
}

function newColumns(change: Change): NewColumn[] {
  if (change.kind === 'create-table')
    return change.table.columns.map((column) => ({ table: change.table, column }));
  return change.kind === 'add-column' ? [{ table: change.table, column: change.column }] : [];
}

function withGenerator(query: Query, { table, column }: NewColumn): Query {
  const name =
    table.schema === 'public'
      ? `(?:"public"\\.)?"${escaped(table.name)}"`
      : `"${escaped(table.schema)}"\\."${escaped(table.name)}"`;
  if (!new RegExp(`^(?:CREATE TABLE ${name} \\(|ALTER TABLE ${name} ADD )`).test(query.sql)) return query;
  const own = new RegExp(`("${escaped(column.name)}" uuid(?: NOT NULL)? DEFAULT )[\\w.]+\\(\\)`);
  return { ...query, sql: query.sql.replace(own, (_, head: string) => head + column.default!.trim()) };
}

function escaped(name: string): string {
  return name.replaceAll('"', '""').replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
