import type { Notice } from '../plan/change.ts';
import { displayName, findTable, type TableDef } from '../plan/database-schema.ts';
import { toPascalCase } from '../plan/migration-name.ts';
import type { CodeInput } from './code.ts';
import type { CrudProject } from './crud-project.ts';
import type { CrudDomain, CrudField } from './domain.ts';
import { migrationExtensions } from './migration-extensions.ts';

/**
 * What lists of a domain read the whole table for: filters, the order that they come in, and the search, where no index begins with
 * the column. One line each, with the words that add the index. A boolean tells too few rows apart for one.
 */
export function listIndexNotices(
  { table, list }: CrudDomain,
  { input, project }: { readonly input: CodeInput; readonly project: CrudProject },
): readonly Notice[] {
  const def = findTable(input.schema, table);
  if (def === undefined) return [];
  const name = displayName(table);
  const lacks = (field: CrudField): boolean => !isLed(def, field.column);
  const filters = list.filter.filter((field) => field.kind !== 'boolean' && lacks(field));
  const { field: first } = list.defaultSort;
  const sorted = lacks(first) && !filters.includes(first) ? [first] : [];
  const ofSearch = list.search.length > 0 ? [searchNotice(def, list.search, project)] : [];
  return [
    ...filters.map(({ column }) =>
      notice(`${name}: lists filter by ${column}, which no index begins with`, addition(def, column)),
    ),
    ...sorted.map(({ column }) =>
      notice(
        `${name}: lists come in the order of ${column}, which no index begins with`,
        addition(def, column),
      ),
    ),
    ...ofSearch.filter((each) => each !== undefined),
  ];
}

function notice(message: string, way: string): Notice {
  return { severity: 'info', rule: 'list-not-indexed', message: `${message}; ${way}` };
}

function addition({ name }: TableDef, column: string): string {
  return `tableplan migration AddIndexTo${toPascalCase(name)} ${column}`;
}

/** A part of a text is found by trigrams alone. */
function searchNotice(
  table: TableDef,
  search: readonly CrudField[],
  project: CrudProject,
): Notice | undefined {
  const without = search.filter(
    ({ column }) =>
      !table.indexes.some(({ columns }) =>
        columns.some(
          ({ expression, opclass }) => expression === column && (opclass ?? '').endsWith('_trgm_ops'),
        ),
      ),
  );
  if (without.length === 0) return undefined;
  const columns = without.map(({ column }) => column).join(', ');
  const hasTrigrams = migrationExtensions(project).some(({ key }) => key === 'pg_trgm');
  return notice(
    `${displayName(table)}: search reads the whole table (${columns})`,
    hasTrigrams
      ? `an index with "using: gin, opclass: gin_trgm_ops" in a plan serves it`
      : 'a trigram index serves it, once a migration has CREATE EXTENSION pg_trgm',
  );
}

/** Whether an index of all rows, or what makes one, begins with the column. */
function isLed({ primaryKey, uniques, indexes }: TableDef, column: string): boolean {
  return (
    primaryKey?.columns[0] === column ||
    uniques.some(({ columns }) => columns[0] === column) ||
    indexes.some(
      ({ columns, where, using }) =>
        where === undefined && (using === 'btree' || using === 'hash') && columns[0]?.expression === column,
    )
  );
}
