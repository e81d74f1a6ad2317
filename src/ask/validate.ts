import type { ObjectName } from '../plan/database-schema.ts';
import { checkName } from '../plan/names.ts';
import { parseExpression } from '../postgres/expression.ts';
import { columnsOf, parseType, SqlFragmentError } from '../postgres/sql.ts';

/** `true`, or what is wrong with a name. */
export function validateName(text: string): true | string {
  return checkName(text)?.message ?? true;
}

/** `products`, or `shop.products` for one in another Postgres schema than `public`. */
export function named(text: string): ObjectName {
  const dot = text.indexOf('.');
  return dot === -1
    ? { schema: 'public', name: text }
    : { schema: text.slice(0, dot), name: text.slice(dot + 1) };
}

/** `true`, or what is wrong with a name that may have a Postgres schema before it. */
export function validateObjectName(text: string): true | string {
  const { schema, name } = named(text);
  const verdict = validateName(schema);
  return verdict === true ? validateName(name) : verdict;
}

/** `true`, or why Postgres would not read the type. */
export function validateType(text: string): true | string {
  return verdict(() => {
    parseType(text);
    return true;
  });
}

/** `true`, or why a default is none. Empty means no default. */
export function validateDefault(text: string): true | string {
  if (text === '') return true;
  return verdict(() => {
    const [column] = columnsOf(text);
    return column === undefined ? true : `${column} would be a column. Write text in quotes: '${column}'`;
  });
}

/** What is wrong with an expression; undefined where Postgres' parser reads it. */
export function expressionProblem(text: string): string | undefined {
  const read = verdict(() => {
    parseExpression(text);
    return true;
  });
  return read === true ? undefined : read;
}

function verdict(check: () => true | string): true | string {
  try {
    return check();
  } catch (error) {
    if (error instanceof SqlFragmentError) return error.message;
    throw error;
  }
}
