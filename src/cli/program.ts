import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { ArgumentRecord, OptionRecord } from './command.ts';
import type { Shell } from './shell.ts';

/** What the program says itself: help, version, what is wrong with a command line. */
export interface ProgramOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The command line: it runs the command that is typed, with `ran` told its folder before and its exit code afterwards. */
export function programOf(
  shell: Shell,
  { out, err }: ProgramOutput,
  ran: { readonly start: (cwd: string) => void; readonly end: (code: number) => void },
): Command {
  const root = new Command('tableplan')
    .description('A table plan in, a proven migration out.')
    .version(shell.version, '-v, --version')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) })
    .showHelpAfterError('(see tableplan --help)');
  for (const record of shell.commands) {
    const command = root.command(record.name).description(record.summary).exitOverride();
    if (record.argument) command.addArgument(argumentOf(record.argument));
    for (const option of record.options) command.addOption(optionOf(option));
    command
      .addHelpText('after', ['', 'Examples:', ...record.examples.map((line) => `  ${line}`)].join('\n'))
      .action(async () => {
        const flags = command.opts();
        ran.start(typeof flags['cwd'] === 'string' ? flags['cwd'] : '.');
        ran.end(await record.run(wordsOf(command), flags, shell));
      });
  }
  return root;
}

/** What stands beside the options. */
function wordsOf({ processedArgs }: Command): readonly string[] {
  return (processedArgs as readonly (string | readonly string[] | undefined)[])
    .flat()
    .filter((word) => word !== undefined);
}

function argumentOf({ name, summary, choices }: ArgumentRecord): Argument {
  const argument = new Argument(name, summary);
  return choices ? argument.choices(choices) : argument;
}

function optionOf({ flags, summary, default: usual, choices, read }: OptionRecord): Option {
  const option = new Option(flags, summary);
  if (choices) option.choices(choices);
  if (read)
    option.argParser((text) => {
      const value = read.value(text);
      if (value === undefined) throw new InvalidArgumentError(read.expected);
      return value;
    });
  return usual === undefined ? option : option.default(usual);
}
