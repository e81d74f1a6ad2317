import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { readRegularText } from '../read-regular-file.ts';

const LOADERS = /(^|\/)(dotenv|dotenvx|env-cmd)$/;
const BUN = /^(bun|bunx)$/;

/**
 * The variables that a script's words load from files before drizzle-kit runs: dotenv-cli, dotenvx, env-cmd,
 * `node --env-file`, bun. What the environment has already stays as it is, as all of these tools do it.
 */
export async function envFiles(folder: string, words: readonly string[]): Promise<Record<string, string>> {
  const loader = words.some((word) => LOADERS.test(word));
  const named = namedFiles(words);
  const files =
    named.length > 0
      ? named
      : loader
        ? ['.env']
        : words.some((word) => BUN.test(word))
          ? ['.env', '.env.development', '.env.local']
          : [];
  // Of several files dotenv keeps the first value, node and bun the last.
  const texts = await Promise.all(
    (loader ? files.toReversed() : files).map((file) =>
      readRegularText(resolve(folder, file), { anywhere: true }).catch(() => ''),
    ),
  );
  const loaded = Object.assign({}, ...texts.map((text) => parseEnv(text))) as Record<string, string>;
  return Object.fromEntries(Object.entries(loaded).filter(([name]) => process.env[name] === undefined));
}

function namedFiles(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const [, inline] = /^(?:--env-file(?:-if-exists)?|-e|-f|--file)=(.+)$/.exec(word) ?? [];
    const next = words[index + 1];
    if (inline !== undefined) return [inline];
    return ['-e', '-f', '--file', '--env-file', '--env-file-if-exists'].includes(word) && next !== undefined
      ? [next]
      : [];
  });
}
