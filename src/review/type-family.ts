import { quoteTypeWhereNeeded } from '../postgres/quote.ts';
import { parseType, SqlFragmentError } from '../postgres/sql.ts';
import type { TypeSpec } from './operation.ts';

/** The name of a column's type without its length: `int4` and `integer` are one, so are `text` and `varchar`. */
export function typeFamily(type: TypeSpec | string): string {
  const text = typeof type === 'string' ? type : quoteTypeWhereNeeded(type.name);
  const name = baseName(text);
  const dimensions = typeof type === 'string' ? /(?:\[\d*\])+$/.test(type) : type.isArray;
  return `${FAMILY.get(name) ?? name}${dimensions ? '[]' : ''}`;
}

const FAMILY: ReadonlyMap<string, string> = new Map([
  ['serial', 'integer'],
  ['bigserial', 'bigint'],
  ['smallserial', 'smallint'],
  // The same bytes: no cast, no overflow.
  ['varchar', 'text'],
]);

/** Few types are many columns'; all of them are forgotten where they are not few. */
const names = new Map<string, string>();
const MOST_NAMES = 1000;

function baseName(text: string): string {
  const name = names.get(text) ?? readBaseName(text);
  if (names.size >= MOST_NAMES) names.clear();
  names.set(text, name);
  return name;
}

function readBaseName(text: string): string {
  if (text === '') return text;
  try {
    return parseType(text).name;
  } catch (error) {
    if (error instanceof SqlFragmentError) return text;
    throw error;
  }
}
