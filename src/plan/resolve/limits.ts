import { createIndexSql, dropIndexSql, foreignKeySql, qualified } from '../ddl-text.ts';
import { type ForeignKeyDef, type IndexDef, type ObjectName } from '../database-schema.ts';
import type { PlanPath } from '../plan.ts';
import { quoteIdentifier } from '../../postgres/quote.ts';
import type { Capabilities } from './capabilities.ts';
import { conflict, emit, type Resolving, tellDone } from './context.ts';

/** What the plan asks for beyond the definition that the ORM can express. */
export type Extra =
  | { readonly kind: 'collation'; readonly collation: string }
  | { readonly kind: 'include'; readonly columns: readonly string[] }
  | { readonly kind: 'order' | 'expression' | 'opclass' | 'method' }
  | { readonly kind: 'deferrable'; readonly when: string }
  | { readonly kind: 'nulls-not-distinct' };

interface Limit {
  readonly capability: keyof Omit<Capabilities, 'orm'>;
  readonly what: string;
  readonly otherwise: string;
}

const LIMITS: Readonly<Record<Extra['kind'], Limit>> = {
  collation: {
    capability: 'collation',
    what: 'COLLATE',
    otherwise: 'To have tableplan append the SQL to the migration by hand, say raw: true on this field.',
  },
  include: {
    capability: 'indexInclude',
    what: 'include',
    otherwise: 'To have tableplan append the SQL to the migration by hand, say raw: true on this index.',
  },
  order: {
    capability: 'indexOrder',
    what: 'an order',
    otherwise: 'To have tableplan append the SQL to the migration by hand, say raw: true on this index.',
  },
  expression: {
    capability: 'indexExpression',
    what: 'an index on an expression',
    otherwise: 'To have tableplan append the SQL to the migration by hand, say raw: true on this index.',
  },
  opclass: {
    capability: 'operatorClass',
    what: 'an operator class',
    otherwise: 'To have tableplan append the SQL to the migration by hand, say raw: true on this index.',
  },
  method: {
    capability: 'indexMethods',
    what: 'an index method that does not come with Postgres',
    otherwise: 'To have tableplan append the SQL to the migration by hand, say raw: true on this index.',
  },
  deferrable: {
    capability: 'deferrableForeignKey',
    what: 'a deferrable foreign key',
    otherwise:
      'To have tableplan append the SQL to the migration by hand, say raw: true on this foreign key.',
  },
  'nulls-not-distinct': {
    capability: 'nullsNotDistinct',
    what: 'NULLS NOT DISTINCT',
    otherwise: 'Write it into a migration by hand.',
  },
};

/**
 * Whether the SQL must be written by hand because the ORM cannot express one of these. Throws `plan-not-supported` when it
 * cannot and the entry does not say `raw: true`.
 */
export function needsRaw(
  resolving: Resolving,
  extras: readonly Extra[],
  entry: { readonly raw?: boolean | undefined; readonly path: PlanPath },
): boolean {
  const { capabilities } = resolving.context;
  const extra = extras.find(({ kind }) => !capabilities[LIMITS[kind].capability]);
  if (!extra) return false;
  if (entry.raw === true && extra.kind !== 'nulls-not-distinct') return true;
  const { what, otherwise } = LIMITS[extra.kind];
  throw conflict(resolving, entry.path, `${capabilities.orm} cannot express ${what}`, {
    code: 'plan-not-supported',
    hint: otherwise,
  });
}

/** Emits a statement that no source can hold, unless an earlier migration has it. */
export async function emitRaw(
  resolving: Resolving,
  raw: { table: ObjectName; up: string; down: string; summary: string },
  path: PlanPath,
): Promise<void> {
  if (await resolving.context.hasStatement?.(raw.up)) return tellDone(resolving, raw.summary, path);
  emit(resolving, { kind: 'raw-sql', ...raw });
}

export function rawIndex(table: ObjectName, index: IndexDef, include: readonly string[] | undefined) {
  return {
    table,
    up: createIndexSql(table, index, { include }),
    down: dropIndexSql(table, index.name),
    summary: `index ${index.name}`,
  };
}

export function rawForeignKey(table: ObjectName, key: ForeignKeyDef) {
  return {
    table,
    up: `ALTER TABLE ${qualified(table)} ADD ${foreignKeySql(key)}`,
    down: `ALTER TABLE ${qualified(table)} DROP CONSTRAINT ${quoteIdentifier(key.name)}`,
    summary: `foreign key ${key.name}`,
  };
}

export function rawCollation(
  table: ObjectName,
  column: { readonly name: string; readonly type: string },
  collation: string,
) {
  const alter = `ALTER TABLE ${qualified(table)} ALTER COLUMN ${quoteIdentifier(column.name)} TYPE ${column.type}`;
  const name = collation.split('.').map(quoteIdentifier).join('.');
  return {
    table,
    up: `${alter} COLLATE ${name}`,
    down: `${alter} COLLATE "default"`,
    summary: `collation of ${column.name}`,
  };
}
