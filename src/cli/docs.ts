import { resolve } from 'node:path';
import { jsonText } from '../report/terminal-text.ts';
import type { CommandRecord } from './command.ts';
import { PROJECT_OPTIONS, type ProjectFlags } from './options.ts';

interface DocsFlags extends ProjectFlags {
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly backfill?: boolean;
}

export const docs: CommandRecord<DocsFlags> = {
  name: 'docs',
  summary: 'the migrations index, the ER diagram, the guide and the skill, from what the project really has',
  options: [
    ...PROJECT_OPTIONS,
    { flags: '--check', summary: 'write nothing; exit code 1 where something is not up to date' },
    { flags: '--backfill', summary: 'also write records for migrations that have none' },
    { flags: '--dry-run', summary: 'show the unified diff of every file, write nothing' },
  ],
  examples: ['tableplan docs', 'tableplan docs --check'],
  async run(_words, flags, { print, say, signal, color }) {
    const { runDocsCommand } = await import('../commands/docs.ts');
    const outcome = await runDocsCommand({
      cwd: resolve(flags.cwd),
      config: flags.config,
      check: Boolean(flags.check),
      dryRun: Boolean(flags.dryRun),
      backfill: Boolean(flags.backfill),
      timeoutMs: flags.timeout,
      say,
      signal,
    });
    const { renderDocs, reportDocs } = await import('../report/docs.ts');
    print(flags.json ? jsonText(reportDocs(outcome)) : renderDocs(outcome, { color, diff: true }));
    return outcome.status === 'stale' ? 1 : 0;
  },
};
