import { basename, dirname } from 'node:path';
import { readRegularText, readTextIfThere } from '../../read-regular-file.ts';
import picomatch from 'picomatch';
import { glob } from 'tinyglobby';
import type { TypeormLocation } from './locate/locate.ts';
import { checkTypeormHistory, type HistoryFinding, type HistoryToCheck } from './check-history.ts';
import type { SourceText } from '../../workspace/file-edit.ts';
import type { LoadedDataSource } from './child/child.ts';
import { saidMigrations, saidOptions } from './source/said-options.ts';

/** Whether a text says so itself. */
export const IS_MIGRATION = /\bimplements\s+MigrationInterface\b|@implements\s*\{MigrationInterface\}/;

/** What is odd about a project's history and data source, files looked at. Throws as `checkTypeormHistory` does. */
export async function historyFindings(
  project: Pick<TypeormLocation, 'root' | 'dataSourcePath' | 'script'>,
  loaded: HistoryToCheck['loaded'],
): Promise<HistoryFinding[]> {
  const { root, dataSourcePath: path } = project;
  const [text, files, others] = await Promise.all([
    readRegularText(path),
    migrationFiles(root, loaded),
    otherDataSources(root, path),
  ]);
  const dataSource = { path, text };
  return checkTypeormHistory({
    loaded,
    dataSource,
    files,
    others,
    unloaded: await unloadedFolders(root, { loaded, dataSource, files, others }),
    env: project.script?.env ?? {},
  });
}

const IGNORED = [
  '**/{node_modules,dist,build,out,coverage,.*}/**',
  '**/*.{spec,test,d}.ts',
  '**/{test,tests,__tests__,e2e,fixtures}/**',
];

/** By their names: reading every file of a project would cost more than it tells. */
const DATA_SOURCES = '**/*{data-source,datasource,ormconfig,typeorm,database,app.module}*.{ts,js}';

async function otherDataSources(root: string, own: string): Promise<SourceText[]> {
  const paths = await glob(DATA_SOURCES, {
    cwd: root,
    absolute: true,
    ignore: IGNORED,
    caseSensitiveMatch: false,
  });
  const texts = await textsOf(paths.filter((path) => path !== own));
  return texts
    .filter(
      ({ path, text }) =>
        !isCompiled(path, paths) &&
        /\bnew DataSource\(|\bforRoot(Async)?\(|\bTypeOrmModuleOptions\b|\bDataSourceOptions\b/.test(text),
    )
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Folders whose path speaks of migrations, which hold some, and of which nothing is loaded. Where another data source does
 * not say in plain words what it loads, nobody can tell.
 */
async function unloadedFolders(
  root: string,
  known: {
    readonly loaded: HistoryToCheck['loaded'];
    readonly dataSource: SourceText;
    readonly files: readonly string[];
    readonly others: readonly SourceText[];
  },
): Promise<HistoryToCheck['unloaded']> {
  const { loaded, dataSource, files, others } = known;
  // Where nothing runs, each file is looked at.
  if (loaded.history.length === 0) return [];
  const said = others.map(({ path, text }) => saidOptions(path, text, root));
  if (others.some(({ text }, index) => said[index] === undefined && /\bmigrations\b/.test(text))) return [];
  const own = saidMigrations(dataSource.path, dataSource.text, root);
  if (own === undefined) return [];
  const globs = [...own, ...said.flatMap((options) => options?.migrations ?? [])];
  const seen = new Set([...files, ...loaded.migrations.files, ...loaded.history.map(({ file }) => file)]);
  const folders = new Set([...seen].flatMap((file) => (file === undefined ? [] : [dirname(file)])));
  const found = await glob('**/*migration*/**/*.ts', {
    cwd: root,
    absolute: true,
    ignore: IGNORED,
    caseSensitiveMatch: false,
  });
  const left = found.filter(
    (file) => !folders.has(dirname(file)) && !globs.some((pattern) => picomatch.isMatch(file, pattern)),
  );
  const byFolder = new Map<string, string[]>();
  for (const { path, text } of await textsOf(left.toSorted()))
    if (IS_MIGRATION.test(text)) byFolder.set(dirname(path), [...(byFolder.get(dirname(path)) ?? []), path]);
  // Compiled files may run in their stead.
  const names = new Set([...seen].map((file) => stemOf(file ?? '')));
  return [...byFolder]
    .filter(([, paths]) => !paths.some((path) => names.has(stemOf(path))))
    .map(([folder, paths]) => ({ folder, files: paths }));
}

function stemOf(path: string): string {
  return basename(path).replace(/\.[cm]?[jt]s$/, '');
}

function textsOf(paths: readonly string[]): Promise<SourceText[]> {
  return Promise.all(paths.map(async (path) => ({ path, text: (await readTextIfThere(path)) ?? '' })));
}

/**
 * Files that hold migrations: in the folders of the history, and anywhere below `root` where the history is empty (a
 * glob that points at nothing is the usual cause). Compiled files and tests are left out.
 */
async function migrationFiles(
  root: string,
  { history }: Pick<LoadedDataSource, 'history'>,
): Promise<string[]> {
  const folders = new Set(history.flatMap(({ file }) => (file === undefined ? [] : [dirname(file)])));
  const found = await Promise.all(
    (folders.size === 0 ? [root] : [...folders]).map((folder) =>
      glob(folders.size === 0 ? '**/*.ts' : '*.{ts,js}', {
        cwd: folder,
        absolute: true,
        ignore: IGNORED,
      }),
    ),
  );
  const texts = await Promise.all(
    found.flat().map(async (file) => ({ file, text: (await readTextIfThere(file)) ?? '' })),
  );
  return texts
    .filter(({ file, text }) => IS_MIGRATION.test(text) && !isCompiled(file, found.flat()))
    .map(({ file }) => file)
    .toSorted();
}

function isCompiled(file: string, all: readonly string[]): boolean {
  return file.endsWith('.js') && all.includes(file.replace(/js$/, 'ts'));
}
