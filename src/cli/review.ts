import { resolve } from 'node:path';
import type { CommandRecord } from './command.ts';
import { HTML, postgresOption, PROJECT_OPTIONS, type ProjectFlags } from './options.ts';
import { pageFor } from './page.ts';

interface ReviewFlags extends ProjectFlags {
  readonly html?: string;
  readonly since?: string;
  readonly all?: boolean;
  readonly format: 'text' | 'json' | 'github' | 'sarif';
  readonly failOn: 'error' | 'warning' | 'info';
  readonly postgres?: number;
  readonly cache: boolean;
}

export const review: CommandRecord<ReviewFlags> = {
  name: 'review',
  summary: 'what existing migrations do to a live database; the newest one unless files are named',
  argument: { name: '[files...]', summary: "SQL files, TypeORM's migrations, or folders of them" },
  options: [
    ...PROJECT_OPTIONS,
    {
      flags: '--since <ref>',
      summary: 'the migrations added since a git ref, and what was done to older ones',
    },
    { flags: '--all', summary: 'every migration of the project' },
    {
      flags: '--format <format>',
      summary: 'output format',
      choices: ['text', 'json', 'github', 'sarif'],
      default: 'text',
    },
    {
      flags: '--fail-on <severity>',
      summary: 'what ends with exit code 1',
      choices: ['error', 'warning', 'info'],
      default: 'warning',
    },
    postgresOption('version of the production server'),
    { flags: '--no-cache', summary: 'look at every file anew, and keep nothing' },
    HTML,
  ],
  examples: ['tableplan review --since main --format github', 'tableplan review --all --fail-on error'],
  async run(files, flags, { print, say, signal, color, version }) {
    const { runReviewCommand } = await import('../commands/review.ts');
    const page = await pageFor(flags, say);
    const outcome = await runReviewCommand({
      cwd: resolve(flags.cwd),
      config: flags.config,
      files,
      since: flags.since,
      all: Boolean(flags.all),
      postgresVersion: flags.postgres,
      failOn: flags.failOn,
      cache: flags.cache,
      timeoutMs: flags.timeout,
      signal,
    });
    await page?.write(async () => (await import('../page/of-review.ts')).pageOfReview(outcome));
    const { renderReviewAs } = await import('../report/review.ts');
    const text = await renderReviewAs(flags.json ? 'json' : flags.format, outcome, { color, version });
    if (text !== '') print(text);
    return outcome.stopping.length > 0 ? 1 : 0;
  },
};
