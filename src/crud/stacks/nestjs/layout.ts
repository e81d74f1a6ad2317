import { posix } from 'node:path';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';

/** Where the files of a domain go, absolute, and where those that all domains share. */
export interface Layout {
  readonly module: string;
  readonly persistence: string;
  readonly shared: string;
}

const MODULE_FILE = /\.module\.[cm]?ts$/;

/** As the neighbours lie: beside the folders of other modules, the persistence where the record is. */
export function layoutOf({ names, table }: CrudDomain, project: CrudProject): Layout {
  const module = posix.join(modulesFolder(project), names.plural.kebab);
  return {
    module,
    persistence: persistenceFolder(module, table.path),
    shared: sharedFolder(project),
  };
}

/** All modules of the project, but not the one of the application. */
export function moduleFiles({ sources }: CrudProject): readonly string[] {
  return [...sources.keys()].filter((path) => MODULE_FILE.test(path));
}

/** The folder that most modules have theirs in: `src/modules` for `src/modules/users/users.module.ts`. */
export function modulesFolder(project: CrudProject): string {
  const counts = new Map<string, number>();
  for (const path of moduleFiles(project)) {
    const own = posix.dirname(path);
    // Only a module in a folder of its name shows where such folders lie.
    if (!posix.basename(path).startsWith(`${posix.basename(own)}.`)) continue;
    const folder = posix.dirname(own);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([a, one], [b, other]) => other - one || a.length - b.length);
  return most?.[0] ?? sourceFolder(project);
}

/** The folder of the application's module, else `src`. */
function sourceFolder(project: CrudProject): string {
  const app = moduleFiles(project).find((path) => /\/app\.module\.[cm]?ts$/.test(path));
  return app === undefined ? posix.join(project.root, 'src') : posix.dirname(app);
}

/** Beside the record's folder of schemas or entities, where the record lies in the module. */
function persistenceFolder(module: string, record: string): string {
  const folder = posix.dirname(record);
  if (!folder.startsWith(`${module}/infrastructure/`))
    return posix.join(module, 'infrastructure/persistence');
  return /\/(schemas?|entities|records)$/.test(folder) ? posix.dirname(folder) : folder;
}

const SHARED_FOLDERS = ['common', 'shared'];

/** The folder that a former domain took, else the one that the project has for such things. */
export function sharedFolder(project: CrudProject): string {
  const source = sourceFolder(project);
  const folders = SHARED_FOLDERS.map((name) => posix.join(source, name));
  const paths = [...project.sources.keys()];
  return (
    folders.find((folder) =>
      ['domain-errors.ts', 'database-errors.ts'].some((name) =>
        project.sources.has(posix.join(folder, name)),
      ),
    ) ??
    folders.find((folder) => paths.some((path) => path.startsWith(`${folder}/`))) ??
    folders[0]!
  );
}
