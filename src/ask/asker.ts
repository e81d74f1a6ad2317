import type { MissingAnswer } from '../errors.ts';

/** A question: what it asks for, and the text that would supply the answer without a conversation. */
export interface Question extends Partial<Pick<MissingAnswer, 'field' | 'supply'>> {
  readonly message: string;
}

export interface Choice<T> {
  readonly name: string;
  readonly value: T;
  readonly description?: string;
}

/** Whoever is asked: a person at a terminal, nobody (every question is refused), or a test's script. */
export interface Asker {
  input(
    question: Question & { default?: string; validate?: (text: string) => true | string },
  ): Promise<string>;
  select<T>(question: Question & { choices: readonly Choice<T>[]; default?: T }): Promise<T>;
  confirm(question: Question & { default: boolean }): Promise<boolean>;
  say(text: string): void;
}
