import { join, resolve } from 'node:path';
import { readRegularText } from '../../read-regular-file.ts';
import { isFile } from '../../project/folders.ts';
import type { DrizzleLocation } from './locate/locate.ts';
import { TableplanError } from '../../errors.ts';
import { isInside } from '../../workspace/inside.ts';
import type { DrizzleConfig } from './kit/kit.ts';

/**
 * The migrations folder of a project, absolute. Where the script or the config says it in plain words, and a journal lies
 * there, the config is not executed; else drizzle-kit reads it (half a second). Throws
 * `config-invalid`, also where it lies outside the repository.
 */
export async function outFolder(project: DrizzleLocation, timeoutMs: number | undefined): Promise<string> {
  const said = await saidFolder(project);
  if (said !== undefined) {
    const folder = resolve(project.root, said);
    if (await isFile(join(folder, 'meta', '_journal.json'))) return inRepository(folder, project);
  }
  const { startWithConfig } = await import('./start-with-config.ts');
  const { config, kit } = await startWithConfig(project, timeoutMs);
  kit.stop();
  return outOf(config, project);
}

/** The migrations folder as the config says it. Throws `config-invalid` where it lies outside the repository. */
export function outOf(config: DrizzleConfig, project: DrizzleLocation): Promise<string> {
  return inRepository(join(project.root, config.out ?? 'drizzle'), project);
}

/** A config may have come with the repository: what lies outside is not read. */
async function inRepository(folder: string, { repoRoot, configPath }: DrizzleLocation): Promise<string> {
  if (await isInside(folder, repoRoot)) return folder;
  throw new TableplanError(
    'config-invalid',
    `The migrations folder ${folder} lies outside the repository (${repoRoot}).`,
    {
      hint: 'Nothing was read there. Correct `out` in the config; where it is a symbolic link, put the folder itself in its place.',
      at: configPath === undefined ? undefined : { file: configPath },
    },
  );
}

async function saidFolder({ script, configPath }: DrizzleLocation): Promise<string | undefined> {
  const flag = script?.overrides['out'];
  if (typeof flag === 'string') return flag;
  if (configPath === undefined) return 'drizzle';
  return outInConfig(await readRegularText(configPath));
}

const OUT = /(?<![\w$.])(["']?)out\1\s*:/g;
const PLAIN_OUT = /(?<![\w$.])(["']?)out\1\s*:\s*(?:'([^'\\\n]+)'|"([^"\\\n]+)"|`([^`\\$]+)`)\s*(?=[,}\n])/g;

/**
 * What a config's text gives as `out`, where it is written once and as a plain string; undefined for everything that only
 * running it can tell.
 *
 * @example outInConfig("export default { out: './drizzle' }") // './drizzle'
 */
export function outInConfig(text: string): string | undefined {
  const code = withoutComments(text);
  // What is spread in may say another one.
  if (code.includes('...')) return undefined;
  const plain = [...code.matchAll(PLAIN_OUT)];
  const [found] = plain;
  if (plain.length !== 1 || [...code.matchAll(OUT)].length !== 1) return undefined;
  return found?.[2] ?? found?.[3] ?? found?.[4];
}

/** Strings stay: `//` and globs inside them are no comments. */
function withoutComments(text: string): string {
  return text.replaceAll(
    /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[^]*?\*\//g,
    (_, string: string | undefined) => string ?? ' ',
  );
}
