/**
 * The environment of somebody who has never heard of this repository: without npm's variables and without the
 * loader that this repository's .npmrc gives to everything below it (facts/plop.md, environment traps).
 */
export function consumerEnv(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => name !== 'NODE_OPTIONS' && name !== 'CI' && !/^(npm|vitest)/i.test(name),
    ),
  );
  return { ...env, NO_COLOR: '1', ...extra };
}
