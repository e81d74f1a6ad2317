import { resolve } from 'node:path';
import { jsonText } from '../report/terminal-text.ts';
import type { CommandRecord } from './command.ts';
import { ENFORCE, ENGINE, HTML, PROJECT_OPTIONS, type ProjectFlags, SEED_DUMP } from './options.ts';
import { pageFor } from './page.ts';

interface RehearseFlags extends ProjectFlags {
  readonly html?: string;
  readonly fresh?: boolean;
  readonly engine: string;
  readonly seedDump?: string;
  readonly enforce?: boolean;
}

export const rehearse: CommandRecord<RehearseFlags> = {
  name: 'rehearse',
  summary: 'an existing migration up, down and up again, with rows, on a disposable Postgres',
  argument: {
    name: '[migration]',
    summary: 'tag or name, number or stamp, or file; the newest one unless given',
  },
  options: [
    ...PROJECT_OPTIONS,
    {
      flags: '--fresh',
      summary: 'also the whole history on an empty database, as a new environment runs it',
    },
    ENGINE,
    SEED_DUMP,
    ENFORCE,
    HTML,
  ],
  examples: ['tableplan rehearse', 'tableplan rehearse 0001 --html rehearsal.html'],
  async run([migration], flags, { print, say, signal, color }) {
    const { runRehearseCommand } = await import('../commands/rehearse.ts');
    const page = await pageFor(flags, say);
    const outcome = await runRehearseCommand({
      cwd: resolve(flags.cwd),
      config: flags.config,
      migration,
      fresh: Boolean(flags.fresh),
      engine: flags.engine,
      seedDump: flags.seedDump,
      enforce: Boolean(flags.enforce),
      timeoutMs: flags.timeout,
      readTables: page !== undefined,
      signal,
    });
    await page?.write(async () => (await import('../page/of-rehearsal.ts')).pageOfRehearsal(outcome));
    if (flags.json) {
      const { reportRehearsed } = await import('../report/json.ts');
      print(jsonText(reportRehearsed(outcome)));
    } else {
      const { renderRehearsed } = await import('../report/rehearsed.ts');
      print(renderRehearsed(outcome, { color }));
    }
    return outcome.stopping.length > 0 ? 1 : 0;
  },
};
