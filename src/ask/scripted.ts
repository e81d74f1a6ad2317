import { type Asker, GoBack } from './asker.ts';

/** An answer of a script: a text, yes or no, the names of choices, or the Esc key. */
export type ScriptedAnswer = string | boolean | readonly string[] | typeof ESC;

export const ESC = Symbol('Esc');

export type Script = readonly (readonly [message: string, answer: ScriptedAnswer])[];

export interface ScriptedAsker extends Asker {
  /** What was said and asked, in order. */
  readonly heard: readonly string[];
  /** Panels and problems that were shown, in order. */
  readonly shown: readonly string[];
  /** Answers that nobody has asked for yet. */
  left(): Script;
}

/**
 * Answers from a script, for tests. Questions must come in its order; one that the script does not name takes its
 * default. A choice is answered by its name. Throws when a question without a default is not in the script, and when
 * an answer is refused.
 */
export function scriptedAsker(script: Script): ScriptedAsker {
  const rest = [...script];
  const heard: string[] = [];
  const shown: string[] = [];
  const next = ({
    message,
    panel,
    problem,
  }:
    | Parameters<Asker['confirm']>[0]
    | { message: string; panel?: string | undefined; problem?: string | undefined }):
    Exclude<ScriptedAnswer, typeof ESC> | undefined => {
    heard.push(message);
    shown.push(...[panel, problem].filter((text) => text !== undefined));
    const answer = rest[0]?.[0] === message ? rest.shift()?.[1] : undefined;
    if (answer === ESC) throw new GoBack();
    return answer;
  };
  const chosen = <T>(
    message: string,
    choices: readonly { readonly name: string; readonly value: T }[],
    name: unknown,
  ): T => {
    const found = choices.find((choice) => choice.name === name);
    if (found) return found.value;
    const names = choices.map((choice) => choice.name).join(', ');
    throw new Error(`“${message}” has no choice ${String(name)}: ${names}`);
  };
  return {
    heard,
    shown,
    left: () => rest,
    async input(question) {
      const { message, default: fallback, validate } = question;
      const answer = next(question) ?? fallback;
      if (typeof answer !== 'string') throw new Error(`no answer for “${message}”`);
      const verdict = (await validate?.(answer)) ?? true;
      if (verdict !== true) throw new Error(`“${message}” refuses ${answer}: ${verdict}`);
      return answer;
    },
    async select(question) {
      const { message, choices, default: fallback } = question;
      const answer = next(question);
      if (answer !== undefined) {
        const isChoice = choices.some(({ name }) => name === answer);
        const value =
          question.other && !isChoice && typeof answer === 'string'
            ? question.other(answer)
            : chosen(message, choices, answer);
        const verdict = (await question.validate?.(value)) ?? true;
        if (verdict !== true) throw new Error(`“${message}” refuses ${String(answer)}: ${verdict}`);
        return value;
      }
      const usual = choices.find(({ value }) => value === fallback) ?? choices[0];
      if (!usual) throw new Error(`“${message}” has no choices`);
      return usual.value;
    },
    async checkbox(question) {
      const { message, choices, default: fallback, validate } = question;
      const answer = next(question);
      const values = Array.isArray(answer)
        ? answer.map((name: unknown) => chosen(message, choices, name))
        : fallback;
      const verdict = validate?.(values) ?? true;
      if (verdict !== true) throw new Error(`“${message}” refuses that: ${verdict}`);
      return values;
    },
    async confirm(question) {
      return (next(question) ?? question.default) === true;
    },
    say: (text) => void heard.push(text),
  };
}
