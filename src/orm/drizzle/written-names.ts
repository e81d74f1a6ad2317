import { quoteIdentifier } from '../../postgres/quote.ts';

/** A table as drizzle-kit 0.31 writes it in ALTER TABLE: the schema only where it is not public. */
export function tableName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  const quoted = quoteIdentifier(name);
  return schema === '' || schema === 'public' ? quoted : `${quoteIdentifier(schema)}.${quoted}`;
}

/** An enum or a view as drizzle-kit writes it: always with its schema. */
export function qualifiedName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${quoteIdentifier(schema || 'public')}.${quoteIdentifier(name)}`;
}
