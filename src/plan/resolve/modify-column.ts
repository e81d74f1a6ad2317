import type { AlterColumn } from '../change.ts';
import { type ColumnDef, displayName, findEnum, type TableDef } from '../database-schema.ts';
import { readDefault } from '../fragments.ts';
import type { PlanModifyColumn, PlanPath } from '../plan.ts';
import { columnsOf, parseType, sameType } from '../../postgres/sql.ts';
import { tellNulls } from './advice.ts';
import { baseType } from '../serial.ts';
import { conflict, emit, type Resolving, tell, tellDone } from './context.ts';
import { impliedUsing } from './implied-using.ts';
import { findColumn, needColumn, tableNow } from './lookup.ts';
import type { Modifying } from './modify-table.ts';
import { renameColumnInSql, renameTableInSql } from './rename-in-sql.ts';
import { sameSql } from './same.ts';
import { serialEntry } from './serial-column.ts';
import { needKnownType } from './types.ts';

/** Resolves what becomes of a column beyond its name; what it is already is left out. */
export function modifyColumn(
  resolving: Resolving,
  modifying: Modifying,
  written: PlanModifyColumn,
  path: PlanPath,
): void {
  const table = tableNow(resolving, modifying.table);
  const column = columnNow(resolving, modifying, table, written, path);
  const serial = serialEntry(resolving, column, written, path);
  const entry = serial ?? written;
  const alteration: Pick<AlterColumn, 'type' | 'notNull' | 'default'> = {
    ...typeChange(resolving, modifying, column, entry, path, serial !== undefined),
    ...nullChange(resolving, table, column, entry, path),
    ...defaultChange(resolving, table, column, entry, path),
  };
  if (Object.keys(alteration).length > 0) {
    emit(resolving, { kind: 'alter-column', table: modifying.table, column, ...alteration });
    const after = tableNow(resolving, modifying.table);
    for (const key of after.foreignKeys)
      if (alteration.notNull && key.columns.includes(column.name))
        tellNulls(resolving, after, key, [...path, 'nullable']);
    return;
  }
  const asksForMore = [entry.new_type, entry.nullable, entry.default, entry.drop_default].some(
    (value) => value !== undefined,
  );
  if (asksForMore) tellDone(resolving, `change of column ${column.name}`, path);
}

/** The entry may call the column by the name that it had before the plan's renames. */
function columnNow(
  resolving: Resolving,
  { document }: Modifying,
  table: TableDef,
  entry: PlanModifyColumn,
  path: PlanPath,
): ColumnDef {
  const renamed = document.changes.rename_columns?.find(({ from }) => from === entry.name)?.to;
  const name = entry.rename_to ?? (findColumn(table, entry.name) ? entry.name : (renamed ?? entry.name));
  return needColumn(resolving, table, name, [...path, 'name']);
}

function typeChange(
  resolving: Resolving,
  modifying: Modifying,
  column: ColumnDef,
  entry: PlanModifyColumn,
  path: PlanPath,
  isOfSequence: boolean,
): Pick<AlterColumn, 'type'> {
  const { old_type: oldType, new_type: newType, using } = entry;
  const isOf = (type: string): boolean =>
    sameType(type, column.type) || sameType(type, baseType(column.type));
  // Of a serial column its integer type is done already, unless the sequence comes or goes.
  const done = newType !== undefined && (isOfSequence ? sameType(newType, column.type) : isOf(newType));
  if (oldType !== undefined && !done && !isOf(oldType)) {
    throw conflict(
      resolving,
      [...path, 'old_type'],
      `the plan is stale: ${column.name} is ${column.type}, not ${parseType(oldType).text}`,
      {
        code: 'plan-stale',
        hint: `Look at the change again, then write old_type: '${column.type}'.`,
      },
    );
  }
  if (newType === undefined || done) return {};
  needKnownType(resolving, newType, [...path, 'new_type']);
  if (using !== undefined && column.generated !== undefined)
    throw conflict(
      resolving,
      [...path, 'using'],
      `${column.name} is a generated column: Postgres computes it anew and takes no USING`,
    );
  const to = parseType(newType).text;
  if (using !== undefined)
    return { type: { to, using: usingNow(resolving, modifying, using, [...path, 'using']) } };
  return { type: { to, using: tellUsing(resolving, column, to, [...path, 'new_type']) } };
}

/** The cast that Postgres has and does not make by itself. */
function tellUsing(
  resolving: Resolving,
  { name, type, generated }: ColumnDef,
  to: string,
  path: PlanPath,
): string | undefined {
  if (generated !== undefined) return undefined;
  const using = impliedUsing({
    column: name,
    from: baseType(type),
    to,
    isEnum: (each) =>
      findEnum(resolving.schema, { schema: each.schema ?? 'public', name: each.name }) !== undefined,
  });
  if (using !== undefined)
    tell(
      resolving,
      'implied-using',
      `${name} is converted with USING ${using}: write using: for another way`,
      path,
    );
  return using;
}

/** The USING of a type change, which may call columns and table by the names that they had before the plan's renames. */
function usingNow(
  resolving: Resolving,
  { table: name, formerTable, document }: Modifying,
  using: string,
  path: PlanPath,
): string {
  const table = tableNow(resolving, name);
  const renames = [
    ...(document.changes.rename_columns ?? []),
    ...(document.changes.modify_columns ?? []).flatMap(({ name: from, rename_to: to }) =>
      to === undefined ? [] : [{ from, to }],
    ),
  ];
  const followed = renames
    .filter(({ from }) => !findColumn(table, from))
    .reduce(
      (sql, { from, to }) => renameColumnInSql(sql, from, to),
      renameTableInSql(using.trim(), formerTable.name, table.name),
    );
  for (const column of columnsOf(followed)) needColumn(resolving, table, column, path);
  return followed;
}

function nullChange(
  resolving: Resolving,
  table: TableDef,
  column: ColumnDef,
  entry: PlanModifyColumn,
  path: PlanPath,
): Pick<AlterColumn, 'notNull'> {
  const { nullable } = entry;
  if (nullable === undefined || nullable === !column.notNull) return {};
  if (nullable && table.primaryKey?.columns.includes(column.name)) {
    throw conflict(
      resolving,
      [...path, 'nullable'],
      `${column.name} is in the primary key of ${displayName(table)} and cannot be null`,
      { hint: 'Change the primary key first (primary_key: […]).' },
    );
  }
  if (nullable && column.identity)
    throw conflict(
      resolving,
      [...path, 'nullable'],
      `${column.name} is an identity column and cannot be null`,
    );
  return { notNull: !nullable };
}

function defaultChange(
  resolving: Resolving,
  table: TableDef,
  column: ColumnDef,
  entry: PlanModifyColumn,
  path: PlanPath,
): Pick<AlterColumn, 'default'> {
  const key = entry.default === undefined ? 'drop_default' : 'default';
  if (entry.default === undefined && entry.drop_default !== true) return {};
  const kind =
    column.generated !== undefined
      ? 'a generated column'
      : column.identity
        ? 'an identity column'
        : undefined;
  if (kind && key === 'default')
    throw conflict(resolving, [...path, key], `${column.name} is ${kind} and takes no default`);
  const wanted = entry.default === undefined ? undefined : readDefault(entry.default, [...path, key]);
  if (sameSql(wanted, column.default, table.name)) return {};
  return { default: { set: wanted?.toLowerCase() === 'null' ? undefined : wanted } };
}
