import { scanSql } from '../postgres/parse.ts';
import { byteLength, utf16OffsetsByByte } from '../postgres/parser.ts';
import { quoteWhereNeeded } from '../postgres/quote.ts';

/** NAMEDATALEN - 1. */
const LONGEST_NAME = 63;

/** Most statements need not be scanned: a character of ASCII is one byte, any other is three at most. */
const MAY_BE_LONG_ASCII = /[\w$]{64}|"(?:[^"]|""){64}/;
const MAY_BE_LONG = /[\w$\u0080-\uffff]{21}|"(?:[^"]|""){21}/;

interface LongName {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Identifiers of a statement that Postgres would cut, in order. The parser has cut them already: the scanner has not. */
export function longNames(sql: string): string[] {
  return find(sql).map(({ name }) => name);
}

/** The statement with the names that Postgres makes of the long ones. */
export function shortened(sql: string): string {
  return find(sql).reduceRight(
    (text, { name, start, end }) => text.slice(0, start) + quoteWhereNeeded(cut(name)) + text.slice(end),
    sql,
  );
}

function find(sql: string): LongName[] {
  if (!(byteLength(sql) === sql.length ? MAY_BE_LONG_ASCII : MAY_BE_LONG).test(sql)) return [];
  const offsets = utf16OffsetsByByte(sql);
  try {
    return scanSql(sql).flatMap(({ tokenName, text, start, end }): LongName[] => {
      if (tokenName !== 'IDENT' && tokenName !== 'UIDENT') return [];
      const name = text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
      return byteLength(name) > LONGEST_NAME
        ? [{ name, start: offsets[start] ?? 0, end: offsets[end] ?? sql.length }]
        : [];
    });
  } catch {
    // No statement that the scanner gets through: `unanalysable`.
    return [];
  }
}

/** Postgres never cuts a character in two. */
function cut(name: string): string {
  let kept = '';
  for (const character of name) {
    if (byteLength(kept + character) > LONGEST_NAME) break;
    kept += character;
  }
  return kept;
}
