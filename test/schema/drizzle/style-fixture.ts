import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { globSync } from 'tinyglobby';
import type { Change, Notice } from '../../../src/plan/change.ts';
import type { DatabaseSchema } from '../../../src/plan/database-schema.ts';
import { drizzleNaming } from '../../../src/plan/naming.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { type Resolution, resolvePlan } from '../../../src/plan/resolve.ts';
import { drizzleCapabilities } from '../../../src/orm/drizzle/capabilities.ts';
import { readSnapshot } from '../../../src/orm/drizzle/snapshot.ts';
import { editDrizzleSchema } from '../../../src/schema/drizzle/edit.ts';

const kit = createRequire(import.meta.url)('drizzle-kit/api') as typeof import('drizzle-kit/api');

export const STYLES = join(import.meta.dirname, '../../fixtures/styles');

interface KitConfig {
  readonly schema: string | readonly string[];
  readonly casing?: 'camelCase' | 'snake_case';
}

/** A tree of texts by path, relative to its root. */
export type Tree = Readonly<Record<string, string>>;

/** Names of all fixtures: folders with a plan. */
export function styleNames(): string[] {
  return readdirSync(STYLES)
    .filter((name) => existsSync(join(STYLES, name, 'plan.yaml')))
    .toSorted();
}

export function readTree(root: string): Tree {
  const paths = globSync('**/*', { cwd: root, dot: true }).toSorted();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Replaces the expected tree: only under UPDATE_STYLES=1, to be read before it is committed. */
export function writeTree(root: string, tree: Tree): void {
  rmSync(root, { recursive: true, force: true });
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** The schema that drizzle-kit sees in a tree on disk. */
export async function schemaOf(root: string): Promise<DatabaseSchema> {
  const config = await configOf(root);
  const modules = await Promise.all(
    entriesOf(root, config).map(
      (path) => import(pathToFileURL(path).href) as Promise<Record<string, unknown>>,
    ),
  );
  const exports = Object.assign({}, ...modules.map((module) => ({ ...module }))) as Record<string, unknown>;
  const json = kit.generateDrizzleJson(exports, undefined, undefined, config.casing);
  return readSnapshot(JSON.parse(JSON.stringify(json)));
}

async function configOf(root: string): Promise<KitConfig> {
  const module = (await import(pathToFileURL(join(root, 'drizzle.config.ts')).href)) as {
    default: KitConfig;
  };
  return module.default;
}

function patternsOf({ schema }: KitConfig): readonly string[] {
  return (Array.isArray(schema) ? (schema as string[]) : [schema as string]).map((pattern) =>
    pattern.replace(/^\.\//, ''),
  );
}

function entriesOf(root: string, config: KitConfig): string[] {
  return globSync(
    patternsOf(config).map((pattern) => (/\.\w+$/.test(pattern) ? pattern : `${pattern}/**/*.ts`)),
    { cwd: root, absolute: true },
  )
    .filter((path) => path.endsWith('.ts'))
    .toSorted();
}

function globTest(root: string, config: KitConfig): (path: string) => boolean {
  const tests = patternsOf(config).map((pattern) => {
    const whole = /\.\w+$/.test(pattern) ? pattern : `${pattern}/**/*.ts`;
    const source = whole
      .replace(/[.+^$()|[\]\\]/g, '\\$&')
      .replace(/\*\*\/|\*|\{([^}]*)\}/g, (match, list: string | undefined) =>
        list !== undefined ? `(${list.replaceAll(',', '|')})` : match === '*' ? '[^/]*' : '(?:.*/)?',
      );
    return new RegExp(`^${source}$`);
  });
  return (path) => tests.some((test) => test.test(relative(root, path)));
}

/** Relative specifiers, and `@/` or `~/` for src. */
function resolverIn(root: string, paths: ReadonlySet<string>) {
  return (from: string, specifier: string): string | undefined => {
    const base = /^[@~]\//.test(specifier)
      ? posix.join(root, 'src', specifier.slice(2))
      : specifier.startsWith('.')
        ? posix.join(posix.dirname(from), specifier)
        : undefined;
    if (base === undefined) return undefined;
    const bare = base.replace(/\.(js|ts)$/, '');
    return [`${bare}.ts`, `${bare}/index.ts`].find((path) => paths.has(path));
  };
}

export interface StyleRun {
  readonly tree: Tree;
  readonly notices: readonly Notice[];
  readonly resolution: Resolution;
  /** The plan against another schema: nothing is left to do when that is the one it asks for. */
  resolveAgain(schema: DatabaseSchema): Promise<Resolution>;
}

/** Runs a fixture's plan on its `before` tree, as the pipeline does, and gives the tree after it. */
export function runStyle(name: string): Promise<StyleRun> {
  const folder = join(STYLES, name);
  return runPlan(join(folder, 'before'), readFileSync(join(folder, 'plan.yaml'), 'utf8'));
}

/** Runs a plan on a tree on disk. */
export async function runPlan(root: string, text: string): Promise<StyleRun> {
  const before = await schemaOf(root);
  const plan = await parsePlan(text, { file: 'plan.yaml' });
  const context = { naming: drizzleNaming(before), capabilities: drizzleCapabilities, hadName: () => true };
  const resolution = await resolvePlan(plan, before, context);
  const { tree, notices } = await editTree(root, { changes: resolution.changes, before });
  return { tree, notices, resolution, resolveAgain: (schema) => resolvePlan(plan, schema, context) };
}

/** Edits a tree on disk by changes; nothing is written. */
export async function editTree(
  root: string,
  { changes, before }: { changes: readonly Change[]; before: DatabaseSchema },
): Promise<{ tree: Tree; notices: readonly Notice[] }> {
  const config = await configOf(root);
  const texts = readTree(root);
  const files = Object.entries(texts)
    .filter(([path]) => path.endsWith('.ts') && path !== 'drizzle.config.ts')
    .map(([path, text]) => ({ path: join(root, path), text }));
  const { edits, notices } = editDrizzleSchema({
    root,
    entries: entriesOf(root, config),
    globMatches: globTest(root, config),
    files,
    resolveImport: resolverIn(root, new Set(files.map((file) => file.path))),
    casing: config.casing,
    changes,
    before,
  });
  const tree: Record<string, string> = { ...texts };
  for (const { path, after } of edits) {
    if (after === null) delete tree[relative(root, path)];
    else tree[relative(root, path)] = after;
  }
  return { tree, notices };
}
