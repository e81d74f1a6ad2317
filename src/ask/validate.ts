import { checkName } from '../plan/names.ts';
import { parseExpression } from '../postgres/expression.ts';
import { columnsOf, parseType, SqlFragmentError } from '../postgres/sql.ts';

/** `true`, or what is wrong with a name. */
export function validateName(text: string): true | string {
  return checkName(text)?.message ?? true;
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
