import inquirer from 'inquirer';
import { TableplanError } from '../errors.ts';
import { createColors, mayColor, terminalText } from '../report/terminal-text.ts';
import { type Asker, type Choice, GoBack, type Question } from './asker.ts';

/** Choices that a screen shows at once. */
const PAGE = 12;

/**
 * Asks a person at the terminal. Ctrl-C ends the run as `interrupted`; Esc throws `GoBack` at a question that has a key.
 * A question with a panel is drawn below it, and both are taken away when it is answered: the next panel has the answer.
 */
export function terminalAsker(): Asker {
  return {
    input: (question) =>
      asked<string>(question, {
        type: 'input',
        default: question.default,
        validate: async (text: string) => safe((await question.validate?.(text)) ?? true),
      }),
    select: (question) => {
      const choices = question.choices.map(choiceOf);
      return asked(
        question,
        question.search
          ? {
              type: 'search',
              source: (typed: string | undefined) => {
                const found = matching(choices, typed);
                const text = typed?.trim() ?? '';
                const isOther = text !== '' && !found.some(({ name }) => name === text);
                return question.other && isOther
                  ? [...found, { name: text, value: question.other(text) }]
                  : found;
              },
              default: question.default,
              pageSize: PAGE,
              validate: async (value: never) => safe((await question.validate?.(value)) ?? true),
            }
          : { type: 'select', choices, default: question.default, loop: false, pageSize: PAGE },
      );
    },
    checkbox: (question) =>
      asked(question, {
        type: 'checkbox',
        choices: question.choices.map((choice) => ({
          ...choiceOf(choice),
          checked: question.default.includes(choice.value),
        })),
        loop: false,
        pageSize: PAGE,
        validate: (chosen: readonly { readonly value: never }[]) =>
          safe(question.validate?.(chosen.map(({ value }) => value)) ?? true),
      }),
    confirm: (question) => asked(question, { type: 'confirm', default: question.default }),
    say: (text) => void process.stdout.write(`${terminalText(text)}\n`),
  };
}

function choiceOf<T>({ name, value, description }: Choice<T>) {
  return {
    name: terminalText(name),
    value,
    ...(description !== undefined && { description: terminalText(description) }),
  };
}

/** Those that begin with what was typed, then those that have it elsewhere. */
function matching<C extends { readonly name: string }>(choices: readonly C[], typed = ''): C[] {
  const wanted = typed.trim().toLowerCase();
  const at = (choice: C): number => choice.name.toLowerCase().indexOf(wanted);
  const found = choices.filter((choice) => at(choice) !== -1);
  return wanted === '' ? found : found.toSorted((a, b) => Math.min(at(a), 1) - Math.min(at(b), 1));
}

function safe(verdict: boolean | string): boolean | string {
  return typeof verdict === 'string' ? terminalText(verdict) : verdict;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** The keys of a prompt, and the one that goes back. */
function keysHelpTip(keys: readonly (readonly [key: string, action: string])[]): string {
  const { bold, dim } = createColors(mayColor());
  return terminalText(
    [...keys, ['esc', 'back'] as const]
      .map(([name, action]) => `${bold(name)} ${dim(action)}`)
      .join(dim(' • ')),
  );
}

async function asked<T>(question: Question, prompt: object): Promise<T> {
  const { message, panel, problem, key, signal } = question;
  const goBack = new AbortController();
  const onKey = (_: string | undefined, pressed: { readonly name?: string } | undefined): void => {
    if (pressed?.name === 'escape') goBack.abort();
  };
  const above = [panel, problem && `✖ ${problem}`].filter((part) => part !== undefined && part !== '');
  const prefixed = (sign: string): string =>
    terminalText([...above.map((part) => `${part}\n`), sign].join('\n'));
  const prefix = prefixed('?');
  const ask = inquirer.createPromptModule({
    ...(panel !== undefined && { clearPromptOnDone: true }),
    ...(key !== undefined && { signal: signal ? AbortSignal.any([goBack.signal, signal]) : goBack.signal }),
  } as never);
  if (key !== undefined) process.stdin.on('keypress', onKey);
  try {
    const all = {
      ...prompt,
      name: 'answer',
      message: terminalText(message),
      theme: {
        prefix: { idle: prefix, done: prefix },
        // While Postgres is asked about an answer the panel stays.
        spinner: { interval: 80, frames: SPINNER.map(prefixed) },
        ...(key !== undefined && { style: { keysHelpTip } }),
      },
    };
    const { answer } = (await ask([all] as never)) as { answer: T };
    return answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new TableplanError('interrupted', 'Interrupted; nothing was written.');
    signal?.throwIfAborted();
    if (goBack.signal.aborted) throw new GoBack();
    throw error;
  } finally {
    process.stdin.off('keypress', onKey);
  }
}
