import type { Asker } from './asker.ts';

export type Script = readonly (readonly [message: string, answer: string | boolean])[];

export interface ScriptedAsker extends Asker {
  /** What was said and asked, in order. */
  readonly heard: readonly string[];
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
  const next = (message: string): string | boolean | undefined => {
    heard.push(message);
    return rest[0]?.[0] === message ? rest.shift()?.[1] : undefined;
  };
  return {
    heard,
    left: () => rest,
    async input({ message, default: fallback, validate }) {
      const answer = next(message) ?? fallback;
      if (typeof answer !== 'string') throw new Error(`no answer for “${message}”`);
      const verdict = validate?.(answer) ?? true;
      if (verdict !== true) throw new Error(`“${message}” refuses ${answer}: ${verdict}`);
      return answer;
    },
    async select({ message, choices, default: fallback }) {
      const answer = next(message);
      const chosen =
        answer === undefined
          ? (choices.find(({ value }) => value === fallback) ?? choices[0])
          : choices.find(({ name }) => name === answer);
      if (!chosen)
        throw new Error(
          `“${message}” has no choice ${String(answer)}: ${choices.map(({ name }) => name).join(', ')}`,
        );
      return chosen.value;
    },
    async confirm({ message, default: fallback }) {
      return (next(message) ?? fallback) === true;
    },
    say: (text) => void heard.push(text),
  };
}
