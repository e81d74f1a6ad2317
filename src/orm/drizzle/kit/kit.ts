import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, endWithUs, tied } from '../../../child-processes.ts';
import { withoutNpm } from '../../../project/npm-variables.ts';
import { TableplanError } from '../../../errors.ts';
import { LastOutput } from '../../../last-output.ts';
import { DEFAULT_LIMITS, LimitExceeded, type Limits } from '../../../limits.ts';
import { configFault } from './config-faults.ts';

/** What drizzle-kit is to run with: paths absolute, `env` as the project's own script sets it. */
export interface KitOptions {
  /** Folder in which the project's own script runs drizzle-kit. */
  readonly cwd: string;
  /** The project's `drizzle-kit/bin.cjs`. */
  readonly binPath: string;
  readonly configPath: string | undefined;
  /** Flags of the project's script that stand in for config keys (`--out`, `--schema` …). */
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  /** `DEFAULT_LIMITS` unless given. */
  readonly limits?: Limits | undefined;
}

/** The project's config as drizzle-kit would read it; keys that tableplan does not use are passed through. */
export interface DrizzleConfig {
  readonly dialect?: string;
  readonly schema?: string | string[];
  readonly out?: string;
  readonly casing?: 'camelCase' | 'snake_case';
  readonly schemaFilter?: string | string[];
  readonly tablesFilter?: string | string[];
  readonly breakpoints?: boolean;
  readonly migrations?: { readonly table?: string; readonly schema?: string; readonly prefix?: string };
  readonly [key: string]: unknown;
}

export interface KitJob {
  /** Absolute path → staged text, null where the file is deleted. */
  readonly files: Readonly<Record<string, string | null>>;
  /** What the plan makes, as drizzle-kit asks about it: `table:name`, `enum:name`, `column:table.name`. */
  readonly created: readonly string[];
  /** Config keys that this run replaces: `out`, `schema`. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface Kit {
  /** The project's config, evaluated by drizzle-kit's own loader. Throws `config-invalid`. */
  readonly config: Promise<DrizzleConfig>;
  /** Runs `generate` on the staged sources; resolves with everything drizzle-kit printed. */
  generate(job: KitJob): Promise<string>;
  /** Ends a run that is not needed (nothing to do, or a failure before generate). Harmless afterwards. */
  stop(): void;
}

/** drizzle-kit wants a name before the plan is read; `artifacts.ts` puts the real one in its place. */
export const PENDING_NAME = 'tableplan_pending';

const beside = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/**
 * Starts the project's own `drizzle-kit generate` and lets it wait, config read, for the staged sources: so its
 * start-up runs beside the parsing of plan and schema. Nothing of the project is written.
 */
export function startKit(options: KitOptions): Kit {
  const command = tied(
    process.execPath,
    [
      '--require',
      beside('preload.cjs'),
      beside('main.cjs'),
      options.binPath,
      'generate',
      `--config=${beside('config.cjs')}`,
      `--name=${PENDING_NAME}`,
    ],
    ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  );
  const child = spawn(command.file, command.args, {
    cwd: options.cwd,
    env: {
      ...withoutNpm(process.env),
      ...options.env,
      NO_COLOR: '1',
      TABLEPLAN_KIT: JSON.stringify({ configPath: options.configPath, overrides: options.overrides }),
    },
    ...command.options,
  });
  endWithUs(child);
  const output = new LastOutput(child.stdout, child.stderr);
  const messages = readMessages(child);
  const exit = new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });

  const { limits = DEFAULT_LIMITS } = options;
  const file = options.configPath ?? 'drizzle.config';
  const ended = withinTime(messages.first, child, limits, `Reading ${basename(file)}`, file);
  const config = ended.then((message) => {
    if (message?.config) {
      const fault = configFault(message.config);
      if (fault === undefined) return message.config;
      throw new TableplanError('config-invalid', `The drizzle config cannot be used: ${fault}.`, {
        hint: 'Correct it; drizzle-kit documents its keys.',
        at: options.configPath === undefined ? undefined : { file: options.configPath },
      });
    }
    throw new TableplanError(
      'config-invalid',
      `drizzle-kit could not read its config${options.configPath ? ` (${options.configPath})` : ''}.`,
      {
        hint: 'Run the command that generates your migrations by hand to see the same failure; set the variables that the config insists on.',
        frame: message?.error ?? plainText(output.toString()),
      },
    );
  });
  // A run that fails earlier for another reason must not die of an unobserved rejection.
  config.catch(() => undefined);

  return {
    config,
    async generate(job) {
      const stdin = child.stdio[3] as Writable;
      stdin.on('error', () => undefined);
      stdin.end(JSON.stringify(job));
      await withinTime(exit, child, limits, 'drizzle-kit generate', file);
      const question = messages.all.find((message) => message.question)?.question;
      if (question) throw unansweredQuestion(question);
      return plainText(output.toString());
    },
    stop() {
      endGroup(child);
    },
  };
}

/** The outcome, or `LimitExceeded`: the process has ended then. */
async function withinTime<Outcome>(
  outcome: Promise<Outcome>,
  child: ChildProcess,
  limits: Limits,
  during: string,
  file: string,
): Promise<Outcome> {
  const waiting = new AbortController();
  const tooLong = sleep(limits.timeoutMs, undefined, { signal: waiting.signal }).then(() => {
    endGroup(child);
    throw new LimitExceeded({ limit: 'time', limits, during, file });
  });
  tooLong.catch(() => undefined);
  try {
    return await Promise.race([outcome, tooLong]);
  } finally {
    waiting.abort();
  }
}

interface KitMessage {
  readonly config?: DrizzleConfig;
  readonly error?: string;
  readonly question?: string;
}

function readMessages(child: ChildProcess): { all: KitMessage[]; first: Promise<KitMessage | undefined> } {
  const all: KitMessage[] = [];
  const first = new Promise<KitMessage | undefined>((resolve) => {
    let pending = '';
    const stream = child.stdio[4] as Readable;
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (pending + text).split('\n');
      pending = lines.pop() ?? '';
      all.push(...lines.flatMap(messageIn));
      if (all.length > 0) resolve(all[0]);
    });
    child.on('error', () => resolve(undefined));
    stream.on('close', () => resolve(undefined));
  });
  return { all, first };
}

/** The project's config runs in that process too, and can write there whatever it likes. */
function messageIn(line: string): KitMessage[] {
  try {
    const message = JSON.parse(line) as KitMessage | null;
    return typeof message === 'object' && message !== null ? [message] : [];
  } catch {
    return [];
  }
}

function unansweredQuestion(question: string): TableplanError {
  return new TableplanError(
    'schema-drift',
    `The schema files contain changes that no migration has and that this plan does not ask for: drizzle-kit asks “${question}”.`,
    {
      hint: 'Generate a migration for those changes first (or take them back), then run this plan again.',
    },
  );
}

const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');

function plainText(output: string): string {
  return output.replace(ANSI, '').trim();
}
