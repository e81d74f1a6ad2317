import { createHash } from 'node:crypto';
import type { DatabaseSchema, ObjectName } from './database-schema.ts';
import { type IndexConvention, indexConventionOf, writeIndexName } from './index-convention.ts';
import { byteLength } from '../postgres/parser.ts';
import { LONGEST_NAME } from './names.ts';

/** A derived name. `named`: it is not the one that the ORM derives itself, so the source must spell it out. */
export interface DerivedName {
  readonly name: string;
  readonly named: boolean;
}

/** How objects are called that the plan gives no name. */
export interface Naming {
  readonly primaryKey: (table: ObjectName, columns: readonly string[]) => DerivedName;
  readonly unique: (table: ObjectName, columns: readonly string[]) => DerivedName;
  readonly foreignKey: (
    table: ObjectName,
    columns: readonly string[],
    target: ObjectName,
    targetColumns: readonly string[],
  ) => DerivedName;
  /** Always spelled out in the source. `columns`: those that an expression refers to, for an index on one. */
  readonly index: (
    table: ObjectName,
    columns: readonly string[],
    kind: { readonly unique: boolean },
  ) => string;
  readonly check: (table: ObjectName, columns: readonly string[]) => string;
  /** The enum that the ORM makes for a column and renames with it; not there where enums stand alone. */
  readonly enum?: ((table: ObjectName, column: string) => ObjectName) | undefined;
}

/**
 * The names that drizzle-orm 0.45 and drizzle-kit 0.31 derive (measured by running them). A key written on its own
 * column is left to Postgres, which calls it `{table}_pkey`; a composite one is `{table}_{columns}_pk`.
 */
export const drizzleNames = {
  inlineKey: (table: string) => `${table}_pkey`,
  compositeKey: (table: string, columns: readonly string[]) => [table, ...columns, 'pk'].join('_'),
  unique: (table: string, columns: readonly string[]) => [table, ...columns, 'unique'].join('_'),
  foreignKey: (table: string, columns: readonly string[], target: string, targetColumns: readonly string[]) =>
    [table, ...columns, target, ...targetColumns, 'fk'].join('_'),
  /** What `index()` without a name becomes. */
  index: (table: string, columns: readonly string[]) => [table, ...columns, 'index'].join('_'),
} as const;

/** Drizzle's own names, and for indexes the convention of the current schema, else `{table}_{columns}_idx`. */
export function drizzleNaming(current: DatabaseSchema): Naming {
  const conventions = {
    plain: indexConventionOf(current, { unique: false }),
    unique: indexConventionOf(current, { unique: true }),
  };
  const fallback: IndexConvention = { table: 'as-is', template: '{table}_{columns}_idx' };
  return {
    primaryKey: (table, columns) =>
      fitted(
        columns.length === 1
          ? drizzleNames.inlineKey(table.name)
          : drizzleNames.compositeKey(table.name, columns),
      ),
    unique: (table, columns) => fitted(drizzleNames.unique(table.name, columns)),
    foreignKey: (table, columns, target, targetColumns) =>
      fitted(drizzleNames.foreignKey(table.name, columns, target.name, targetColumns)),
    index: (table, columns, { unique }) =>
      fitName(
        writeIndexName(
          (unique ? conventions.unique : undefined) ?? conventions.plain ?? fallback,
          table.name,
          columns,
        ),
      ),
    check: (table, columns) => fitName([table.name, ...columns, 'check'].join('_')),
  };
}

function fitted(derived: string): DerivedName {
  const name = fitName(derived);
  return { name, named: name !== derived };
}

/** Hexadecimal digits of the hash that keeps shortened names apart. */
const HASH_LENGTH = 8;

/**
 * A derived name as Postgres keeps it: at most 63 bytes. A longer one loses its middle to a hash of the whole, so
 * that it stays distinct and its ending still says what it is; the same name is always shortened the same way.
 */
export function fitName(derived: string): string {
  if (byteLength(derived) <= LONGEST_NAME) return derived;
  const ending = /_[a-z]{2,6}$/.exec(derived)?.[0] ?? '';
  const hash = createHash('sha256').update(derived).digest('hex').slice(0, HASH_LENGTH);
  return `${startWithin(derived, LONGEST_NAME - ending.length - HASH_LENGTH - 1)}_${hash}${ending}`;
}

/** The longest start of whole characters that fits, without underscores at its end. */
function startWithin(text: string, bytes: number): string {
  let start = '';
  for (const character of text) {
    if (byteLength(start + character) > bytes) break;
    start += character;
  }
  return start.replace(/_+$/, '');
}
