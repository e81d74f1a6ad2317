import type { DatabaseSchema } from '../plan/database-schema.ts';
import { type Operation, type TableRef, tableKey } from './operation.ts';
import type { ScriptState } from './state.ts';

/** Keys under which operations name relations; types keep the name that they are written with. */
const RELATIONS = new Set([
  'table',
  'references',
  'view',
  'partition',
  'partitionOf',
  'inherits',
  'like',
  'relation',
]);

/** What CREATE makes is in the first schema of the path; all else is looked for in each. */
const MAKES = new Set<Operation['kind']>(['create-table', 'create-view']);

/** Operations whose relations are named by schema as `search_path` of the script says: `t` is `app.t` after `SET search_path = app`. */
export function withSearchPath(
  operations: readonly Operation[],
  before: ScriptState,
  schema: DatabaseSchema | undefined,
): readonly Operation[] {
  const path = schemasOf(before.setting('search_path'));
  if (path.length === 0) return operations;
  const isThere = (table: TableRef): boolean =>
    before.isCreatedHere(table) ||
    (schema?.tables.some((known) => tableKey(known) === tableKey(table)) ?? false);
  const found = (table: TableRef): TableRef => {
    const candidates = path.map((name) => ({ schema: name, name: table.name }));
    return candidates.find(isThere) ?? (path.length === 1 ? candidates[0]! : table);
  };
  const first = (table: TableRef): TableRef => ({ schema: path[0], name: table.name });
  return operations.map(
    (operation) => named(operation, MAKES.has(operation.kind) ? first : found, found) as Operation,
  );
}

/** The schemas of a path that every session has alike: `"$user"` is none. */
function schemasOf(path: string | undefined): string[] {
  return (path ?? '')
    .split(',')
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    .filter((name) => name !== '' && name !== '$user' && !name.startsWith('pg_'));
}

/** A part of an operation with its relations named; `own` names the one that the operation is about. */
function named(
  part: unknown,
  own: (table: TableRef) => TableRef,
  other: (table: TableRef) => TableRef,
): unknown {
  if (Array.isArray(part)) return part.map((each: unknown) => named(each, other, other));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]: [string, unknown]) => {
      if (key === 'constraints' || key === 'constraint' || key === 'columns' || key === 'column')
        return [key, named(value, other, other)];
      if (!RELATIONS.has(key)) return [key, value];
      const name = key === 'table' || key === 'view' ? own : other;
      return [key, Array.isArray(value) ? value.map((each) => bare(each, other)) : bare(value, name)];
    }),
  );
}

/** A relation without a schema gets one. */
function bare(value: unknown, name: (table: TableRef) => TableRef): unknown {
  const isBare =
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'schema' in value &&
    value.schema === undefined;
  return isBare ? name(value as unknown as TableRef) : value;
}
