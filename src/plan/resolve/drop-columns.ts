import { columnsOf, SqlFragmentError } from '../../postgres/sql.ts';
import type { Change } from '../change.ts';
import { displayName, isSameObject, type TableDef } from '../database-schema.ts';
import type { PlanPath } from '../plan.ts';
import { conflict, emit, type Resolving, tell, tellDone } from './context.ts';
import { hadInTable } from './drops.ts';
import { columnList, findColumn, needColumn, tableNow } from './lookup.ts';
import type { Modifying } from './modify-table.ts';

/**
 * Resolves the drop of a column. What stands on it in its own table goes too, each by a change of its own so that the
 * source loses it; what others hold on to (a key of several columns, a foreign key, a generated column) refuses the drop.
 */
export async function dropColumn(
  resolving: Resolving,
  modifying: Modifying,
  name: string,
  path: PlanPath,
): Promise<void> {
  const table = tableNow(resolving, modifying.table);
  if (!findColumn(table, name)) {
    if (await hadInTable(resolving, modifying, 'column', name))
      return tellDone(resolving, `drop of column ${name}`, path);
    needColumn(resolving, table, name, path);
  }
  refuseReferred(resolving, table, name, path);
  refuseGenerated(resolving, table, name, path);
  refuseLast(resolving, table, name, path);
  dropKey(resolving, table, name, path);
  for (const { change, label } of dependants(table, name)) {
    tell(resolving, 'dropped-with-column', `${label} goes with column ${name}`, path);
    emit(resolving, change);
  }
  emit(resolving, { kind: 'drop-column', table: modifying.table, column: name });
}

function refuseReferred(resolving: Resolving, table: TableDef, name: string, path: PlanPath): void {
  for (const owner of resolving.schema.tables) {
    const key = owner.foreignKeys.find(
      (candidate) =>
        isSameObject(candidate.references, table) &&
        candidate.references.columns.includes(name) &&
        !(isSameObject(owner, table) && candidate.columns.includes(name)),
    );
    if (!key) continue;
    throw conflict(
      resolving,
      path,
      `${displayName(table)}.${name} is referred to by the foreign key ${key.name} of ${displayName(owner)}`,
      {
        hint: 'Drop that foreign key in the same plan, in a document before this one.',
      },
    );
  }
}

function refuseGenerated(resolving: Resolving, table: TableDef, name: string, path: PlanPath): void {
  const generated = table.columns.find(
    (column) => column.name !== name && column.generated !== undefined && namesColumn(column.generated, name),
  );
  if (!generated) return;
  throw conflict(resolving, path, `the generated column ${generated.name} is computed from ${name}`, {
    hint: `Drop ${generated.name} before it in the same list.`,
  });
}

function refuseLast(resolving: Resolving, table: TableDef, name: string, path: PlanPath): void {
  if (table.columns.length > 1) return;
  throw conflict(resolving, path, `${name} is the last column of ${displayName(table)}`, {
    hint: "To drop the table itself, write migration_type: 'drop_table'.",
  });
}

/** A key on this column alone goes with it; one of several columns must be said anew. */
function dropKey(resolving: Resolving, table: TableDef, name: string, path: PlanPath): void {
  const { primaryKey } = table;
  if (!primaryKey?.columns.includes(name)) return;
  if (primaryKey.columns.length === 1)
    return tell(
      resolving,
      'primary-key-dropped',
      `the primary key of ${displayName(table)} goes with column ${name}`,
      path,
      'warning',
    );
  const rest = primaryKey.columns.filter((column) => column !== name);
  throw conflict(
    resolving,
    path,
    `${name} is part of the primary key ${columnList(primaryKey.columns)} of ${displayName(table)}`,
    {
      hint: `Say the new key in the same plan: primary_key: [${rest.join(', ')}].`,
    },
  );
}

interface Dependant {
  readonly change: Change;
  readonly label: string;
}

function dependants(table: TableDef, name: string): Dependant[] {
  return [
    ...table.foreignKeys
      .filter((key) => key.columns.includes(name))
      .map((foreignKey) => ({
        change: { kind: 'drop-foreign-key', table: nameOf(table), foreignKey } as const,
        label: `foreign key ${foreignKey.name}`,
      })),
    ...table.checks
      .filter((check) => namesColumn(check.expression, name))
      .map((check) => ({
        change: { kind: 'drop-check', table: nameOf(table), check } as const,
        label: `check ${check.name}`,
      })),
    ...table.uniques
      .filter((unique) => unique.columns.includes(name))
      .map((unique) => ({
        change: { kind: 'drop-unique', table: nameOf(table), unique } as const,
        label: `unique constraint ${unique.name}`,
      })),
    ...table.indexes
      .filter((index) => indexHas(index, name))
      .map((index) => ({
        change: { kind: 'drop-index', table: nameOf(table), index } as const,
        label: `index ${index.name}`,
      })),
  ];
}

function indexHas(index: TableDef['indexes'][number], name: string): boolean {
  const inKeys = index.columns.some((column) =>
    column.isExpression ? namesColumn(column.expression, name) : column.expression === name,
  );
  return inKeys || (index.where !== undefined && namesColumn(index.where, name));
}

/** What cannot be read is searched for the word. */
function namesColumn(expression: string, name: string): boolean {
  try {
    return columnsOf(expression).includes(name);
  } catch (error) {
    if (error instanceof SqlFragmentError) return expression.split(/[^\w$]+/).includes(name);
    throw error;
  }
}

function nameOf({ schema, name }: TableDef) {
  return { schema, name };
}
