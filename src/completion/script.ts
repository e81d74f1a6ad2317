import type { CommandRecord } from '../cli/command.ts';
import { RULE_NAMES } from '../review/rule-names.ts';
import { bashScript } from './bash.ts';
import { completedCommands } from './commands.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

/** The script that completes commands and their options in a shell. */
export function completionScript(shell: Shell, records: readonly CommandRecord[]): string {
  const commands = completedCommands(records, { '<rule>': [...RULE_NAMES].toSorted() });
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      return zshScript(commands);
    case 'fish':
      return fishScript(commands);
  }
}
