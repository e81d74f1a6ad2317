import { resolve } from 'node:path';

/** The script that people type, where it prepares things and then runs `own`, or `own` is called a part of it. */
export function wrapperOf(own: string, named: readonly (readonly [string, string])[]): string {
  const wrapper = named.find(
    ([name, command]) =>
      name !== own && (command.split(/[\s"'&|;]+/).includes(own) || /^[:-]/.test(own.replace(name, ''))),
  );
  return wrapper?.[0] ?? own;
}

export type Scripts = Readonly<Record<string, string>>;

/** One part of `a && b`: its words, where it runs, and what the parts before it have set. */
export interface Part {
  readonly words: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The commands of a script. */
export function partsOf(command: string, packageFolder: string): Part[] {
  let folder = packageFolder;
  let env: Record<string, string> = {};
  return command.split(/&&|\|\||;/).map((text) => {
    const words = shellWords(text);
    if (words[0] === 'cd') folder = resolve(folder, words[1] ?? '.');
    if (words[0] === 'export' || words[0] === 'set') env = { ...env, ...assignments(words) };
    return { words, folder, env };
  });
}

/** `pnpm with-env drizzle-kit …`, where `with-env` is a script of its own, is what that script says. */
export function expandAliases(words: readonly string[], scripts: Scripts): string[] {
  return words.flatMap((word, index) =>
    index > 0 && scripts[word] !== undefined ? shellWords(scripts[word]) : [word],
  );
}

/** `NAME=value` words. */
export function assignments(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
      return name === undefined
        ? []
        : [
            [
              name,
              value.replaceAll(/\$\{?(\w+)\}?/g, (_, variable: string) => process.env[variable] ?? ''),
            ] as const,
          ];
    }),
  );
}

/** `--flag value` or `--flag=value`. */
export function flagValue(words: readonly string[], flags: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    const [, flag = '', inline] = /^(-[^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!flags.includes(flag)) continue;
    const next = words[index + 1];
    if (inline !== undefined) return inline;
    if (next !== undefined && !next.startsWith('-')) return next;
  }
  return undefined;
}

/** Splits a script at spaces, quotes taken away; enough for package.json scripts. */
function shellWords(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
}
