/** The tsconfig.json of a package whose modules a bundler resolves, with what else this one says. */
export function bundledTsconfig({
  compilerOptions,
  ...more
}: {
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}): string {
  const bundled = {
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'Bundler',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  return `${JSON.stringify({ compilerOptions: { ...bundled, ...compilerOptions }, ...more }, null, 2)}\n`;
}
