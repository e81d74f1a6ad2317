/** String literals (also with dollars), quoted identifiers and plain words: what a rename must tell apart. */
const TOKENS =
  /\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|"((?:[^"]|"")*)"|[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/g;

/** Renames a column where an expression names it; string literals, functions and columns of other tables stay. */
export function renameColumnInSql(sql: string, from: string, to: string): string {
  return replaceIdentifier(
    sql,
    from,
    to,
    (before, after) => !/^\s*[.(]/.test(after) && !/::\s*$/.test(before),
  );
}

/** Renames a table where an expression qualifies a column with it. */
export function renameTableInSql(sql: string, from: string, to: string): string {
  return replaceIdentifier(sql, from, to, (_, after) => /^\s*\./.test(after));
}

function replaceIdentifier(
  sql: string,
  from: string,
  to: string,
  fits: (before: string, after: string) => boolean,
): string {
  return sql.replace(TOKENS, (token: string, _tag: unknown, quoted: string | undefined, at: number) => {
    if (token.startsWith("'") || token.startsWith('$')) return token;
    const isName =
      quoted === undefined ? token.toLowerCase() === from : quoted.replaceAll('""', '"') === from;
    if (!isName || !fits(sql.slice(0, at), sql.slice(at + token.length))) return token;
    return quoted === undefined && /^[a-z_][a-z0-9_]*$/.test(to) ? to : `"${to.replaceAll('"', '""')}"`;
  });
}
