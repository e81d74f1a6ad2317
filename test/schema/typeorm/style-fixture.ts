import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Notice } from '../../../src/plan/change.ts';
import type { DatabaseSchema } from '../../../src/plan/database-schema.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { type Resolution, resolvePlan } from '../../../src/plan/resolve.ts';
import type { Capabilities } from '../../../src/plan/resolve/capabilities.ts';
import { editTypeormSchema } from '../../../src/schema/typeorm/edit.ts';
import type { TypeormEditInput } from '../../../src/schema/typeorm/editing.ts';
import { readTree, type Tree } from '../drizzle/style-fixture.ts';
import { dataSourceIn, globTest, loadDataSource, ROOT } from './load-project.ts';
import { modelsOf, namingOf, schemaOf } from './read-metadata.ts';

export const STYLES = join(import.meta.dirname, '../../fixtures/typeorm/styles');

/** Names of all fixtures: folders with a plan. */
export function styleNames(): string[] {
  return readdirSync(STYLES)
    .filter((name) => existsSync(join(STYLES, name, 'plan.yaml')))
    .toSorted();
}

const CAPABILITIES: Capabilities = {
  orm: 'TypeORM 1.1',
  collation: true,
  indexInclude: false,
  indexOrder: false,
  indexExpression: false,
  operatorClass: false,
  indexMethods: false,
  nullsNotDistinct: false,
  deferrableForeignKey: true,
  serial: false,
  enums: true,
  tableWithoutKey: false,
  dropInlinePrimaryKey: true,
  renameIdentity: true,
};

export interface StyleRun {
  readonly tree: Tree;
  readonly notices: readonly Notice[];
  readonly resolution: Resolution;
  /** What the plan has left to do in the tree after it: nothing. */
  again(tree: Tree): Promise<Resolution>;
}

/** Runs a fixture's plan on its `before` tree. */
export function runStyle(name: string): Promise<StyleRun> {
  const folder = join(STYLES, name);
  return runPlan(readTree(join(folder, 'before')), readFileSync(join(folder, 'plan.yaml'), 'utf8'));
}

/** Runs a plan on a tree of texts. */
export async function runPlan(tree: Tree, text: string): Promise<StyleRun> {
  const source = await loadDataSource(tree);
  const before = schemaOf(source);
  const plan = await parsePlan(text, { file: 'plan.yaml' });
  const resolve = (schema: DatabaseSchema) =>
    resolvePlan(plan, schema, { naming: namingOf(source), capabilities: CAPABILITIES, hadName: () => true });
  const resolution = await resolve(before);
  const { entityPrefix, schema } = source.options as { entityPrefix?: string; schema?: string };
  const known = { entityPrefix, defaultSchema: schema, globMatches: globTest(source) };
  const input = inputOf(tree, { ...known, entities: modelsOf(source), before });
  const { edits, notices } = editTypeormSchema({ ...input, changes: resolution.changes });
  const after: Record<string, string> = { ...tree };
  for (const edit of edits) {
    const path = edit.path.slice(ROOT.length + 1);
    if (edit.after === null) delete after[path];
    else after[path] = edit.after;
  }
  return {
    tree: after,
    notices,
    resolution,
    again: async (changed) => resolve(schemaOf(await loadDataSource(changed))),
  };
}

function inputOf(
  tree: Tree,
  known: Pick<TypeormEditInput, 'globMatches' | 'entities' | 'before' | 'entityPrefix' | 'defaultSchema'>,
): Omit<TypeormEditInput, 'changes'> {
  const sources = Object.entries(tree)
    .filter(([path]) => path.endsWith('.ts'))
    .map(([path, text]) => ({ path: `${ROOT}/${path}`, text }));
  const paths = new Set(sources.map(({ path }) => path));
  return {
    root: ROOT,
    sources,
    resolveImport: (from, specifier) => {
      if (!specifier.startsWith('.')) return undefined;
      const base = posix.join(posix.dirname(from), specifier).replace(/\.js$/, '');
      return [`${base}.ts`, `${base}/index.ts`].find((path) => paths.has(path));
    },
    dataSourcePath: `${ROOT}/${dataSourceIn(tree)}`,
    ...known,
  };
}
