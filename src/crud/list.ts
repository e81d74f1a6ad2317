import { TableplanError } from '../errors.ts';
import type { TableDef } from '../plan/database-schema.ts';
import type { DomainWishes } from './build-domain.ts';
import type { CrudField, CrudList } from './domain.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

interface ListInput {
  readonly table: TableDef;
  readonly fields: readonly CrudField[];
  readonly key: CrudField;
  readonly wishes: DomainWishes;
}

/** What a list of rows can be searched, filtered and sorted by. Throws `plan-invalid` for wishes that the columns do not fit. */
export function listOf({ table, fields, key, wishes }: ListInput): CrudList {
  const maxLimit = wishes.pagination?.max_limit ?? Math.max(MAX_LIMIT, wishes.pagination?.default_limit ?? 0);
  const named = (names: readonly string[] | undefined): readonly CrudField[] | undefined =>
    names?.map((name) => fields.find((each) => each.column === name) ?? notListed(name));
  const search = named(wishes.search_fields) ?? fields.filter(isSearchable);
  const filter = named(wishes.filter_fields) ?? fields.filter((each) => isFilter(each, table));
  const sort = named(wishes.sort_fields) ?? fields.filter(isSortable);
  refuseUnfit(search, isSearchable, { key: 'search_fields', what: 'text' });
  refuseUnfit(filter, (each) => isComparable(each) && !PARAMETERS.has(each.key), {
    key: 'filter_fields',
    what: 'values that can be compared',
  });
  refuseUnfit(sort, isComparable, { key: 'sort_fields', what: 'values that have an order' });
  const created = fields.find((each) => each.kind === 'timestamp' && /^created_?at$/i.test(each.key));
  return {
    defaultLimit: Math.min(wishes.pagination?.default_limit ?? DEFAULT_LIMIT, maxLimit),
    maxLimit,
    search,
    filter,
    sort,
    defaultSort: created ? { field: created, order: 'desc' } : { field: key, order: 'asc' },
  };
}

function notListed(column: string): never {
  throw new TableplanError(
    'plan-invalid',
    `${column} is never returned, so lists cannot be searched, filtered or sorted by it.`,
    {
      hint: 'Leave it out of search_fields, filter_fields and sort_fields.',
    },
  );
}

function isSearchable({ kind, isArray }: CrudField): boolean {
  return kind === 'text' && !isArray;
}

/** Parameters of every list: a field of such a name cannot be filtered by. */
const PARAMETERS = new Set(['page', 'limit', 'search', 'sortBy', 'sortOrder']);

function isComparable({ kind, isArray }: CrudField): boolean {
  return !isArray && kind !== 'json' && kind !== 'opaque';
}

function isSortable(field: CrudField): boolean {
  return isComparable(field) && field.kind !== 'uuid';
}

/** What lists are usually narrowed down by: parents, states, flags. */
function isFilter(field: CrudField, table: TableDef): boolean {
  if (!isComparable(field) || PARAMETERS.has(field.key)) return false;
  const isParent = table.foreignKeys.some(({ columns }) => columns.includes(field.column));
  return (
    isParent ||
    field.kind === 'enum' ||
    field.kind === 'boolean' ||
    field.rules.values !== undefined ||
    /^(status|state|kind|type)$/i.test(field.key)
  );
}

function refuseUnfit(
  fields: readonly CrudField[],
  fits: (field: CrudField) => boolean,
  { key, what }: { readonly key: string; readonly what: string },
): void {
  const wrong = fields.find((field) => !fits(field));
  if (wrong === undefined) return;
  throw new TableplanError(
    'plan-invalid',
    `${key} names ${wrong.column}, which is ${wrong.sqlType}: it takes columns with ${what}.`,
    {
      hint: `Leave ${wrong.column} out of ${key}.`,
    },
  );
}
