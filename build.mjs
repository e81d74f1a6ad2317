// @ts-check
/**
 * `npm run build`: the sources as a few bundled modules in dist/ (two hundred small ones cost a tenth of a second at every
 * start), the files that run in the user's drizzle-kit as they are, and the types. Dependencies stay outside.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const OUT = 'dist';
/** Folders with files that run in a process or thread of their own. */
const AS_THEY_ARE = ['src/orm/drizzle/kit', 'src/orm/typeorm/child', 'src/postgres/engines'];

rmSync(OUT, { recursive: true, force: true });
await build({
  entryPoints: ['src/cli.ts', 'src/plop.ts', 'src/index.ts'],
  chunkNames: 'chunk-[hash]',
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  // For the CommonJS file that loads the TypeScript compiler (src/schema/compiler.cjs).
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
});
for (const folder of AS_THEY_ARE) {
  for (const file of readdirSync(folder)) {
    if (/\.[cm]js$/.test(file)) copyFileSync(join(folder, file), join(OUT, file));
  }
}
execFileSync(process.execPath, ['node_modules/typescript/lib/tsc.js', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
chmodSync(join(OUT, 'cli.js'), 0o755);
