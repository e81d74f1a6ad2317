import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { x } from 'tinyexec';
import { endGroup, endWithUs, tied } from '../child-processes.ts';
import { LastOutput } from '../last-output.ts';
import { LimitExceeded, type Limits } from '../limits.ts';
import { isOfNpm } from './npm-variables.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import { readTsconfig } from './imports.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import type { CheckedProject } from './checked-project.ts';
import type { ProjectBase } from './project.ts';
import { readPackageJson } from './package-json.ts';
import { newTypeErrors, printTypeError, readTypeErrors, type TypeError, withFiles } from './type-errors.ts';
import { inCopy } from './types-before.ts';

export interface StepResult {
  /** False where the project has nothing to run. */
  readonly ran: boolean;
  readonly ok: boolean;
  readonly output: string;
  /** The command as a person would type it. */
  readonly command: string;
  /** Errors of the compiler that are no doing of the run. */
  readonly existing?: number | undefined;
}

const NOT_RUN: StepResult = { ran: false, ok: false, output: '', command: '' };

/** `tsc --noEmit` with the project's own TypeScript and tsconfig. */
export async function typecheck(
  project: CheckedProject,
  limits: Limits,
  tsc = findTsc(project),
): Promise<StepResult> {
  const tsconfigs = tsconfigsOf(project);
  if (tsc === undefined || tsconfigs.length === 0) return NOT_RUN;
  const results: StepResult[] = [];
  for (const tsconfig of tsconfigs.flatMap(programs)) {
    // Incremental builds would leave a .tsbuildinfo behind.
    const args = [tsc, '--noEmit', '-p', tsconfig, '--composite', 'false', '--incremental', 'false'];
    results.push(
      await run(project, limits, {
        file: process.execPath,
        args,
        command: `tsc --noEmit -p ${posixRelative(project.root, tsconfig)}`,
      }),
    );
  }
  return {
    ran: true,
    ok: results.every(({ ok }) => ok),
    output: joined(results, 'output', '\n'),
    command: joined(results, 'command', ' && '),
  };
}

function tsconfigsOf({ tsconfigPath, dependent }: CheckedProject): readonly string[] {
  return [tsconfigPath, dependent?.tsconfigPath].filter((path) => path !== undefined);
}

/**
 * The same after these edits: what did not compile before fails nothing. Only where something fails is the compiler run
 * once more, on a copy without the edits; where that cannot be had, every error counts. `output` holds the new ones.
 */
export async function typecheckEdits(
  project: CheckedProject,
  edits: readonly FileEdit[],
  limits: Limits,
): Promise<StepResult> {
  const after = await typecheck(project, limits);
  const errors = readTypeErrors(after.output);
  if (!after.ran || after.ok || errors.length === 0) return after;
  const tsc = findTsc(project);
  const before = await inCopy(project, { edits, image: 'before' }, async ({ root }) => {
    const { output: text } = await typecheckIn(root, project, limits, tsc);
    return readTypeErrors(text);
  }).catch(() => undefined);
  return before === undefined ? { ...after, output: printed(errors) } : against(before, after, errors);
}

/**
 * The same before these edits are made: they are tried in a copy, and compared with the project as it is. Undefined where no copy
 * can be had, or there is nothing to run.
 */
export async function typecheckAhead(
  project: CheckedProject,
  edits: readonly FileEdit[],
  limits: Limits,
): Promise<StepResult | undefined> {
  const tsc = findTsc(project);
  if (tsc === undefined || tsconfigsOf(project).length === 0) return undefined;
  if (await importsItself(project, edits)) return undefined;
  const after = await inCopy(project, { edits, image: 'after' }, ({ root }) =>
    typecheckIn(root, project, limits, tsc),
  ).catch(() => undefined);
  if (after === undefined) return undefined;
  const errors = readTypeErrors(after.output);
  if (after.ok || errors.length === 0) return after;
  const { output } = await typecheck(project, limits, tsc);
  return against(readTypeErrors(output), after, errors);
}

/** By its own name a package is found where it is installed, whatever a copy says. */
async function importsItself({ root }: ProjectBase, edits: readonly FileEdit[]): Promise<boolean> {
  const name = (await readPackageJson(root).catch(() => undefined))?.name;
  if (name === undefined) return false;
  return edits.some(
    ({ path, after }) =>
      path.startsWith(`${root}${sep}`) &&
      [`'${name}`, `"${name}`].some((start) => after?.includes(`from ${start}`)),
  );
}

