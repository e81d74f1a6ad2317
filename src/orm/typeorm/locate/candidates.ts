import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readTextIfThere } from '../../../read-regular-file.ts';
import { getTsconfig } from 'get-tsconfig';
import { glob } from 'tinyglobby';
import { isFile } from '../../../project/folders.ts';
import { type TypeormScript, typeormScripts } from './scripts.ts';

/** A data source file, and the script that names it. */
export interface DataSourceCandidate {
  readonly path: string;
  readonly script: TypeormScript | undefined;
}

/** What the scripts of one folder name; a compiled file stands for its source where that is there. */
export async function scriptedDataSources(folder: string): Promise<DataSourceCandidate[]> {
  const byPath = new Map<string, DataSourceCandidate>();
  for (const script of await typeormScripts(folder)) {
    const path = await sourceOf(script.dataSource, script.folder);
    const known = path === undefined ? undefined : byPath.get(path);
    // Of several scripts the one that generates says best how the others run.
    if (path !== undefined && (!known || /\bmigration:generate\b/.test(script.command)))
      byPath.set(path, { path, script });
  }
  return [...byPath.values()];
}

const MOST_FILES = 5000;
const NAMED = /(data-?source|ormconfig|typeorm)[\w.-]*\.[cm]?[jt]s$/i;

function exportsOne(text: string): boolean {
  return /\bnew\s+DataSource\s*\(/.test(text) && /\bexports?\b/.test(text);
}

function configuresOne(text: string): boolean {
  return /\bTypeOrmModule\s*\.\s*forRoot(Async)?\s*\(/.test(text);
}

/**
 * Files below a folder that make a data source and export it, else Nest modules that configure one; tests and compiled
 * files are not looked at.
 */
export async function searchedDataSources(folder: string): Promise<DataSourceCandidate[]> {
  const files = await glob('**/*.{ts,mts,cts,js,mjs,cjs}', {
    cwd: folder,
    absolute: true,
    ignore: [
      '**/{node_modules,dist,build,out,coverage,target,vendor,.*}/**',
      '**/{test,tests,__tests__,e2e,fixtures,__mocks__}/**',
      '**/*.{spec,test,e2e-spec,d}.*',
    ],
  });
  const named = await saying(
    files.filter((file) => NAMED.test(relative(folder, file))),
    exportsOne,
  );
  const few = files.slice(0, MOST_FILES);
  const found = named.length > 0 ? named : await saying(few, exportsOne);
  const modules = found.length > 0 ? [] : await saying(few, configuresOne);
  return [...found, ...modules].map((path) => ({ path, script: undefined }));
}

async function saying(files: readonly string[], fits: (text: string) => boolean): Promise<string[]> {
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: (await readTextIfThere(file)) ?? '' })),
  );
  return texts
    .filter(({ text }) => fits(text) && /\btypeorm\b/.test(text))
    .map(({ file }) => file)
    .toSorted();
}

/** The file that is meant: as written, or the source that it is compiled from, or with the ending that was left out. */
async function sourceOf(path: string, folder: string): Promise<string | undefined> {
  for (const candidate of [...compiledFrom(path, folder), path, `${path}.ts`, `${path}.js`])
    if (await isFile(candidate)) return candidate;
  const entry = join(path, 'index.ts');
  return (await stat(path).catch(() => undefined))?.isDirectory() && (await isFile(entry))
    ? entry
    : undefined;
}

function compiledFrom(path: string, folder: string): string[] {
  if (!/\.[cm]?js$/.test(path)) return [];
  const beside = path.replace(/js$/, 'ts');
  const config = getTsconfig(folder);
  const { outDir, rootDir } = config?.config.compilerOptions ?? {};
  const base = config === null ? folder : join(config.path, '..');
  const out = join(base, outDir ?? 'dist');
  if (!path.startsWith(`${out}/`)) return [beside];
  const inside = relative(out, beside);
  const roots = rootDir === undefined ? ['src', '.'] : [rootDir];
  return roots.map((root) => join(base, root, inside));
}
