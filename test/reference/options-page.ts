import { execFileSync } from 'node:child_process';
import { COMMANDS } from '../../src/cli/commands.ts';

/** `docs/reference/options.md`: what `--help` says, of tableplan and of each of its commands. */
export function optionsPage(): string {
  const names = COMMANDS.map(({ name }) => name);
  const [root = '', ...commands] = [[], ...names.map((name) => [name])].map(helpOf);
  return [
    '# Options\n\nThis is what `--help` prints. Exit codes, and what each command does: [commands](commands.md).\n',
    block('tableplan', root),
    ...commands.map((help, index) => block(`tableplan ${names[index]}`, help)),
  ].join('\n');
}

function block(title: string, help: string): string {
  return `## ${title}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`;
}

function helpOf(command: readonly string[]): string {
  return execFileSync(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...command, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '110', NO_COLOR: '1' },
  });
}
