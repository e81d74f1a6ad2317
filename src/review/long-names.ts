import { scanSync } from 'libpg-query';
import { byteLength } from '../postgres/parser.ts';

/** NAMEDATALEN - 1. */
const LONGEST_NAME = 63;

/** Identifiers of a statement that Postgres would cut, in order. The parser has cut them already: the scanner has not. */
export function longNames(sql: string): string[] {
  if (sql.length <= LONGEST_NAME) return [];
  try {
    return scanSync(sql)
      .tokens.filter(({ tokenName }) => tokenName === 'IDENT' || tokenName === 'UIDENT')
      .map(({ text }) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text))
      .filter((name) => byteLength(name) > LONGEST_NAME);
  } catch {
    return [];
  }
}
