import { wordsOf } from '../postgres/lexemes.ts';
import type { Operation } from './operation.ts';
import type { Statement } from './rule.ts';

/** An ALTER TABLE taken apart: `ALTER TABLE ONLY app.users` and its commands, each as written. */
export interface AlterText {
  readonly head: string;
  readonly commands: readonly string[];
}

/** The pieces of an ALTER TABLE, one command an operation; undefined for every other statement (a DO block, say). */
export function alterText(statement: Statement): AlterText | undefined {
  if (!known.has(statement)) known.set(statement, readAlter(statement));
  return known.get(statement);
}

/** Every rule about a command asks for it. */
const known = new WeakMap<Statement, AlterText | undefined>();

function readAlter({ text, operations }: Statement): AlterText | undefined {
  if (!/^\s*alter\b/i.test(text)) return undefined;
  const tokens = wordsOf(text);
  const words = tokens.map((token) => token.text.toLowerCase());
  const headEnd = endOfHead(words);
  const lastOfHead = tokens[headEnd - 1];
  if (!lastOfHead) return undefined;
  const commands: string[] = [];
  let depth = 0;
  let from = headEnd;
  for (let at = headEnd; at <= words.length; at += 1) {
    const word = words[at];
    if (word === '(' || word === '[') depth += 1;
    if (word === ')' || word === ']') depth -= 1;
    if (at < words.length && (word !== ',' || depth > 0)) continue;
    commands.push(text.slice(tokens[from]?.start, tokens[at - 1]?.end));
    from = at + 1;
  }
  if (commands.length !== operations.length) return undefined;
  return { head: text.slice(tokens[0]?.start, lastOfHead.end), commands };
}

/** How many tokens `ALTER [FOREIGN] TABLE [IF EXISTS] [ONLY] name [*]` takes; 0 for what is none. */
function endOfHead(words: readonly string[]): number {
  let at = 0;
  const skip = (word: string) => {
    if (words[at] !== word) return false;
    at += 1;
    return true;
  };
  if (!skip('alter')) return 0;
  skip('foreign');
  if (!skip('table')) return 0;
  if (skip('if')) skip('exists');
  skip('only');
  at += 1;
  while (skip('.')) at += 1;
  skip('*');
  return at;
}

/** The command of an operation as written: `ADD CONSTRAINT c CHECK (a > 0)`. */
export function commandText(statement: Statement, operation: Operation): string | undefined {
  return alterText(statement)?.commands[statement.operations.indexOf(operation)];
}

/** A statement that is longer is not written out again, once for each of its commands. */
const LONGEST_REWRITTEN = 20_000;

/**
 * The statement with other commands in the place of one (none of them: without it), the others as written. Undefined where
 * nothing would be left of it, where it is no ALTER TABLE, and where it is very long.
 */
export function withCommand(
  statement: Statement,
  operation: Operation,
  commands: readonly string[],
): string | undefined {
  const parts = statement.text.length > LONGEST_REWRITTEN ? undefined : alterText(statement);
  if (!parts) return undefined;
  const all = parts.commands.toSpliced(statement.operations.indexOf(operation), 1, ...commands);
  return all.length === 0 ? undefined : `${parts.head} ${all.join(', ')};`;
}
