import { execFileSync } from 'node:child_process';

const COMMANDS = ['migration', 'crud', 'undo', 'rehearse', 'review', 'docs', 'explain', 'completion', 'init'];

/** `docs/reference/options.md`: what `--help` says, of tableplan and of each of its commands. */
export function optionsPage(): string {
  const [root = '', ...commands] = [[], ...COMMANDS.map((name) => [name])].map(helpOf);
  const missing = [...root.matchAll(/^ {2}(\w+) /gm)].filter(
    ([, name = '']) => !COMMANDS.includes(name) && name !== 'help',
  );
  if (missing.length > 0) throw new Error(`not on the page: ${missing.map(([, name]) => name).join(', ')}`);
  return [
    '# Options\n\nThis is what `--help` prints. Exit codes, and what each command does: [commands](commands.md).\n',
    block('tableplan', root),
    ...commands.map((help, index) => block(`tableplan ${COMMANDS[index]}`, help)),
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
