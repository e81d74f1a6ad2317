import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readPackageJson } from './package-json.ts';

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
];

/** The package manager by the `packageManager` field or the lock file, from `root` up to `top`; npm where nothing says. */
export async function findPackageManager(root: string, top: string): Promise<PackageManager> {
  for (let folder = root; ; folder = dirname(folder)) {
    const field = (await readPackageJson(folder))?.packageManager?.split('@')[0];
    if (field === 'npm' || field === 'pnpm' || field === 'yarn' || field === 'bun') return field;
    for (const [file, manager] of LOCK_FILES)
      if (await stat(join(folder, file)).catch(() => undefined)) return manager;
    if (folder === top || dirname(folder) === folder) return 'npm';
  }
}

/** `pnpm db:migrate`, `npm run db:migrate` …; npm alone keeps what starts with a dash for itself. */
export function runCommand(manager: PackageManager, script: string, args = ''): string {
  const run = manager === 'npm' || manager === 'bun' ? `${manager} run ${script}` : `${manager} ${script}`;
  return args === '' ? run : `${run}${manager === 'npm' ? ' --' : ''} ${args}`;
}

/** `npx tableplan`, `pnpm exec tableplan` …: a tool that a dependency brings. */
export function execCommand(manager: PackageManager, tool: string): string {
  return `${{ npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' }[manager]} ${tool}`;
}

/** The command that adds a development dependency, without its name. */
export function installCommand(manager: PackageManager): string {
  return manager === 'npm' ? 'npm i -D' : `${manager} add -D`;
}
