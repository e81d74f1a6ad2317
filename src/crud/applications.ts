import { dirname, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { TableplanError } from '../errors.ts';
import { listed } from '../plan/suggest.ts';
import type { ProjectBase } from '../project/project.ts';
import { type PackageJson, readPackageJson } from '../project/package-json.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import { type Framework, frameworksOf } from './frameworks.ts';
import { NO_SOURCES, readSources } from './read-sources.ts';

/** A package of the workspace that answers requests, and uses the tables of another. */
export interface ApplicationPackage {
  /** Absolute. */
  readonly root: string;
  readonly json: PackageJson;
  readonly sources: ReadonlyMap<string, string>;
  readonly frameworks: readonly Framework[];
}

/** The folder of a package, relative to `cwd` or to the top of the repository. */
export interface NamedApplication {
  readonly named: string;
  readonly cwd: string;
}

export interface ApplicationWishes {
  readonly named: NamedApplication | undefined;
  /** The frameworks, by their id, for which the code can be written. */
  readonly writable: ReadonlySet<string>;
  /** Asks a person which of several is meant; undefined where nobody can be asked. */
  readonly ask: ((question: string, names: readonly string[]) => Promise<string>) | undefined;
}

const DEEPEST_PACKAGE = 4;

/** The names of everything that a package depends on. */
export function dependenciesOf({ dependencies, devDependencies }: PackageJson): readonly string[] {
  return Object.keys({ ...dependencies, ...devDependencies });
}

/** The applications of the same workspace that depend on the package in `root` by its name; none where it is the workspace. */
export async function applicationsAround(
  name: string | undefined,
  { root, repoRoot }: ProjectBase,
): Promise<readonly ApplicationPackage[]> {
  if (name === undefined || root === repoRoot) return [];
  const manifests = await glob('**/package.json', {
    cwd: repoRoot,
    absolute: true,
    ignore: NO_SOURCES,
    deep: DEEPEST_PACKAGE,
  });
  const found = await Promise.all(
    manifests.toSorted().map(async (path): Promise<readonly ApplicationPackage[]> => {
      const folder = dirname(path);
      // What is broken elsewhere is not this package's matter.
      const json = (await readPackageJson(folder).catch(() => undefined)) ?? {};
      const dependencies = dependenciesOf(json);
      if (!dependencies.includes(name)) return [];
      const sources = await readSources(folder, []);
      const frameworks = frameworksOf({ dependencies, sources });
      return frameworks.length === 0 ? [] : [{ root: folder, json, sources, frameworks }];
    }),
  );
  return found.flat();
}

/**
 * The application that the code is for: the one that is named, else the only one whose framework has a stack. Undefined where
 * there is none. Throws `usage` for a name that is none of them, `answer-needed` where there are several and nobody can be asked.
 */
export async function chooseApplication(
  all: readonly ApplicationPackage[],
  { repoRoot, root }: ProjectBase,
  { named, writable, ask }: ApplicationWishes,
): Promise<ApplicationPackage | undefined> {
  const nameOf = (each: ApplicationPackage): string => posixRelative(repoRoot, each.root);
  if (named !== undefined) {
    const folders = [resolve(named.cwd, named.named), resolve(repoRoot, named.named)];
    const found = all.find((each) => folders.includes(each.root));
    if (found !== undefined || folders.includes(root)) return found;
    throw new TableplanError('usage', `There is no application in ${named.named}.`, {
      hint:
        all.length === 0
          ? `No package that depends on the one in ${posixRelative(repoRoot, root)} imports a web framework; leave --app out.`
          : `Applications that depend on the package in ${posixRelative(repoRoot, root)}: ${listed(all.map(nameOf), 'and')}.`,
    });
  }
  const fitting = all.filter(({ frameworks }) => frameworks.some(({ id }) => writable.has(id)));
  if (fitting.length < 2) return fitting[0];
  const question = 'Which application is the code for?';
  if (ask !== undefined) {
    const name = await ask(question, fitting.map(nameOf));
    return fitting.find((each) => nameOf(each) === name);
  }
  throw new TableplanError(
    'answer-needed',
    `Several applications use the tables of ${posixRelative(repoRoot, root)}: ${listed(fitting.map(nameOf), 'and')}.`,
    {
      hint: 'Nothing was written. Name the one that the code is for.',
      missing: [
        {
          field: 'app',
          question,
          supply: fitting.map((each) => `--app ${shown(nameOf(each))}`).join(' | '),
        },
      ],
    },
  );
}

/** A path as it is typed into a shell. */
function shown(path: string): string {
  return /[^\w./@-]/.test(path) ? `'${path}'` : path;
}
