import type { CompletedCommand, Values } from './commands.ts';

/** A script for bash: `eval "$(tableplan completion bash)"`. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter((option) => option.values.kind !== 'none')
      .map((option) => `      ${patterns(name, option.names)}) ${replies(option.values)}return ;;`),
  );
  return `# tableplan for bash: eval "$(tableplan completion bash)"
_tableplan_paths() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen "$1" -- "$2"))
}
_tableplan() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" name="" word
  COMPREPLY=()
  if [[ "$prev" == "=" ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; elif [[ "$cur" == "=" ]]; then cur=""; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in ${names.join('|')}) name="$word"; break ;; esac
  done
  if [[ "$cur" != -* ]]; then
    case "$name $prev" in
${values.join('\n')}
    esac
  fi
  case "$name" in
${commands.map(commandCase).join('\n')}
    *) COMPREPLY=($(compgen -W ${quoted(`${names.join(' ')} --help --version`)} -- "$cur")) ;;
  esac
}
complete -o filenames -F _tableplan tableplan
`;
}

function commandCase({ name, options, values }: CompletedCommand): string {
  const flags = options.flatMap((option) => option.names).filter((flag) => flag.startsWith('--'));
  return `    ${name})
      if [[ "$cur" == -* ]]; then COMPREPLY=($(compgen -W ${quoted(flags.join(' '))} -- "$cur")); return; fi
      ${replies(values)}return ;;`;
}

function patterns(command: string, names: readonly string[]): string {
  return names.map((name) => `"${command} ${name}"`).join('|');
}

/** Sets what is proposed; nothing where any text may stand. */
function replies(values: Values): string {
  switch (values.kind) {
    case 'choice':
      return `COMPREPLY=($(compgen -W ${quoted(values.choices.join(' '))} -- "$cur")); `;
    case 'file':
      return '_tableplan_paths -f "$cur"; ';
    case 'folder':
      return '_tableplan_paths -d "$cur"; ';
    case 'none':
    case 'text':
      return '';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
