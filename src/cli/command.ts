import type { Shell } from './shell.ts';

/** An argument beside the options: `[plan...]`, `<rule>`. */
export interface ArgumentRecord {
  readonly name: string;
  readonly summary: string;
  readonly choices?: readonly string[] | undefined;
}

export interface OptionRecord {
  /** `--stack <name>` */
  readonly flags: string;
  readonly summary: string;
  readonly default?: string | undefined;
  readonly choices?: readonly string[] | undefined;
  /** What a text means; undefined where it is none of its values, which `expected` says. */
  readonly read?: { readonly value: (text: string) => unknown; readonly expected: string } | undefined;
}

/** One command: what the bin, plop, the help, shell completion and the reference know of it. */
export interface CommandRecord<Flags extends object = object> {
  readonly name: string;
  readonly summary: string;
  readonly argument?: ArgumentRecord | undefined;
  readonly options: readonly OptionRecord[];
  /** As typed; a test of the help runs each of them. */
  readonly examples: readonly string[];
  /** Does it, prints what came of it, and returns the exit code. Throws TableplanError. */
  run(words: readonly string[], flags: Flags, shell: Shell): Promise<number>;
}
