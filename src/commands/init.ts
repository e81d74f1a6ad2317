import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readRegularText } from '../read-regular-file.ts';
import { installCommand } from '../project/package-manager.ts';
import type { ProjectBase } from '../project/locate.ts';
import { locateAny } from '../project/locate-any.ts';
import { parsePackageJson } from '../project/scripts.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { posixRelative, unifiedDiff } from '../workspace/diff.ts';
import { requireInside } from '../workspace/inside.ts';
import { inWorkspace } from '../workspace/session.ts';

export interface InitOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  /** Asked once before anything is written; absent where it is agreed already or nobody can be asked. */
  readonly confirm?: ((diff: string) => Promise<boolean>) | undefined;
  readonly dryRun: boolean;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface InitResult {
  /** Files written (or that would be), relative to the project. */
  readonly written: readonly string[];
}

const PLOPFILE = "export { default } from 'tableplan/plop';\n";

/**
 * Makes `npx plop migration` work in a project: the one-line plopfile, and npm scripts where their names are free.
 * Changes nothing the second time, and never an existing plopfile: it says the line to add instead.
 */
export async function runInit(options: InitOptions): Promise<InitResult> {
  const { project } = await locateAny(options.cwd, { config: options.config });
  return inWorkspace({ ...options, root: project.root, repoRoot: project.repoRoot }, async (flush) => {
    const edits = [await plopfile(project, options.say), await npmScripts(project)].filter(
      (edit) => edit !== undefined,
    );
    sayMissingPlop(project, options.say);
    const written = edits.map(({ path }) => posixRelative(project.root, path));
    if (edits.length === 0) return { written };
    await requireInside(edits, project.repoRoot);
    if (options.confirm && !(await options.confirm(unifiedDiff(edits, project.root)))) return { written: [] };
    if (!options.dryRun) await flush(edits);
    return { written };
  });
}

async function plopfile(project: ProjectBase, say: (line: string) => void): Promise<FileEdit | undefined> {
  const existing = (await readdir(project.root)).find((name) =>
    /^plopfile\.(js|mjs|cjs|ts|mts|cts)$/.test(name),
  );
  if (existing === undefined)
    return { path: join(project.root, 'plopfile.mjs'), before: null, after: PLOPFILE };
  const text = await readRegularText(join(project.root, existing));
  if (!text.includes('tableplan')) {
    say(
      `${existing} is yours and stays as it is. Add to it:\n  import tableplan from 'tableplan/plop';\n  tableplan(plop);   // inside its default function`,
    );
  }
  return undefined;
}

/** Inserts the scripts as text, so that nothing else in the package.json moves. */
async function npmScripts(project: ProjectBase): Promise<FileEdit | undefined> {
  const path = join(project.root, 'package.json');
  const before = await readRegularText(path);
  // The last one comes to stand first.
  const after = withScript(withScript(before, path, 'docs'), path, 'migration');
  return after === before ? undefined : { path, before, after };
}

const SCRIPT_NAMES = {
  migration: ['migration', 'tableplan:migration'],
  docs: ['migration:docs', 'tableplan:docs'],
};

function withScript(text: string, path: string, generator: 'migration' | 'docs'): string {
  const scripts = parsePackageJson(text, path).scripts ?? {};
  if (Object.values(scripts).some((command) => new RegExp(`\\bplop ${generator}\\b`).test(command)))
    return text;
  const name = SCRIPT_NAMES[generator].find((each) => scripts[each] === undefined);
  if (name === undefined) return text;
  const entry = `${JSON.stringify(name)}: "plop ${generator}"`;
  const block = /("scripts"\s*:\s*\{)(\s*)(\})?/.exec(text);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[\t ]+/m.exec(text)?.[0] ?? '  ';
  const insert = (at: number, inserted: string, length = 0): string =>
    text.slice(0, at) + inserted + text.slice(at + length);
  if (!block) {
    const brace = text.indexOf('{') + 1;
    const empty = /^\s*\}/.test(text.slice(brace));
    return insert(
      brace,
      `${newline}${indent}"scripts": {${newline}${indent}${indent}${entry}${newline}${indent}}${empty ? newline : ','}`,
    );
  }
  const at = block.index + (block[1]?.length ?? 0);
  if (block[3] !== undefined)
    return insert(at, `${newline}${indent}${indent}${entry}${newline}${indent}`, block[2]?.length ?? 0);
  return insert(at, `${block[2]}${entry},`);
}

function sayMissingPlop(project: ProjectBase, say: (line: string) => void): void {
  try {
    createRequire(join(project.root, 'package.json')).resolve('plop/package.json');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') return;
    say(`plop is not installed: ${installCommand(project.packageManager)} plop`);
  }
}
