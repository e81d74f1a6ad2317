import type { CompletedCommand, CompletedOption, Values } from './commands.ts';

/** A script for zsh: `eval "$(tableplan completion zsh)"`, or a file `_tableplan` in a folder of `fpath`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`);
  return `#compdef tableplan
# tableplan for zsh, after compinit: eval "$(tableplan completion zsh)"
_tableplan() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name="\${words[2]}"
  shift words
  (( CURRENT -= 1 ))
  case "$name" in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ "\${funcstack[1]}" == _tableplan ]]; then
  _tableplan "$@"
else
  compdef _tableplan tableplan
fi
`;
}

function commandCase({ name, options, values }: CompletedCommand): string {
  const beside = actionOf(values);
  const specs = [...options.flatMap(optionSpecs), ...(beside === '' ? [] : [`*:${name}:${beside}`])];
  return `    ${name})
      _arguments \\
${specs.map((spec) => `        ${quoted(spec)}`).join(' \\\n')} ;;`;
}

function optionSpecs({ names, description, values }: CompletedOption): string[] {
  const text = description.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
  const value = values.kind === 'none' ? '' : `:value:${actionOf(values)}`;
  return names.map((name) => `${name}[${text}]${value}`);
}

function actionOf(values: Values): string {
  switch (values.kind) {
    case 'choice':
      return `(${values.choices.join(' ')})`;
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'none':
    case 'text':
      return '';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
