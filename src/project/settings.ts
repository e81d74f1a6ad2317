import { join } from 'node:path';
import { type At, TableplanError } from '../errors.ts';
import { nearest } from '../plan/suggest.ts';
import { RULE_LEVELS, type RuleLevels } from '../review/rule-levels.ts';
import { FIXED_RULES, RULE_NAMES } from '../review/rule-names.ts';
import { DEFAULT_LIMITS, type Limits, parseDuration, parseSize } from '../limits.ts';
import { readTextIfThere } from '../read-regular-file.ts';
import { readPackageJson } from './package-json.ts';
import { isLockTimeout } from './setting-values.ts';

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
  /** How much is made of single rules, whichever command says them. */
  readonly rules?: RuleLevels | undefined;
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
      .refine(isLockTimeout, 'is a time such as "2s"')
      .optional(),
    assumeTimeouts: z.boolean({ error: 'is true or false' }).optional(),
    optIn: z
      .array(z.enum(OPT_IN, { error: `has ${OPT_IN.join(', ')}` }), { error: 'is a list of rules' })
      .optional(),
    rules: z
      .record(
        z.string(),
        z.enum(RULE_LEVELS, { error: `is one of ${RULE_LEVELS.map((level) => `"${level}"`).join(', ')}` }),
        { error: 'is an object such as { "type-preferences": "off" }' },
      )
      .check(({ value, issues }) => {
        for (const [rule, level] of Object.entries(value)) {
          const message = wrongLevel(rule, level);
          if (message !== undefined) issues.push({ code: 'custom', path: [rule], message, input: level });
        }
      })
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
  if (data) return withOptIn(data);
  const problems = error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')}: no such setting`
      : `${issue.path.join('.') || 'tableplan'}: ${issue.path.length > 0 ? issue.message : 'is an object'}`,
  );
  throw new TableplanError(
    'config-invalid',
    `The settings under "tableplan" in package.json are wrong: ${problems.join('; ')}.`,
    {
      at: await placeIn(join(root, 'package.json'), error.issues[0]?.path ?? []),
      hint: `There are ${Object.keys(known.shape).join(', ')}.`,
    },
  );
}

/** What is wrong with the level of a rule; undefined where nothing is. */
function wrongLevel(rule: string, level: string): string | undefined {
  if (FIXED_RULES.has(rule)) {
    return level === 'error'
      ? undefined
      : 'cannot be turned off or down: it reports a migration, a history or a proof that does not hold';
  }
  if (RULE_NAMES.has(rule)) return undefined;
  const near = nearest(rule, [...RULE_NAMES, ...FIXED_RULES]);
  return near.length > 0 ? `no such rule; near names: ${near.join(', ')}` : 'no such rule';
}

/** A level asks for a rule that is only looked for where it is asked for; `off` takes it back. */
function withOptIn(settings: Settings): Settings {
  const { rules = {}, optIn = [] } = settings;
  const asked = OPT_IN.filter((rule) =>
    rules[rule] === undefined ? optIn.includes(rule) : rules[rule] !== 'off',
  );
  return asked.length === optIn.length ? settings : { ...settings, optIn: asked };
}

/** Where a setting stands in package.json, as far as its key can be found there. */
async function placeIn(file: string, path: readonly PropertyKey[]): Promise<At> {
  const lines = ((await readTextIfThere(file)) ?? '').split('\n');
  let line = -1;
  for (const key of ['tableplan', ...path]) {
    const found = lines.findIndex((text, index) => index >= line && text.includes(`"${String(key)}"`));
    if (found > line) line = found;
  }
  return line === -1 ? { file } : { file, line: line + 1 };
}
