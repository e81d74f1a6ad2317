import type { KeptAnswer } from '../workspace/drafts.ts';
import { type Asker, type Choice, GoBack, type Question } from './asker.ts';

/** A choice may have no value: it is known all the same. */
interface Known<T> {
  readonly value: T;
}

type Answer = KeptAnswer['answer'];

/**
 * The answers of an interview, by the keys of their questions. An interview is a function that asks; going back, changing an
 * answer or taking up an interrupted one is running it again over the answers that are left: it asks for what is missing.
 */
export class AnswerBook {
  readonly #answers = new Map<string, KeptAnswer>();
  /** Answers that were taken back: what is proposed when the question comes again. */
  readonly #former = new Map<string, Answer>();
  #problem: { readonly key: string; readonly text: string } | undefined;
  /** Keys in the order of the present run. */
  #asked: string[] = [];
  readonly #changed: (answers: readonly KeptAnswer[]) => void;

  constructor(
    answers: readonly KeptAnswer[] = [],
    changed: (answers: readonly KeptAnswer[]) => void = () => undefined,
  ) {
    for (const answered of answers) this.#answers.set(answered.key, answered);
    this.#changed = changed;
  }

  /** Runs an interview until all of its questions are answered; Esc goes back by one. */
  async converse<T>(asker: Asker, interview: (asker: Asker) => Promise<T>): Promise<T> {
    for (;;) {
      this.#asked = [];
      try {
        return await interview(this.#remembering(asker));
      } catch (error) {
        if (!(error instanceof GoBack)) throw error;
        this.#back();
      }
    }
  }

  /** The answers that the last run has asked for, in its order; all where none has run. */
  answered(): readonly KeptAnswer[] {
    if (this.#asked.length === 0) return [...this.#answers.values()];
    return this.#asked.flatMap((key) => this.#answers.get(key) ?? []);
  }

  /** Has a question asked again, with its answer proposed, and what was wrong with it. */
  reopen(key: string, problem?: string): void {
    const old = this.#answers.get(key);
    if (old) this.#former.set(key, old.answer);
    this.#answers.delete(key);
    if (problem !== undefined) this.#problem = { key, text: problem };
    this.#changed([...this.#answers.values()]);
  }

  #back(): void {
    // The last one is the question that was left; the one before it is asked again.
    const previous = this.#asked.at(-2);
    if (previous !== undefined) this.reopen(previous);
  }

  #remembering(asker: Asker): Asker {
    return {
      say: (text) => asker.say(text),
      input: (question) =>
        this.#ask(question, {
          toAnswer: (text: string) => text,
          fromAnswer: (answer) => (typeof answer === 'string' ? { value: answer } : undefined),
          ask: (old) => asker.input(this.#with(question, old)),
        }),
      confirm: (question) =>
        this.#ask(question, {
          toAnswer: (value: boolean) => value,
          fromAnswer: (answer) => (typeof answer === 'boolean' ? { value: answer } : undefined),
          ask: (old) => asker.confirm(this.#with(question, old)),
        }),
      select: (question) =>
        this.#ask(question, {
          toAnswer: (value) => nameOf(question.choices, value),
          fromAnswer: (answer) =>
            question.choices.find(({ name }) => name === answer) ??
            (question.other && typeof answer === 'string' && answer !== ''
              ? { value: question.other(answer) }
              : undefined),
          ask: (old) => asker.select(this.#with(question, old)),
        }),
      checkbox: (question) =>
        this.#ask(question, {
          toAnswer: (values) => values.map((value) => nameOf(question.choices, value)),
          fromAnswer: (answer) =>
            Array.isArray(answer)
              ? {
                  value: question.choices
                    .filter(({ name }) => answer.includes(name))
                    .map(({ value }) => value),
                }
              : undefined,
          ask: (old) => asker.checkbox(this.#with(question, old)),
        }),
    };
  }

  #with<Q extends Question & { readonly default?: unknown }>(question: Q, old: Q['default'] | undefined): Q {
    const problem = this.#problem?.key === question.key ? this.#problem?.text : undefined;
    return {
      ...question,
      ...(old !== undefined && { default: old }),
      ...(problem !== undefined && { problem }),
    };
  }

  async #ask<T>(
    { key, message }: Question,
    as: {
      readonly toAnswer: (value: T) => Answer;
      readonly fromAnswer: (answer: Answer) => Known<T> | undefined;
      readonly ask: (old: T | undefined) => Promise<T>;
    },
  ): Promise<T> {
    if (key === undefined) return as.ask(undefined);
    this.#asked.push(key);
    const known = this.#answers.get(key);
    const kept = known && as.fromAnswer(known.answer);
    if (kept !== undefined) return kept.value;
    const former = this.#former.get(key);
    const value = await as.ask(former === undefined ? undefined : as.fromAnswer(former)?.value);
    if (this.#problem?.key === key) this.#problem = undefined;
    this.#answers.set(key, { key, message, answer: as.toAnswer(value) });
    this.#changed([...this.#answers.values()]);
    return value;
  }
}

function nameOf<T>(choices: readonly Choice<T>[], value: T): string {
  const chosen = choices.find((choice) => choice.value === value)?.name;
  // What was typed instead is its own name.
  return chosen ?? (typeof value === 'string' ? value : '');
}
