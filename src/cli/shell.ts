import type { CommandRecord } from './command.ts';

/** Where a command runs: what it prints to, what ends it, and what it may do with colours. */
export interface Shell {
  readonly color: boolean;
  /** tableplan's own. */
  readonly version: string;
  readonly signal: AbortSignal;
  readonly commands: readonly CommandRecord[];
  /** What a command comes to: on stdout. */
  print(text: string): void;
  /** Talk beside it: on stderr. */
  say(line: string): void;
}
