import { createRequire } from 'node:module';
import { posix } from 'node:path';
import picomatch from 'picomatch';
import { ts } from '../../../src/schema/compiler.cjs';
import type { DataSource, EntitySchema } from 'typeorm';
import type { Tree } from '../drizzle/style-fixture.ts';

const require = createRequire(import.meta.url);
require('reflect-metadata');

export const ROOT = '/p';

const COMPILER: ts.CompilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  useDefineForClassFields: false,
  esModuleInterop: true,
};

interface Loaded {
  exports: Record<string, unknown>;
}

/** Runs the modules of a tree of texts as CommonJS, decorators and their metadata included. */
function moduleLoader(tree: Tree) {
  const loaded = new Map<string, Loaded>();
  const find = (base: string) =>
    [base, `${base}.ts`, `${base}/index.ts`, base.replace(/\.js$/, '.ts')].find((path) => path in tree);
  const load = (path: string): Record<string, unknown> => {
    const known = loaded.get(path);
    if (known) return known.exports;
    const module: Loaded = { exports: {} };
    loaded.set(path, module);
    const { outputText } = ts.transpileModule(tree[path]!, { compilerOptions: COMPILER, fileName: path });
    const requireFrom = (specifier: string): unknown => {
      if (!specifier.startsWith('.')) return require(specifier);
      const target = find(posix.join(posix.dirname(path), specifier));
      if (target === undefined) throw new Error(`${path}: no ${specifier}`);
      return load(target);
    };
    // eslint-disable-next-line no-new-func
    const run = new Function('require', 'module', 'exports', '__dirname', outputText);
    run(requireFrom, module, module.exports, posix.join(ROOT, posix.dirname(path)));
    return module.exports;
  };
  return { load };
}

/** The data source of a tree with the metadata that TypeORM builds of its entities; no database is asked. */
export async function loadDataSource(tree: Tree): Promise<DataSource> {
  const { load } = moduleLoader(tree);
  const path = dataSourceIn(tree);
  const { DataSource: Source } = require('typeorm') as typeof import('typeorm');
  const source = Object.values(load(path)).find((value) => value instanceof Source) as DataSource;
  const listed = source.options.entities ?? [];
  const items = Array.isArray(listed) ? (listed as unknown[]) : Object.values(listed);
  const entities = items.flatMap((item) =>
    typeof item === 'string' ? globbed(item, tree).flatMap((file) => entitiesOf(load(file))) : [item],
  );
  source.setOptions({ entities: entities as (EntitySchema | (new () => unknown))[] });
  await (source as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();
  return source;
}

/** The path of the module that makes the data source. */
export function dataSourceIn(tree: Tree): string {
  return Object.keys(tree).find((path) => /new (orm\.)?DataSource\(/.test(tree[path]!))!;
}

/** The files of a tree that the data source's globs match. */
export function globTest(source: DataSource): (path: string) => boolean {
  const patterns = source.options.entities ?? [];
  const texts = (Array.isArray(patterns) ? (patterns as unknown[]) : []).filter(
    (each) => typeof each === 'string',
  );
  return (path) => texts.some((pattern) => matches(pattern, path.slice(ROOT.length + 1)));
}

function globbed(pattern: string, tree: Tree): string[] {
  return Object.keys(tree).filter((path) => matches(pattern, path));
}

function matches(pattern: string, path: string): boolean {
  return picomatch(posix.normalize(pattern).replace(`${ROOT}/`, ''))(path);
}

function entitiesOf(exports: Record<string, unknown>): unknown[] {
  return Object.values(exports).filter(
    (value) =>
      typeof value === 'function' ||
      (value as { constructor?: { name?: string } })?.constructor?.name === 'EntitySchema',
  );
}
