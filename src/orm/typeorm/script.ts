import { quoteLiteral } from '../../postgres/quote.ts';
import type { Query } from './child/child.ts';

/** Queries as one SQL script, for review, rehearsal and the record: parameters stand in it as literals. */
export function asScript(queries: readonly Query[]): string {
  return queries.map((query) => ended(asStatement(query))).join('\n');
}

/** A statement with its semicolon, which a comment at the end would swallow. */
export function ended(sql: string): string {
  const text = sql.trimEnd().replace(/;$/, '');
  const last = text.slice(text.lastIndexOf('\n') + 1);
  return last.includes('--') ? `${text}\n;` : `${text};`;
}

/** One query with its parameters in their places. */
export function asStatement({ sql, parameters = [] }: Query): string {
  if (parameters.length === 0) return sql;
  return sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/g, (found, number?: string) =>
    number === undefined ? found : literal(parameters[Number(number) - 1]),
  );
}

function literal(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'NULL';
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'string':
      return quoteLiteral(value);
    default:
      return value === null ? 'NULL' : quoteLiteral(JSON.stringify(value));
  }
}
