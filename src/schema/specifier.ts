/**
 * How a file is named in imports: relative or by an alias, with a suffix or without. All paths are absolute, with
 * forward slashes.
 */

/** A specifier that stands in the project, and the file it means: what a new one is modelled on. */
export interface SpecifierExample {
  readonly from: string;
  readonly specifier: string;
  readonly path: string;
}

/** An example that shows nothing but a suffix. */
export function suffixExample(suffix: string): SpecifierExample {
  return { from: '/a.ts', specifier: `./b${suffix}`, path: '/b.ts' };
}

const SOURCE_SUFFIX = /\.(d\.)?[cm]?tsx?$/;

/**
 * The specifier by which `from` names `path`, written as the example is: its suffix, its alias, its way of leaving
 * `/index` out. Without an example: relative and without a suffix.
 *
 * @example specifierFor('/p/schema.ts', '/p/a/b.ts', { from: '/p/schema.ts', specifier: './x.js', path: '/p/x.ts' }) // './a/b.js'
 */
export function specifierFor(from: string, path: string, example: SpecifierExample | undefined): string {
  const suffix = example === undefined ? '' : suffixOf(example);
  const target = named(path, suffix, example);
  const alias = example === undefined ? undefined : aliasOf(example, suffix);
  const underAlias = alias && isInside(target, alias.directory) ? alias : undefined;
  if (underAlias) return underAlias.prefix + target.slice(underAlias.directory.length);
  return relativeSpecifier(directoryOf(from), target);
}

/**
 * The example to follow from one file to another: one that means a file of the same folder, else one that leads as far,
 * out of its folder or not, and whose alias stands for a folder above the target. The file's own examples come first;
 * `others` are asked for only where they do not show it.
 */
export function exampleFor(
  from: string,
  target: string,
  own: readonly SpecifierExample[],
  others: () => readonly SpecifierExample[],
): SpecifierExample | undefined {
  const isBeside = (a: string, b: string): boolean => directoryOf(a) === directoryOf(b);
  const fits = (example: SpecifierExample): boolean =>
    isBeside(example.from, example.path) === isBeside(from, target) && covers(example, target);
  const among = (examples: readonly SpecifierExample[]): SpecifierExample | undefined =>
    examples.find((example) => isBeside(example.path, target) && fits(example)) ?? examples.find(fits);
  return among(own) ?? among(others()) ?? own[0] ?? others()[0];
}

function covers(example: SpecifierExample, target: string): boolean {
  const alias = aliasOf(example, suffixOf(example));
  return alias === undefined || isInside(target, alias.directory);
}

/** `.js`, `.ts` or nothing. */
function suffixOf(example: SpecifierExample): string {
  return /\.[cm]?[jt]sx?$/.exec(example.specifier)?.[0] ?? '';
}

function named(path: string, suffix: string, example: SpecifierExample | undefined): string {
  const bare = path.replace(SOURCE_SUFFIX, '');
  const namesIndex = example === undefined || /\/index(\.\w+)?$/.test(example.specifier);
  if (bare.endsWith('/index') && suffix === '' && !namesIndex) return bare.replace(/\/index$/, '');
  return bare + suffix;
}

/** `@/db/users` for /p/src/db/users.ts: prefix `@` stands for the folder /p/src. */
function aliasOf(
  example: SpecifierExample,
  suffix: string,
): { prefix: string; directory: string } | undefined {
  if (/^\.\.?(\/|$)/.test(example.specifier)) return undefined;
  const written = example.specifier.split('/');
  const real = named(example.path, suffix, example).split('/');
  while (written.length > 1 && real.length > 1 && written.at(-1) === real.at(-1)) {
    written.pop();
    real.pop();
  }
  return { prefix: written.join('/'), directory: real.join('/') };
}

/** The folder of a path. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Whether a path lies below a folder. */
export function isInside(path: string, directory: string): boolean {
  return path.startsWith(`${directory}/`);
}

function relativeSpecifier(directory: string, target: string): string {
  const from = directory.split('/');
  const to = target.split('/');
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared += 1;
  const up = from.length - shared;
  return [...(up === 0 ? ['.'] : Array<string>(up).fill('..')), ...to.slice(shared)].join('/');
}
