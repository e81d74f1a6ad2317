import type { Command, Option } from 'commander';

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

/**
 * The commands of a program as a shell completes them, read from commander's own list; `choicesOf` knows values of arguments
 * by their names (`rule`).
 */
export function completedCommands(
  program: Command,
  choicesOf: Readonly<Record<string, readonly string[]>>,
): CompletedCommand[] {
  return program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    const choices = argument && (argument.argChoices ?? choicesOf[argument.name()]);
    return {
      name: command.name(),
      description: command.description(),
      options: [...command.options.map(completedOption), HELP],
      values: choices
        ? { kind: 'choice', choices }
        : { kind: argument === undefined ? 'none' : FILES.has(argument.name()) ? 'file' : 'text' },
    };
  });
}

const HELP: CompletedOption = { names: ['-h', '--help'], description: 'show help', values: { kind: 'none' } };

/** Arguments that may be files. */
const FILES: ReadonlySet<string> = new Set(['plan', 'files', 'migration']);

function completedOption(option: Option): CompletedOption {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  return { names, description: option.description, values: valuesOf(option) };
}

function valuesOf({ flags, argChoices, required, optional }: Option): Values {
  if (argChoices) return { kind: 'choice', choices: argChoices };
  if (!required && !optional) return { kind: 'none' };
  if (flags.includes('<file>')) return { kind: 'file' };
  return { kind: flags.includes('<dir>') ? 'folder' : 'text' };
}
