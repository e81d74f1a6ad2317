import type { MissingAnswer } from '../errors.ts';

/** A question: what it asks for, and the text that would supply the answer without a conversation. */
export interface Question extends Partial<Pick<MissingAnswer, 'field' | 'supply'>> {
  readonly message: string;
  /** What the answer is remembered under; a question without a key is asked anew each time. */
  readonly key?: string | undefined;
  /** What has been answered so far, shown above the question while it is asked. */
  readonly panel?: string | undefined;
  /** What was wrong with the answer that was given before. */
  readonly problem?: string | undefined;
  /** Takes the question away; whoever has asked it gets the reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface Choice<T> {
  readonly name: string;
  readonly value: T;
  readonly description?: string;
}

export type Verdict = true | string;

export interface InputQuestion extends Question {
  readonly default?: string | undefined;
  /** `true`, or what is wrong; Postgres is asked where only it knows. */
  readonly validate?: ((text: string) => Verdict | Promise<Verdict>) | undefined;
}

export interface SelectQuestion<T> extends Question {
  readonly choices: readonly Choice<T>[];
  readonly default?: T | undefined;
  /** Typing narrows a long list down. */
  readonly search?: boolean | undefined;
  /** With `search`: the value of a text that is none of the choices. */
  readonly other?: ((typed: string) => T) | undefined;
  readonly validate?: ((value: T) => Verdict | Promise<Verdict>) | undefined;
}

export interface CheckboxQuestion<T> extends Question {
  readonly choices: readonly Choice<T>[];
  /** Those that are taken by Enter. */
  readonly default: readonly T[];
  readonly validate?: ((chosen: readonly T[]) => Verdict) | undefined;
}

export interface ConfirmQuestion extends Question {
  readonly default: boolean;
}

/** Whoever is asked: a person at a terminal, nobody (every question is refused), or a test's script. */
export interface Asker {
  input(question: InputQuestion): Promise<string>;
  select<T>(question: SelectQuestion<T>): Promise<T>;
  checkbox<T>(question: CheckboxQuestion<T>): Promise<readonly T[]>;
  confirm(question: ConfirmQuestion): Promise<boolean>;
  say(text: string): void;
}

/** A person wants to go back to the question before. */
export class GoBack extends Error {
  override readonly name = 'GoBack';
}
