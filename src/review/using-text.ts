import { wordsOf } from '../postgres/lexemes.ts';
import { commandText } from './commands.ts';
import type { OperationOf } from './operation.ts';
import type { Statement } from './rule.ts';

/** The expression behind USING of a type change, as written and in parentheses; undefined where there is none to be read. */
export function usingText(statement: Statement, operation: OperationOf<'alter-type'>): string | undefined {
  if (operation.using === undefined) return undefined;
  const command = commandText(statement, operation);
  // The first one: a type holds no such word, and the expression is behind it.
  const using = command && wordsOf(command).find(({ text }) => text.toLowerCase() === 'using');
  return using ? `(${command.slice(using.end).trim()})` : undefined;
}
