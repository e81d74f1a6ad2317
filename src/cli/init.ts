import { resolve } from 'node:path';
import { createColors, jsonText } from '../report/terminal-text.ts';
import type { CommandRecord } from './command.ts';
import { mayAsk } from './may-ask.ts';
import { lockTimeoutOption, postgresOption, PROJECT_OPTIONS, type ProjectFlags } from './options.ts';

interface InitFlags extends ProjectFlags {
  readonly dryRun?: boolean;
  readonly ci?: boolean;
  readonly lockTimeout?: string;
  readonly postgres?: number;
  readonly enforce?: boolean;
  readonly docs?: boolean;
}

export const init: CommandRecord<InitFlags> = {
  name: 'init',
  summary: 'write the one-line plopfile and the npm scripts, and what the options ask for',
  options: [
    ...PROJECT_OPTIONS,
    { flags: '--ci', summary: 'a GitHub Actions workflow that reviews and rehearses new migrations' },
    lockTimeoutOption('setting lockTimeout: how long migrations wait for a lock'),
    postgresOption('setting postgresVersion: version of the production server'),
    { flags: '--enforce', summary: 'setting safety: warnings stop too' },
    { flags: '--docs', summary: 'also write the documents, as tableplan docs does' },
    { flags: '--dry-run', summary: 'say what would be written, write nothing' },
  ],
  examples: ['tableplan init --dry-run', 'tableplan init --yes --ci --lock-timeout 2s --postgres 16'],
  async run(_words, flags, { print, say, signal, color }) {
    const [{ runInit }, { terminalAsker }, { askChoices }, { paint }] = await Promise.all([
      import('../commands/init.ts'),
      import('../ask/terminal.ts'),
      import('../init/choices.ts'),
      import('../report/diff-text.ts'),
    ]);
    const asker = !flags.yes && mayAsk(flags) ? terminalAsker() : undefined;
    const { ci, lockTimeout, postgres, enforce, docs } = flags;
    const outcome = await runInit({
      cwd: resolve(flags.cwd),
      config: flags.config,
      dryRun: Boolean(flags.dryRun),
      choices: { ci, lockTimeout, postgresVersion: postgres, enforce, docs },
      choose: asker && ((given, state) => askChoices(asker, given, state)),
      confirm:
        asker &&
        ((diff) => (
          asker.say(paint(diff, createColors(color))),
          asker.confirm({ message: 'Write these files?', default: true })
        )),
      timeoutMs: flags.timeout,
      say,
      signal,
    });
    const { renderInit, reportInit } = await import('../report/init.ts');
    print(flags.json ? jsonText(reportInit(outcome)) : renderInit(outcome, { color }));
    return 0;
  },
};
