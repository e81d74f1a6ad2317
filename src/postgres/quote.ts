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

/** A name quoted only where Postgres would otherwise fold its case or misread it. Reserved words are not known here. */
export function quoteWhereNeeded(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : quoteIdentifier(name);
}
