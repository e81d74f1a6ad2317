import type { CommandRecord, OptionRecord } from '../cli/command.ts';

/** What a shell is to complete after an option or a command. */
export type Values =
  | { readonly kind: 'none' | 'text' | 'file' | 'folder' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

export interface CompletedOption {
  /** `-v`, `--version`. */
  readonly names: readonly string[];
  readonly description: string;
  /** `none` where the option takes no value. */
  readonly values: Values;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What may stand beside the options. */
  readonly values: Values;
}

/** The commands as a shell completes them; `choicesOf` knows values of arguments by their names (`<rule>`). */
export function completedCommands(
  commands: readonly CommandRecord[],
  choicesOf: Readonly<Record<string, readonly string[]>>,
): CompletedCommand[] {
  return commands.map(({ name, summary, argument, options }) => {
    const choices = argument && (argument.choices ?? choicesOf[argument.name]);
    return {
      name,
      description: summary,
      options: [...options.map(completedOption), HELP],
      values: choices
        ? { kind: 'choice', choices }
        : { kind: argument === undefined ? 'none' : FILES.has(argument.name) ? 'file' : 'text' },
    };
  });
}

const HELP: CompletedOption = { names: ['-h', '--help'], description: 'show help', values: { kind: 'none' } };

/** Arguments that may be files. */
const FILES: ReadonlySet<string> = new Set(['[plan...]', '[files...]', '[migration]']);

function completedOption({ flags, summary, choices }: OptionRecord): CompletedOption {
  const names = flags.split(/[ ,]+/).filter((part) => part.startsWith('-'));
  return { names, description: summary, values: valuesOf(flags, choices) };
}

function valuesOf(flags: string, choices: readonly string[] | undefined): Values {
  if (choices) return { kind: 'choice', choices };
  if (!/[<[]/.test(flags)) return { kind: 'none' };
  if (flags.includes('<file>')) return { kind: 'file' };
  return { kind: flags.includes('<dir>') ? 'folder' : 'text' };
}
