import { columnsOf, SqlFragmentError } from '../../postgres/sql.ts';
import type { Change } from '../change.ts';
import { type DatabaseSchema, displayName, isSameObject, type ObjectName } from '../database-schema.ts';
import { type Dependant, dependantName, detour } from '../dependants.ts';
import { placeOfFailure } from '../place-of-failure.ts';
import type { PlanDocument } from '../plan.ts';
import { conflict, type Resolving } from './context.ts';

/** A change that Postgres refuses while something stands on what it is about. */
interface Refusable {
  readonly what: string;
  readonly table: ObjectName;
  readonly column: string | undefined;
  readonly sql: string;
}

/**
 * Throws `plan-conflict` where a view, a policy or another object stands on a column that is dropped or gets another type,
 * or on a table that is dropped: Postgres refuses that, or takes the object along. All of them are named, with the way.
 */
export async function refuseDependants(
  resolving: Resolving,
  documents: readonly PlanDocument[],
): Promise<void> {
  const refusable = resolving.changes.flatMap((change) => refusableBy(change, resolving));
  if (refusable.length === 0) return;
  const known = (await resolving.context.dependants?.()) ?? [];
  for (const each of refusable) {
    const found = [...known, ...generatedColumns(resolving.initial)].filter((dependant) =>
      keepsFrom(dependant, each, resolving),
    );
    if (found.length === 0) continue;
    const place = placeOfFailure(
      { documents: [...documents] },
      { ...each, message: '', sqlstate: undefined },
    );
    throw conflict(
      resolving,
      place?.path ?? [0],
      `${each.what} while the ${found.map(dependantName).join(', the ')} ${found.length === 1 ? 'stands' : 'stand'} on it`,
      { hint: detour(found) },
    );
  }
}

function refusableBy(change: Change, resolving: Resolving): Refusable[] {
  switch (change.kind) {
    case 'drop-table': {
      const table = formerTable(change.table, resolving);
      const sql = `DROP TABLE "${change.table.name}"`;
      return [
        { what: `the table ${displayName(change.table)} cannot be dropped`, table, column: undefined, sql },
      ];
    }
    case 'drop-column':
      return [columnChange(change.table, change.column, 'dropped', resolving)];
    case 'alter-column':
      return change.type === undefined
        ? []
        : [columnChange(change.table, change.column.name, 'given another type', resolving)];
    case 'create-enum':
    case 'add-enum-value':
    case 'rename-enum-value':
    case 'drop-enum-value':
    case 'drop-enum':
    case 'create-table':
    case 'rename-table':
    case 'rename-column':
    case 'add-column':
    case 'set-primary-key':
    case 'add-unique':
    case 'drop-unique':
    case 'add-index':
    case 'drop-index':
    case 'add-foreign-key':
    case 'alter-foreign-key':
    case 'drop-foreign-key':
    case 'add-check':
    case 'drop-check':
    case 'comment':
    case 'raw-sql':
      return [];
  }
}

function columnChange(
  table: ObjectName,
  column: string,
  what: 'dropped' | 'given another type',
  resolving: Resolving,
): Refusable {
  return {
    what: `${displayName(table)}.${column} cannot be ${what}`,
    table: formerTable(table, resolving),
    column: formerColumn(table, column, resolving),
    sql: `ALTER TABLE "${table.name}" ${what === 'dropped' ? 'DROP' : 'ALTER'} COLUMN "${column}"`,
  };
}

/** The name that the database has before the plan. */
function formerTable(table: ObjectName, { tableRenames }: Resolving): ObjectName {
  return tableRenames.findLast(({ to }) => isSameObject(to, table))?.from ?? table;
}

function formerColumn(table: ObjectName, column: string, { changes }: Resolving): string {
  const rename = changes.find(
    (change) => change.kind === 'rename-column' && isSameObject(change.table, table) && change.to === column,
  );
  return rename?.kind === 'rename-column' ? rename.from : column;
}

function keepsFrom(dependant: Dependant, { table, column, sql }: Refusable, resolving: Resolving): boolean {
  const isOwn = dependant.of !== undefined && isSameObject(dependant.of, table);
  // What belongs to a table goes with it.
  if (column === undefined && isOwn) return false;
  if (
    dependant.kind === 'generated column' &&
    (sql.includes(' DROP COLUMN ') || isDropped(dependant, resolving))
  )
    return false;
  return dependant.standsOn.some(
    (each) =>
      isSameObject(each.table, table) &&
      (column === undefined || (each.columns !== 'all' && each.columns.includes(column))),
  );
}

function isDropped({ name, of }: Dependant, { changes }: Resolving): boolean {
  return changes.some(
    (change) =>
      change.kind === 'drop-column' && change.column === name && of && isSameObject(change.table, of),
  );
}

function generatedColumns({ tables }: DatabaseSchema): Dependant[] {
  return tables.flatMap((table) =>
    table.columns.flatMap(({ name, generated }): Dependant[] =>
      generated === undefined
        ? []
        : [
            {
              kind: 'generated column',
              name,
              of: { schema: table.schema, name: table.name },
              standsOn: [{ table, columns: columnsIn(generated) }],
            },
          ],
    ),
  );
}

function columnsIn(expression: string): readonly string[] {
  try {
    return columnsOf(expression);
  } catch (error) {
    if (error instanceof SqlFragmentError) return [];
    throw error;
  }
}
