import { COLUMN_WORDS, RESERVED_WORDS } from './keywords.ts';

/**
 * A name as an identifier in SQL: always in double quotes, as drizzle-kit writes it.
 *
 * @example quoteIdentifier('order') // '"order"'
 */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A text as a string literal in SQL. Backslashes stay as they are (standard_conforming_strings).
 *
 * @example quoteLiteral("it's") // "'it''s'"
 */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name quoted where Postgres would fold its case or read a word of its own: as `quote_ident` has it. */
export function quoteWhereNeeded(name: string): string {
  return isPlain(name) && !RESERVED_WORDS.has(name) && !COLUMN_WORDS.has(name) ? name : quoteIdentifier(name);
}

/** The name of a type, quoted where needed: words of types stay as they are (`interval`). */
export function quoteTypeWhereNeeded(name: string): string {
  return isPlain(name) && !RESERVED_WORDS.has(name) ? name : quoteIdentifier(name);
}

function isPlain(name: string): boolean {
  return /^[a-z_][a-z0-9_$]*$/.test(name);
}
