import { codeBlocks } from './markdown-lines.ts';

const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;

/**
 * The SQL of a record's rollback plan: what stands in the SQL blocks under its heading. Undefined where there is none, or
 * nothing but comments and placeholders (`[ROLLBACK SQL]`).
 *
 * @example rollbackSqlOf('## Rollback Plan\n```sql\nDROP TABLE a;\n```') // 'DROP TABLE a;'
 */
export function rollbackSqlOf(record: string): string | undefined {
  const isCode = codeBlocks();
  let isPlan = false;
  let language: string | undefined;
  const lines: string[] = [];
  for (const line of record.split(/\r?\n/)) {
    if (!isCode(line)) {
      language = undefined;
      const heading = HEADING.exec(line)?.[1];
      if (heading !== undefined) isPlan = /^(?:\P{L}*)roll(?:ing)?[ -]?back\b/iu.test(heading);
    } else if (language === undefined) {
      language = /^\s*[`~]+\s*(\w*)/.exec(line)?.[1]?.toLowerCase() ?? '';
    } else if (/^ {0,3}(?:`{3,}|~{3,})\s*$/.test(line)) {
      language = undefined;
    } else if (isPlan && LANGUAGES.has(language)) lines.push(line);
  }
  const sql = lines.join('\n').trim();
  return isEmpty(sql) ? undefined : sql;
}

const LANGUAGES: ReadonlySet<string> = new Set(['sql', 'postgresql', 'postgres', 'pgsql']);

function isEmpty(sql: string): boolean {
  const said = sql.replaceAll(/--[^\n]*|\/\*[^]*?\*\//g, '').trim();
  return said === '' || /^\[[^\]]*\]$/.test(said);
}
