import { scanSql } from '../postgres/parse.ts';

/** The string literals of a statement, unquoted; none where it cannot be scanned. */
export function stringsIn(sql: string): string[] {
  try {
    return scanSql(sql)
      .filter(({ tokenName }) => tokenName === 'SCONST')
      .map(({ text }) => text.slice(1, -1).replaceAll("''", "'"));
  } catch {
    return [];
  }
}
