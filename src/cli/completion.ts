import type { Shell as CompletedShell } from '../completion/script.ts';
import type { CommandRecord } from './command.ts';

export const completion: CommandRecord = {
  name: 'completion',
  summary: 'the script that completes commands and options in your shell',
  argument: { name: '<shell>', summary: 'your shell', choices: ['bash', 'zsh', 'fish'] },
  options: [],
  examples: ['eval "$(tableplan completion bash)"'],
  async run([shell], _flags, { print, commands }) {
    const { completionScript } = await import('../completion/script.ts');
    print(completionScript(shell as CompletedShell, commands).trimEnd());
    return 0;
  },
};
