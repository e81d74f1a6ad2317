import { realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { readRegularFileSync } from '../read-regular-file.ts';

interface Manifest {
  readonly exports?: unknown;
  readonly imports?: unknown;
  readonly source?: string;
  readonly types?: string;
  readonly module?: string;
  readonly main?: string;
}

interface Package {
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * Where specifiers like `@shop/db/schema` (a package of the same workspace) and `#db/schema` (the package's own
 * `imports`) may lead: paths without their endings settled. A package is one of the workspace when its real folder is
 * outside node_modules.
 */
export function packageFiles(): (folder: string, specifier: string) => string[] {
  const found = new Map<string, Package | undefined>();
  const once = (key: string, find: () => Package | undefined): Package | undefined => {
    if (!found.has(key)) found.set(key, find());
    return found.get(key);
  };
  return (folder, specifier) => {
    if (specifier.startsWith('#')) {
      const own = once(folder, () => nearestPackage(folder));
      return own ? targets(own, own.manifest.imports, specifier) : [];
    }
    const [, name, sub = ''] = /^((?:@[^/]+\/)?[^/@.][^/]*)(?:\/(.+))?$/.exec(specifier) ?? [];
    if (name === undefined) return [];
    const other = once(`${folder}\0${name}`, () => workspacePackage(folder, name));
    return other ? entryPaths(other, sub) : [];
  };
}

function nearestPackage(start: string): Package | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = readManifest(folder);
    if (manifest !== undefined) return { folder, manifest };
    if (dirname(folder) === folder) return undefined;
  }
}

function workspacePackage(start: string, name: string): Package | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const real = realFolder(join(folder, 'node_modules', name));
    if (real !== undefined) {
      if (real.includes(`${sep}node_modules${sep}`)) return undefined;
      const manifest = readManifest(real);
      return manifest && { folder: real, manifest };
    }
    if (dirname(folder) === folder) return undefined;
  }
}

function realFolder(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(
      readRegularFileSync(join(folder, 'package.json'), { anywhere: true }).toString('utf8'),
    ) as Manifest;
  } catch {
    return undefined;
  }
}

function entryPaths(found: Package, sub: string): string[] {
  const { folder, manifest } = found;
  const exported = targets(found, manifest.exports, sub === '' ? '.' : `./${sub}`);
  if (sub !== '') return [...exported, join(folder, sub), join(folder, 'src', sub)];
  const fields = [manifest.source, manifest.module, manifest.main, manifest.types].filter(
    (field) => field !== undefined,
  );
  return [
    ...exported,
    ...fields.flatMap((field) => asSource(folder, field)),
    join(folder, 'src/index'),
    join(folder, 'index'),
  ];
}

/** What a map of `exports` or `imports` gives for a key, under any condition: the one that exists is meant. */
function targets({ folder }: Package, map: unknown, key: string): string[] {
  if (typeof map === 'string' || (isRecord(map) && !Object.keys(map).some((each) => /^[.#]/.test(each))))
    return key === '.' ? leaves(map).flatMap((leaf) => asSource(folder, leaf)) : [];
  if (!isRecord(map)) return [];
  return Object.entries(map).flatMap(([pattern, target]) => {
    const [start = '', end] = pattern.split('*');
    if (end === undefined)
      return pattern === key ? leaves(target).flatMap((leaf) => asSource(folder, leaf)) : [];
    if (!key.startsWith(start) || !key.endsWith(end) || key.length < pattern.length) return [];
    const star = key.slice(start.length, key.length - end.length);
    return leaves(target).flatMap((leaf) => asSource(folder, leaf.replaceAll('*', star)));
  });
}

function leaves(target: unknown): string[] {
  if (typeof target === 'string') return [target];
  return target !== null && typeof target === 'object' ? Object.values(target).flatMap(leaves) : [];
}

/** Compiled output stands for its source. */
function asSource(folder: string, path: string): string[] {
  const stem = path.replace(/^(?:\.\/)?(?:dist|build|lib|out)\//, '');
  if (stem === path) return [resolve(folder, path)];
  const bare = stem.replace(/\.d(\.[mc]?ts)$|\.([mc]?js)$/, '');
  return [resolve(folder, 'src', bare), resolve(folder, bare)];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
