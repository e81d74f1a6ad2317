import { dirname } from 'node:path';
import { glob } from 'tinyglobby';
import { importCandidates } from '../../project/imports.ts';
import { indexFilesIn } from '../../project/index-files.ts';
import type { TypeormLocation } from './locate/locate.ts';
import { readRegularText } from '../../read-regular-file.ts';
import { declaresEntity } from '../../schema/typeorm/neighbours.ts';
import type { SourceText } from '../../workspace/file-edit.ts';
import type { LoadedDataSource } from './child/child.ts';
import { typeSources } from './type-sources.ts';

/**
 * What the data source loads, what lists entities without being loaded by it (the modules of Nest, index files), and types of
 * EntitySchemas. Paths are absolute. Throws `file-not-readable` for a link out of the repository.
 */
export async function readEntitySources(
  project: Pick<TypeormLocation, 'root' | 'repoRoot'>,
  { modules, history }: Pick<LoadedDataSource, 'modules' | 'history'>,
): Promise<SourceText[]> {
  const migrations = new Set(history.map(({ file }) => file));
  const nest = await glob('**/*.module.ts', {
    cwd: project.root,
    absolute: true,
    ignore: ['**/{node_modules,dist,build,out,coverage}/**'],
  });
  const paths = new Set([...modules.filter((path) => !migrations.has(path)), ...nest]);
  const texts = await readTexts([...paths].toSorted());
  const folders = texts.flatMap(({ path, text }) => (declaresEntity(text) ? [dirname(path)] : []));
  const indexes = await indexFilesIn(folders, (path) => paths.has(path));
  return [...texts, ...indexes, ...(await typeSources(texts, importCandidates(), project.repoRoot))];
}

/** The files of a project as they are, each read as a regular file within it. */
export function readTexts(paths: readonly string[]): Promise<SourceText[]> {
  return Promise.all(paths.map(async (path) => ({ path, text: await readRegularText(path) })));
}
