import type { FieldKind } from './domain.ts';

/** What the ORM gives where the source does not say: numbers that JavaScript cannot hold are texts. */
export function rowTypeOf(
  kind: FieldKind,
  isArray: boolean,
  { orm, values }: { readonly orm: 'drizzle' | 'typeorm'; readonly values: readonly string[] | undefined },
): string {
  const one = {
    uuid: 'string',
    text: 'string',
    enum: (values ?? []).map((value) => JSON.stringify(value)).join(' | ') || 'string',
    integer: 'number',
    bigint: orm === 'drizzle' ? 'number' : 'string',
    decimal: 'string',
    float: 'number',
    boolean: 'boolean',
    timestamp: 'Date',
    date: 'string',
    time: 'string',
    json: 'unknown',
    opaque: 'unknown',
  }[kind];
  return isArray ? (one.includes('|') ? `(${one})[]` : `${one}[]`) : one;
}
