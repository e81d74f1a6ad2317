import { dirname, join } from 'node:path';
import { TableplanError } from '../../../errors.ts';
import { readInstalledPackage } from '../../../project/package-json.ts';

export interface TypeormPackage {
  readonly version: string;
  /** Folder of the package, absolute. */
  readonly packageDir: string;
}

/**
 * The TypeORM that the project itself would load: the nearest in the node_modules folders above `root`. Its version is
 * read from its package.json on disk, which its exports map hides (facts/typeorm.md 1). Throws `orm-not-found` or
 * `orm-not-supported`.
 */
export async function findTypeorm(root: string, install: string): Promise<TypeormPackage> {
  for (let folder = root; ; folder = dirname(folder)) {
    const packageDir = join(folder, 'node_modules', 'typeorm');
    const json = await readInstalledPackage(packageDir);
    if (json) return supported(packageDir, json.version ?? 'without a version');
    if (dirname(folder) === folder) break;
  }
  throw new TableplanError('orm-not-found', `typeorm is not installed in ${root}.`, {
    hint: `Run your package manager's install first (or ${install.replace(' -D', '')} typeorm).`,
  });
}

function supported(packageDir: string, version: string): TypeormPackage {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === 1 || (major === 0 && minor === 3)) return { version, packageDir };
  throw new TableplanError(
    'orm-not-supported',
    `typeorm ${version} is installed; tableplan works with 0.3 and 1.x.`,
    {
      hint: major === 0 ? 'Upgrade it to 0.3 or later.' : 'Nothing was written.',
    },
  );
}
