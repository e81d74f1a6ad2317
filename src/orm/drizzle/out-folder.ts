import { join, resolve } from 'node:path';
import { readRegularText } from '../../read-regular-file.ts';
import { isFile } from '../../project/folders.ts';
import type { ProjectLocation } from '../../project/locate.ts';

/**
 * The migrations folder of a project, absolute. Where the script or the config says it in plain words, and a journal lies
 * there, the config is not executed; else drizzle-kit reads it (half a second). Throws `config-invalid`.
 */
export async function outFolder(project: ProjectLocation): Promise<string> {
  const said = await saidFolder(project);
  if (said !== undefined) {
    const folder = resolve(project.root, said);
    if (await isFile(join(folder, 'meta', '_journal.json'))) return folder;
  }
  const { startWithConfig } = await import('./start-with-config.ts');
  const { config, kit } = await startWithConfig(project);
  kit.stop();
  return join(project.root, config.out ?? 'drizzle');
}

async function saidFolder({ script, configPath }: ProjectLocation): Promise<string | undefined> {
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
