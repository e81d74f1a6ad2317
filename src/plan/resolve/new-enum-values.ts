import { type EnumInSql, usesLabel } from '../../postgres/sql.ts';
import type { Change } from '../change.ts';
import {
  type ColumnDef,
  displayName,
  findEnum,
  findTable,
  isSameObject,
  type ObjectName,
} from '../database-schema.ts';
import type { PlanDocument, PlanPath } from '../plan.ts';
import { conflict, type Resolving } from './context.ts';
import { isOfEnum, isTypeOfEnum } from './enum-type.ts';

type AddedValue = Extract<Change, { kind: 'add-enum-value' }>;

/**
 * Refuses a plan that adds a value to an enum and uses it: Postgres lets no transaction use a value that it has added
 * (55P04), and drizzle's migrator runs all pending migrations in one. A value of an enum that the plan itself makes is
 * free, and so is one of an enum that loses a value: the differ makes that type anew. Throws `plan-conflict` at the value.
 */
export function refuseUseOfNewValues(resolving: Resolving, documents: readonly PlanDocument[]): void {
  const added = resolving.changes.filter((change) => change.kind === 'add-enum-value');
  for (const change of added) {
    if (!findEnum(resolving.initial, change.enum) || isMadeAnew(resolving, change.enum)) continue;
    const use = resolving.changes.flatMap((other) => usesOf(resolving, other, change)).at(0);
    if (use === undefined) continue;
    throw conflict(
      resolving,
      placeOf(documents, change),
      `'${change.value}' is added to enum ${displayName(change.enum)} and used in the same migration: ${use}`,
      {
        hint: 'Postgres lets a new value be used only when the transaction that added it is over, and all pending migrations run in one. Make two plans of it: one that adds the value, and, once that one is deployed, one that uses it.',
      },
    );
  }
}

function isMadeAnew(resolving: Resolving, name: ObjectName): boolean {
  return resolving.changes.some(
    (change) => change.kind === 'drop-enum-value' && isSameObject(change.enum, name),
  );
}

function placeOf(documents: readonly PlanDocument[], { enum: name, value }: AddedValue): PlanPath {
  for (const [index, document] of documents.entries()) {
    if (document.migration_type !== 'modify_enum') continue;
    if (!isSameObject({ schema: document.schema ?? 'public', name: document.enum_name }, name)) continue;
    const entry = document.changes.add_values?.findIndex((candidate) => candidate.value === value) ?? -1;
    if (entry !== -1) return [index, 'changes', 'add_values', entry, 'value'];
  }
  return [0];
}

/** Where a change uses the value, in words; a default of a column of the enum stands for it as a whole. */
function usesOf(resolving: Resolving, change: Change, added: AddedValue): string[] {
  const { expressions, defaults } = sqlOf(change);
  if (expressions.length + defaults.length === 0 || !('table' in change)) return [];
  const type = enumInSql(columnsOf(resolving, change), added.enum);
  const name = displayName(change.table);
  return [
    ...defaults
      .filter(({ column, sql }) =>
        usesLabel(sql, added.value, type, { is: isOfEnum(column, added.enum) ? 'enum' : 'anything' }),
      )
      .map(({ column }) => `the default of ${name}.${column.name}`),
    ...expressions
      .filter(({ sql }) => usesLabel(sql, added.value, type))
      .map(({ what }) => `${what} of ${name}`),
  ];
}

interface ChangeSql {
  readonly expressions: readonly { readonly what: string; readonly sql: string }[];
  readonly defaults: readonly { readonly column: ColumnDef; readonly sql: string }[];
}

function sqlOf(change: Change): ChangeSql {
  switch (change.kind) {
    case 'create-table': {
      const { columns, checks, indexes } = change.table;
      return {
        expressions: [...columns.flatMap(generatedOf), ...checks.map(checkSql), ...indexes.flatMap(indexSql)],
        defaults: columns.flatMap(defaultOf),
      };
    }
    case 'add-column':
      return { expressions: generatedOf(change.column), defaults: defaultOf(change.column) };
    case 'alter-column': {
      const column = { ...change.column, type: change.type?.to ?? change.column.type };
      const sql = change.default ? change.default.set : column.default;
      const using = change.type?.using;
      return {
        expressions: using === undefined ? [] : [{ what: `the USING of ${column.name}`, sql: using }],
        defaults: sql === undefined || !(change.default || change.type) ? [] : [{ column, sql }],
      };
    }
    case 'add-index':
      return { expressions: indexSql(change.index), defaults: [] };
    case 'add-check':
      return { expressions: [checkSql(change.check)], defaults: [] };
    case 'create-enum':
    case 'add-enum-value':
    case 'rename-enum-value':
    case 'drop-enum-value':
    case 'drop-enum':
    case 'rename-table':
    case 'drop-table':
    case 'rename-column':
    case 'drop-column':
    case 'set-primary-key':
    case 'add-unique':
    case 'drop-unique':
    case 'drop-index':
    case 'add-foreign-key':
    case 'alter-foreign-key':
    case 'drop-foreign-key':
    case 'drop-check':
    case 'comment':
    case 'raw-sql':
      return { expressions: [], defaults: [] };
  }
}

function generatedOf({ name, generated }: ColumnDef): ChangeSql['expressions'] {
  return generated === undefined ? [] : [{ what: `the generated column ${name}`, sql: generated }];
}

function defaultOf(column: ColumnDef): ChangeSql['defaults'] {
  return column.default === undefined ? [] : [{ column, sql: column.default }];
}

function checkSql(check: { name: string; expression: string }): ChangeSql['expressions'][number] {
  return { what: `the check ${check.name}`, sql: check.expression };
}

function indexSql(index: Extract<Change, { kind: 'add-index' }>['index']): ChangeSql['expressions'] {
  const expressions = index.columns
    .filter((column) => column.isExpression)
    .map(({ expression }) => expression);
  return [...expressions, ...(index.where === undefined ? [] : [index.where])].map((sql) => ({
    what: `the index ${index.name}`,
    sql,
  }));
}

/** All columns that the table has on the way: an expression was read against one of these states. */
function columnsOf(resolving: Resolving, change: Extract<Change, { table: ObjectName }>): ColumnDef[] {
  const states = [resolving.schema, resolving.initial].map((schema) => findTable(schema, change.table));
  return [
    ...(change.kind === 'create-table' ? change.table.columns : []),
    ...states.flatMap((table) => table?.columns ?? []),
  ];
}

function enumInSql(columns: readonly ColumnDef[], name: ObjectName): EnumInSql {
  const ofEnum = new Set(columns.filter((column) => isOfEnum(column, name)).map((column) => column.name));
  return { hasColumn: (column) => ofEnum.has(column), isType: (type) => isTypeOfEnum(type, name) };
}
