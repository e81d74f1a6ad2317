import inquirer from 'inquirer';
import { TableplanError } from '../errors.ts';
import { terminalText } from '../report/terminal-text.ts';
import type { Asker } from './asker.ts';

/** Asks a person at the terminal. Ctrl-C ends the run as `interrupted`. */
export function terminalAsker(): Asker {
  return {
    input: ({ message, default: fallback, validate }) =>
      answered(
        inquirer.prompt<{ answer: string }>({
          type: 'input',
          name: 'answer',
          message: terminalText(message),
          default: fallback,
          validate: (text) => {
            const valid = validate?.(text) ?? true;
            return typeof valid === 'string' ? terminalText(valid) : valid;
          },
        }),
      ),
    select: <T>({ message, choices, default: fallback }: Parameters<Asker['select']>[0]) =>
      answered(
        inquirer.prompt<{ answer: T }>({
          type: 'select',
          name: 'answer',
          message: terminalText(message),
          choices: choices.map(({ name, value, description }) => ({
            name: terminalText(name),
            value,
            ...(description !== undefined && { description: terminalText(description) }),
          })),
          loop: false,
          default: fallback,
        }) as Promise<{ answer: T }>,
      ),
    confirm: ({ message, default: fallback }) =>
      answered(
        inquirer.prompt<{ answer: boolean }>({
          type: 'confirm',
          name: 'answer',
          message: terminalText(message),
          default: fallback,
        }),
      ),
    say: (text) => void process.stdout.write(`${terminalText(text)}\n`),
  };
}

async function answered<T>(asked: Promise<{ answer: T }>): Promise<T> {
  try {
    return (await asked).answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new TableplanError('interrupted', 'Interrupted; nothing was written.');
    throw error;
  }
}
