/** The quote that a file writes its strings with. */
export type Quote = "'" | '"';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
};

/**
 * A text as a JavaScript string literal in the given quotes, or in the others where that saves escapes (as prettier
 * and ESLint's avoidEscape have it).
 *
 * @example stringLiteral("it's", "'") // "it's" in double quotes
 */
export function stringLiteral(text: string, preferred: Quote): string {
  const other = preferred === "'" ? '"' : "'";
  const quote = text.includes(preferred) && !text.includes(other) ? other : preferred;
  const escaped = text.replace(/[\\\n\r\t\0\u2028\u2029]|'|"/g, (character) =>
    escapeCharacter(character, quote),
  );
  return `${quote}${escaped}${quote}`;
}

/** SQL as drizzle's tagged template: sql`…`, with what JavaScript would read itself escaped. */
export function sqlTemplate(sql: string, tag = 'sql'): string {
  return `${tag}\`${sql.replace(/\\|`|\$\{/g, (match) => `\\${match}`)}\``;
}

function escapeCharacter(character: string, quote: Quote): string {
  if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
  return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16)}`;
}

/** Plain data (of JSON) as a JavaScript literal: keys bare where they can be. */
export function dataLiteral(value: unknown, quote: Quote): string {
  if (typeof value === 'string') return stringLiteral(value, quote);
  if (Array.isArray(value)) return `[${value.map((item) => dataLiteral(item, quote)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${propertyKey(key, quote)}: ${dataLiteral(item, quote)}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** A key of an object literal: bare when it is an identifier. */
export function propertyKey(key: string, quote: Quote): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : stringLiteral(key, quote);
}
