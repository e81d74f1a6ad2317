import { join } from 'node:path';
import { TableplanError } from '../errors.ts';
import { DEFAULT_LIMITS, type Limits, parseDuration, parseSize } from '../limits.ts';
import { readPackageJson } from './scripts.ts';

/** What a team has settled for all runs: the key `tableplan` of the project's package.json. */
export interface Settings {
  /** `enforce`: warnings stop a migration too. */
  readonly safety?: 'enforce' | undefined;
  /** lock_timeout of the project's migrations: `2s`. */
  readonly lockTimeout?: string | undefined;
  /** The connection of the migrator sets its timeouts itself. */
  readonly assumeTimeouts?: boolean | undefined;
  /** Rules that are only looked for where they are asked for. */
  readonly optIn?: readonly string[] | undefined;
  /** Major version of the production server, or `14.2`. */
  readonly postgresVersion?: number | undefined;
  /** How long what is rehearsed may take, and how long the project's config may: `5m`. */
  readonly timeout?: string | undefined;
  /** What a disposable database may take: `4GB`. */
  readonly memory?: string | undefined;
}

/** How far the project's own migrations and config may go: as its settings say, `timeoutMs` before them. */
export async function limitsOf(root: string, timeoutMs: number | undefined): Promise<Limits> {
  const { timeout, memory } = await readSettings(root);
  return {
    timeoutMs: timeoutMs ?? parseDuration(timeout ?? '') ?? DEFAULT_LIMITS.timeoutMs,
    memoryBytes: parseSize(memory ?? '') ?? DEFAULT_LIMITS.memoryBytes,
  };
}

/** The major version of the production server, where the settings say it. */
export function majorOf({ postgresVersion }: Settings): number | undefined {
  return postgresVersion === undefined ? undefined : Math.floor(postgresVersion);
}

/** Their rules are not loaded for this. */
const OPT_IN = ['idempotent-ddl'] as const;

/** The settings of a project; empty where it has none. Throws `config-invalid`, naming every key that is wrong. */
export async function readSettings(root: string): Promise<Settings> {
  const json = (await readPackageJson(root)) as { readonly tableplan?: unknown } | undefined;
  if (json?.tableplan === undefined) return {};
  const { z } = await import('zod');
  const known = z.strictObject({
    safety: z.literal('enforce', { error: 'is "enforce" or not there' }).optional(),
    lockTimeout: z
      .string({ error: 'is a time such as "2s"' })
      .regex(/^[1-9]\d{0,8} ?(us|ms|s|min|h)$/, 'is a time such as "2s"')
      .optional(),
    assumeTimeouts: z.boolean({ error: 'is true or false' }).optional(),
    optIn: z
      .array(z.enum(OPT_IN, { error: `has ${OPT_IN.join(', ')}` }), { error: 'is a list of rules' })
      .optional(),
    postgresVersion: z
      .number({ error: 'is a number such as 16' })
      .min(9, 'is a version of Postgres: 16, or 14.2')
      .max(99, 'is a version of Postgres: 16, or 14.2')
      .optional(),
    timeout: z
      .string({ error: 'is a time such as "5m"' })
      .refine((text) => parseDuration(text) !== undefined, 'is a time such as "90s" or "5m"')
      .optional(),
    memory: z
      .string({ error: 'is a size such as "4GB"' })
      .refine((text) => parseSize(text) !== undefined, 'is a size such as "512MB" or "4GB"')
      .optional(),
  });
  const { data, error } = known.safeParse(json.tableplan);
  if (data) return data;
  const problems = error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')}: no such setting`
      : `${issue.path.join('.') || 'tableplan'}: ${issue.path.length > 0 ? issue.message : 'is an object'}`,
  );
  throw new TableplanError(
    'config-invalid',
    `The settings under "tableplan" in package.json are wrong: ${problems.join('; ')}.`,
    {
      at: { file: join(root, 'package.json') },
      hint: `There are ${Object.keys(known.shape).join(', ')}.`,
    },
  );
}
