import type { CompletedCommand, CompletedOption, Values } from './commands.ts';

/** A script for fish: `tableplan completion fish | source`. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, options, values }) => [
    `complete -c tableplan -f -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
    ...options.map((option) => optionLine(name, option)),
    ...besideLine(name, values),
  ]);
  return `# tableplan for fish: tableplan completion fish | source\n${lines.join('\n')}\n`;
}

function optionLine(command: string, { names, description, values }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  return `${prefixOf(command)} ${flags.join(' ')}${valueOf(values)} -d ${quoted(description)}`;
}

function besideLine(command: string, values: Values): string[] {
  if (values.kind === 'choice') return [`${prefixOf(command)} -f -a ${quoted(values.choices.join(' '))}`];
  return [`${prefixOf(command)} ${values.kind === 'file' ? '-F' : '-f'}`];
}

function prefixOf(command: string): string {
  return `complete -c tableplan -n '__fish_seen_subcommand_from ${command}'`;
}

function valueOf(values: Values): string {
  switch (values.kind) {
    case 'none':
      return '';
    case 'choice':
      return ` -x -a ${quoted(values.choices.join(' '))}`;
    case 'file':
      return ' -r -F';
    case 'folder':
      return ` -x -a '(__fish_complete_directories)'`;
    case 'text':
      return ' -x';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
