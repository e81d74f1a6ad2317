import { spawn } from 'node-pty';
import { setTimeout as sleep } from 'node:timers/promises';
import { consumerEnv } from './consumer-env.ts';

const ESC = String.fromCharCode(27);
const ANSI = new RegExp(`${ESC}\\[[0-9;?]*[A-Za-z]`, 'g');

export interface Conversation {
  readonly code: number;
  /** Everything shown, without colours and cursor movements. */
  readonly screen: string;
}

/**
 * Runs a command in a real pseudo-terminal and answers its questions in order: each answer is typed, with Enter, once
 * its question stands on the screen; Esc (`\u001B`) alone is typed without.
 */
export async function converse(
  cwd: string,
  command: readonly string[],
  answers: readonly (readonly [question: string, keys: string])[],
): Promise<Conversation> {
  const [file = '', ...args] = command;
  // A terminal without columns makes plop's spinner turn for ever (facts/plop.md).
  const terminal = spawn(file, args, {
    cwd,
    env: consumerEnv({ TERM: 'xterm' }) as Record<string, string>,
    cols: 120,
    rows: 50,
  });
  let shown = '';
  let seen = 0;
  terminal.onData((data) => (shown += data));
  const exit = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  const screen = (): string => shown.replaceAll(ANSI, '');
  for (const [question, keys] of answers) {
    const deadline = Date.now() + 120_000;
    while (!screen().slice(seen).includes(question)) {
      if (Date.now() > deadline) {
        terminal.kill('SIGKILL');
        throw new Error(`“${question}” was not asked. The screen:\n${screen()}`);
      }
      await sleep(20);
    }
    seen = screen().lastIndexOf(question) + question.length;
    await sleep(60);
    terminal.write(keys);
    // At once it would be another key after Esc, and come before the list that was narrowed down by what was typed.
    await sleep(150);
    if (keys !== ESC) terminal.write('\r');
  }
  return { code: await exit, screen: screen() };
}

export const CTRL_C = '\u0003';

/** Questions of a new table, and the keys that answer them. */
export const NEW_TABLE = [
  ['What do you want to change?', ''],
  ['Table name', 'tags'],
  ['Add id', ''],
  ['Column name (empty to finish)', 'label'],
  ['Type of label', ''],
  ['label text', ''],
  ['Column name (empty to finish)', ''],
  ['Add created_at', 'n'],
  ['Anything else?', ''],
] as const;
