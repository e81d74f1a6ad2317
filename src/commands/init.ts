import type { LocatedProject } from '../orm/orm.ts';
import { locateProject } from '../orm/orms.ts';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readRegularText } from '../read-regular-file.ts';
import { TableplanError } from '../errors.ts';
import type { InitChoices, InitState } from '../init/choices.ts';
import { withSettings } from '../init/package-settings.ts';
import { startCommands } from '../init/start-commands.ts';
import { WORKFLOW, workflowText } from '../init/workflow.ts';
import { isFile } from '../project/folders.ts';
import { execCommand, findPackageManager, installCommand } from '../project/package-manager.ts';
import type { ProjectBase } from '../project/project.ts';
import { NoProject } from '../orm/no-project.ts';
import { readSettings } from '../project/settings.ts';
import { freeRunId, storeRun } from '../workspace/run-store.ts';
import { parsePackageJson } from '../project/package-json.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { unifiedDiff } from '../workspace/diff.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import { requireInside } from '../workspace/inside.ts';
import { inWorkspace } from '../workspace/session.ts';
import { type DocsOutcome, runDocsCommand } from './docs.ts';

export interface InitOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  /** What was asked for; a person is asked for the rest. */
  readonly choices?: InitChoices | undefined;
  readonly choose?: ((given: InitChoices, state: InitState) => Promise<InitChoices>) | undefined;
  /** Asked once before anything is written; absent where it is agreed already or nobody can be asked. */
  readonly confirm?: ((diff: string) => Promise<boolean>) | undefined;
  readonly dryRun: boolean;
  /** How long the project's config may take, instead of what the settings say. */
  readonly timeoutMs?: number | undefined;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface InitResult {
  /** Files written (or that would be), relative to the project. */
  readonly written: readonly string[];
  /** The command that comes next, by the project's package manager. */
  readonly next: string;
  /** What was done to the documents, where they were asked for. */
  readonly docs?: DocsOutcome | undefined;
  readonly isDryRun: boolean;
}

const PLOPFILE = "export { default } from 'tableplan/plop';\n";

/**
 * Makes `npx plop migration` work in a project: the one-line plopfile, and npm scripts where their names are free; besides,
 * where that is asked for, settings in the package.json, a workflow for CI, and the documents. Changes nothing the second
 * time, and overwrites nothing: for an existing plopfile it says the line to add. `tableplan undo` undoes all of it. Throws
 * `project-not-found`, in an empty folder with the commands that start a project.
 */
export async function runInit(options: InitOptions): Promise<InitResult> {
  const { cwd, config, dryRun, say } = options;
  const location = await locateProject(cwd, { config }).catch(async (error: unknown) => {
    throw error instanceof NoProject && !error.isInstalled ? await withStart(error, cwd) : error;
  });
  const { project } = location;
  const { root, repoRoot } = project;
  const set = await inWorkspace({ ...options, root, repoRoot }, async (flush) => {
    const { edits, wantsDocs } = await draftSetup(location, options);
    const remember = await rememberAs(project, say);
    if (edits.length === 0) return { edits, wantsDocs, remember };
    await requireInside(edits, repoRoot);
    if (options.confirm && !(await options.confirm(unifiedDiff(edits, root))))
      return { edits: [], wantsDocs: false, remember };
    if (!dryRun) {
      await flush(edits);
      await remember(edits);
    }
    return { edits, wantsDocs, remember };
  });
  const docs = set.wantsDocs
    ? await runDocsCommand({ ...options, check: false, backfill: false })
    : undefined;
  if (docs?.status === 'done') await set.remember([...set.edits, ...docs.edits]);
  return {
    written: set.edits.map(({ path }) => posixRelative(root, path)),
    next: execCommand(project.packageManager, 'plop migration'),
    docs,
    isDryRun: dryRun,
  };
}

/** The files to be written, and whether the documents are wanted too. */
async function draftSetup(
  location: LocatedProject,
  options: InitOptions,
): Promise<{ readonly edits: readonly FileEdit[]; readonly wantsDocs: boolean }> {
  const { say } = options;
  const { project } = location;
  const { root, repoRoot } = project;
  const workflow = join(repoRoot, WORKFLOW);
  const state = { settings: await readSettings(root), hasWorkflow: await isFile(workflow) };
  const given = options.choices ?? {};
  const choices = (await options.choose?.(given, state)) ?? given;
  if (choices.ci && state.hasWorkflow) say(`${WORKFLOW} is there already, and stays as it is.`);
  const edits = [
    await plopfile(project, say),
    await packageJson(project, choices, say),
    choices.ci && !state.hasWorkflow
      ? { path: workflow, before: null, after: await workflowText(location) }
      : undefined,
  ].filter((edit) => edit !== undefined);
  sayMissingPlop(project, say);
  return { edits, wantsDocs: Boolean(choices.docs) };
}

/** Keeps what one run of `init` has written, all of it under one id. */
async function rememberAs(
  project: ProjectBase,
  say: (line: string) => void,
): Promise<(edits: readonly FileEdit[]) => Promise<void>> {
  const id = await freeRunId(project.root, 'init');
  const at = new Date().toISOString();
  return async (edits) => {
    const kept = await storeRun(project, { id, at, migration: undefined, edits });
    if (kept !== undefined) say(`This run cannot be undone by tableplan undo: ${kept}.`);
  };
}

/** The error with the commands that start a project, where the folder has none. */
async function withStart(error: NoProject, cwd: string): Promise<TableplanError> {
  const manager = await findPackageManager(cwd, cwd);
  return new TableplanError(error.code, error.message, {
    frame: `To start one here:\n\n${startCommands(manager)}`,
    hint: 'Run the commands of one of them, or name the folder of your project with --cwd.',
    cause: error,
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

/** Inserts scripts and settings as text, so that nothing else in the package.json moves. */
async function packageJson(
  project: ProjectBase,
  choices: InitChoices,
  say: (line: string) => void,
): Promise<FileEdit | undefined> {
  const path = join(project.root, 'package.json');
  const before = await readRegularText(path);
  // The last one comes to stand first.
  const scripts = withScript(withScript(before, path, 'docs'), path, 'migration');
  const after = withSettings(scripts, choices);
  if (after === undefined)
    say('No place was found for the settings in package.json: add them under "tableplan".');
  return (after ?? scripts) === before ? undefined : { path, before, after: after ?? scripts };
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
