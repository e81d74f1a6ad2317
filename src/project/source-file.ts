const CODE = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/;

/** Whether a path is code that people write: declarations and source maps are not. */
export function isSource(path: string): boolean {
  return CODE.test(path) && !/\.d\.[mc]?ts$/.test(path);
}

/** Leaves out the compiled `.js` beside its source: it is never edited (facts/schema-styles.md A9). */
export function withoutCompiled(files: readonly string[]): string[] {
  const all = new Set(files);
  return files.filter((file) => !sourcesOf(file).some((source) => all.has(source)));
}

/** The TypeScript files that a JavaScript path may be compiled from; empty for any other path. */
export function sourcesOf(path: string): string[] {
  const [, stem, kind = ''] = /^(.*)\.([mc]?js|jsx)$/s.exec(path) ?? [];
  if (stem === undefined) return [];
  const swapped = `${stem}.${kind.replace('js', 'ts')}`;
  return kind === 'js' ? [swapped, `${stem}.tsx`] : [swapped];
}

const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/**
 * Every file that a module path may mean, the likeliest first: `./user.js` is written for user.ts, `./user` for user.ts
 * or user/index.ts.
 */
export function spellings(path: string): string[] {
  return [
    ...sourcesOf(path),
    ...(isSource(path) ? [path] : []),
    ...ENDINGS.map((ending) => path + ending),
    ...ENDINGS.map((ending) => `${path}/index${ending}`),
  ];
}