/** The compiler in a copy of the project; its output is about the project. */
async function typecheckIn(
  root: string,
  project: CheckedProject,
  limits: Limits,
  tsc: string | undefined,
): Promise<StepResult> {
  const { dependent } = project;
  const copyOf = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : join(root, relative(project.root, path));
  const copy = {
    ...project,
    root,
    tsconfigPath: copyOf(project.tsconfigPath),
    dependent: dependent && {
      ...dependent,
      root: copyOf(dependent.root)!,
      tsconfigPath: copyOf(dependent.tsconfigPath),
    },
  };
  const result = await typecheck(copy, limits, tsc);
  const top = join(root, relative(project.root, project.repoRoot));
  const own = (file: string): string => {
    const path = resolve(root, file);
    const isCopied = path.startsWith(`${top}${sep}`);
    return posixRelative(project.root, isCopied ? join(project.repoRoot, relative(top, path)) : path);
  };
  return { ...result, output: withFiles(result.output, own).replaceAll(top, project.repoRoot) };
}

function printed(errors: readonly TypeError[]): string {
  return errors.map(printTypeError).join('\n');
}

/** A result without the errors that were there before. */
function against(before: readonly TypeError[], after: StepResult, errors: readonly TypeError[]): StepResult {
  const made = newTypeErrors(errors, before);
  const existing = errors.length - made.length;
  return {
    ...after,
    ok: made.length === 0,
    output: printed(made.length === 0 ? errors : made),
    ...(existing > 0 && { existing }),
  };
}

/** A tsconfig without files of its own (Vite's) checks nothing: those that it refers to do. */
function programs(tsconfigPath: string): string[] {
  const folder = dirname(tsconfigPath);
  const { files, include, references = [] } = readTsconfig(folder, basename(tsconfigPath))?.config ?? {};
  if (files?.length !== 0 || include !== undefined || references.length === 0) return [tsconfigPath];
  return references.map(({ path }) =>
    path.endsWith('.json') ? resolve(folder, path) : resolve(folder, path, 'tsconfig.json'),
  );
}

function joined(results: readonly StepResult[], key: 'output' | 'command', separator: string): string {
  return results
    .map((result) => result[key])
    .filter((text) => text !== '')
    .join(separator);
}

/** The own `test` scripts of a project and of the package beside it, without a terminal. */
export async function runTests(project: CheckedProject, limits: Limits): Promise<StepResult> {
  const results: StepResult[] = [];
  for (const { root, testScript } of [project, ...(project.dependent ? [project.dependent] : [])]) {
    if (testScript === undefined) continue;
    const there = root === project.root ? '' : `cd ${posixRelative(project.root, root)} && `;
    results.push(
      await run({ ...project, root }, limits, {
        file: project.packageManager,
        args: ['run', testScript],
        command: there + project.run(testScript),
      }),
    );
  }
  if (results.length === 0) return NOT_RUN;
  return {
    ran: true,
    ok: results.every(({ ok }) => ok),
    output: joined(results, 'output', '\n'),
    command: joined(results, 'command', ' && '),
  };
}

interface Step {
  readonly file: string;
  readonly args: string[];
  readonly command: string;
}

/** The files are written by now: what cannot be started or does not end is a failed step, not a failed run. */
async function run(project: ProjectBase, limits: Limits, { file, args, command }: Step): Promise<StepResult> {
  // What npx has set for tableplan is not meant for the project. tinyexec adds process.env to what it is given.
  const dropped = Object.fromEntries(
    Object.keys(process.env)
      .filter(isOfNpm)
      .map((name) => [name, undefined]),
  );
  // tinyexec finds commands as a shell does, on Windows too; its own collecting has no end.
  const started = tied(file, args, ['ignore', 'pipe', 'pipe']);
  const { process: child } = x(started.file, [...started.args], {
    nodeOptions: {
      cwd: project.root,
      env: { ...dropped, CI: 'true', NO_COLOR: '1' },
      ...started.options,
    },
    nodePath: false,
  });
  if (child === undefined) return { ran: true, ok: false, output: `${file} could not be started`, command };
  endWithUs(child);
  const output = new LastOutput(child.stdout, child.stderr);
  let stopped: string | undefined;
  const timer = setTimeout(() => {
    const { message, hint } = new LimitExceeded({ limit: 'time', limits, during: `\`${command}\`` });
    stopped = [message, hint].join('\n');
    endGroup(child);
  }, limits.timeoutMs);
  const ended = await new Promise<number | null | Error>((resolve) => {
    child.once('error', resolve);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  const said = [output.toString(), stopped, ended instanceof Error ? ended.message : undefined];
  return { ran: true, ok: ended === 0, output: said.filter(Boolean).join('\n').trim(), command };
}

function findTsc({ root, dependent }: CheckedProject): string | undefined {
  return tscIn(root) ?? (dependent && tscIn(dependent.root));
}

function tscIn(root: string): string | undefined {
  try {
    const json = createRequire(join(root, 'package.json')).resolve('typescript/package.json');
    const { bin } = createRequire(json)(json) as { bin: { tsc: string } };
    return join(dirname(json), bin.tsc);
  } catch {
    return undefined;
  }
}
