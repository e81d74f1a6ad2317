import { scanSync } from 'libpg-query';

/** The string literals of a statement, unquoted; none where it cannot be scanned. */
export function stringsIn(sql: string): string[] {
  try {
    return scanSync(sql)
      .tokens.filter(({ tokenName }) => tokenName === 'SCONST')
      .map(({ text }) => text.slice(1, -1).replaceAll("''", "'"));
  } catch {
    return [];
  }
}
