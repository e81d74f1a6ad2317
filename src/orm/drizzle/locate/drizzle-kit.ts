import { dirname, join } from 'node:path';
import { TableplanError } from '../../../errors.ts';
import { isFile } from '../../../project/folders.ts';
import { readInstalledPackage } from '../../../project/package-json.ts';

export interface DrizzleKit {
  readonly version: string;
  /** Folder of the package, absolute. */
  readonly packageDir: string;
  readonly binPath: string;
}

/**
 * The drizzle-kit that the project itself would run: the nearest in the node_modules folders above `root`.
 * Throws `orm-not-found` or `orm-not-supported`.
 */
export async function findDrizzleKit(root: string, install: string): Promise<DrizzleKit> {
  for (let folder = root; ; folder = dirname(folder)) {
    const packageDir = join(folder, 'node_modules', 'drizzle-kit');
    const json = await readInstalledPackage(packageDir);
    if (json) return supported(packageDir, json.version ?? 'without a version');
    if (dirname(folder) === folder) break;
  }
  const hint = (await usesPlugAndPlay(root))
    ? "This project uses Yarn Plug'n'Play, which tableplan cannot read: set nodeLinker: node-modules in .yarnrc.yml and run yarn install."
    : `Install it: ${install} drizzle-kit@0.31 (or run your package manager's install first).`;
  throw new TableplanError('orm-not-found', `drizzle-kit is not installed in ${root}.`, { hint });
}

async function usesPlugAndPlay(root: string): Promise<boolean> {
  for (let folder = root; ; folder = dirname(folder)) {
    if (await isFile(join(folder, '.pnp.cjs'))) return true;
    if (dirname(folder) === folder) return false;
  }
}

async function supported(packageDir: string, version: string): Promise<DrizzleKit> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major >= 1) {
    throw new TableplanError(
      'orm-not-supported',
      `drizzle-kit ${version} is installed; tableplan works with 0.31 so far, 1.0 comes in a later release.`,
      { hint: 'Nothing was written.' },
    );
  }
  if (minor < 31) {
    throw new TableplanError('orm-not-supported', `drizzle-kit ${version} is too old for tableplan.`, {
      hint: 'Upgrade it to 0.31 (drizzle-kit up brings the snapshots to the newest version).',
    });
  }
  const binPath = join(packageDir, 'bin.cjs');
  if (!(await isFile(binPath)))
    throw new TableplanError(
      'orm-not-found',
      `drizzle-kit in ${packageDir} is incomplete: bin.cjs is missing.`,
      { hint: 'Install the dependencies again.' },
    );
  return { version, packageDir, binPath };
}
