import { dirname } from 'node:path';
import { readRegularText, readTextIfThere } from '../../read-regular-file.ts';
import { glob } from 'tinyglobby';
import type { TypeormLocation } from '../../project/typeorm-locate.ts';
import { checkTypeormHistory, type HistoryFinding, type HistoryToCheck } from './check-history.ts';
import type { LoadedDataSource } from './child/child.ts';

/** Whether a text says so itself. */
export const IS_MIGRATION = /\bimplements\s+MigrationInterface\b|@implements\s*\{MigrationInterface\}/;

/** What is odd about a project's history and data source, files looked at. Throws as `checkTypeormHistory` does. */
export async function historyFindings(
  project: Pick<TypeormLocation, 'root' | 'dataSourcePath' | 'script'>,
  loaded: HistoryToCheck['loaded'],
): Promise<HistoryFinding[]> {
  const path = project.dataSourcePath;
  return checkTypeormHistory({
    loaded,
    dataSource: { path, text: await readRegularText(path) },
    files: await migrationFiles(project.root, loaded),
    env: project.script?.env ?? {},
  });
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
        ignore: [
          '**/{node_modules,dist,build,out,coverage,.*}/**',
          '**/*.{spec,test,d}.ts',
          '**/{test,tests,__tests__,e2e,fixtures}/**',
        ],
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
