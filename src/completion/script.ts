import type { Command } from 'commander';
import { RULE_NAMES } from '../review/rule-names.ts';
import { bashScript } from './bash.ts';
import { completedCommands } from './commands.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

/** The script that completes the commands and options of a program in a shell. */
export function completionScript(shell: Shell, program: Command): string {
  const commands = completedCommands(program, { rule: [...RULE_NAMES].toSorted() });
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      return zshScript(commands);
    case 'fish':
      return fishScript(commands);
  }
}
