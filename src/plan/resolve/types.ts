import { parseType, SqlFragmentError } from '../../postgres/sql.ts';
import type { DatabaseSchema } from '../database-schema.ts';
import type { PlanPath } from '../plan.ts';
import { didYouMean, nearest } from '../suggest.ts';
import { conflict, type Resolving } from './context.ts';
import { KNOWN_TYPES } from './known-types.ts';

/**
 * Throws `plan-conflict` for a type name that looks like a slip of a known one. A name that nothing here is near to may
 * be a domain or an extension's: Postgres has the last word on it.
 */
export function needKnownType(resolving: Resolving, type: string, path: PlanPath): void {
  const { name, schema } = parseType(type);
  const qualified = schema === undefined || schema === 'public' ? name : `${schema}.${name}`;
  if ((schema === undefined && KNOWN_TYPES.has(name)) || usedTypes(resolving.schema).has(qualified)) return;
  const elsewhere = resolving.schema.enums.find((item) => item.name === name);
  if (elsewhere)
    throw conflict(resolving, path, `there is no type "${qualified}"`, {
      hint: `There is one in the schema ${elsewhere.schema}: write ${elsewhere.schema}.${name}.`,
    });
  const known = [
    ...enumNames(resolving.schema),
    ...[...KNOWN_TYPES].filter((candidate) => candidate.length > 3),
  ];
  if (nearest(qualified, known).length === 0) return;
  throw conflict(resolving, path, `there is no type "${qualified}"`, { hint: didYouMean(qualified, known) });
}

function enumNames(schema: DatabaseSchema): string[] {
  return schema.enums.map((item) => (item.schema === 'public' ? item.name : `${item.schema}.${item.name}`));
}

/** Enums, and whatever a column has as its type already. */
function usedTypes(schema: DatabaseSchema): ReadonlySet<string> {
  const used = new Set(enumNames(schema));
  const texts = new Set(schema.tables.flatMap((table) => table.columns.map((column) => column.type)));
  for (const text of texts) {
    const name = typeNameOf(text);
    if (name !== undefined) used.add(name);
  }
  return used;
}

function typeNameOf(text: string): string | undefined {
  try {
    const { name, schema } = parseType(text);
    return schema === undefined || schema === 'public' ? name : `${schema}.${name}`;
  } catch (error) {
    if (error instanceof SqlFragmentError) return undefined;
    throw error;
  }
}
