import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { x } from 'tinyexec';
import { endWithUs, OWN_GROUP } from '../child-processes.ts';
import { isOfNpm } from './npm-variables.ts';
import { posixRelative } from '../workspace/diff.ts';
import { readTsconfig } from './imports.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import type { ProjectBase } from './locate.ts';
import { newTypeErrors, printTypeError, readTypeErrors, type TypeError } from './type-errors.ts';
import { withoutEdits } from './types-before.ts';

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
export async function typecheck(project: ProjectBase, tsc = findTsc(project.root)): Promise<StepResult> {
  if (tsc === undefined || project.tsconfigPath === undefined) return NOT_RUN;
  const results: StepResult[] = [];
  for (const tsconfig of programs(project.tsconfigPath)) {
    // Incremental builds would leave a .tsbuildinfo behind.
    const args = [tsc, '--noEmit', '-p', tsconfig, '--composite', 'false', '--incremental', 'false'];
    results.push(
      await run(project, process.execPath, args, `tsc --noEmit -p ${posixRelative(project.root, tsconfig)}`),
    );
  }
  return {
    ran: true,
    ok: results.every(({ ok }) => ok),
    output: joined(results, 'output', '\n'),
    command: joined(results, 'command', ' && '),
  };
}

/**
 * The same after these edits: what did not compile before fails nothing. Only where something fails is the compiler run
 * once more, on a copy without the edits; where that cannot be had, every error counts. `output` holds the new ones.
 */
export async function typecheckEdits(project: ProjectBase, edits: readonly FileEdit[]): Promise<StepResult> {
  const after = await typecheck(project);
  const errors = readTypeErrors(after.output);
  if (!after.ran || after.ok || errors.length === 0) return after;
  const output = (found: readonly TypeError[]): string => found.map(printTypeError).join('\n');
  const tsc = findTsc(project.root);
  const before = await withoutEdits(project, edits, async ({ root }) => {
    const tsconfigPath = join(root, relative(project.root, project.tsconfigPath ?? ''));
    const { output: text } = await typecheck({ ...project, root, tsconfigPath }, tsc);
    return readTypeErrors(text.replaceAll(root, project.root));
  }).catch(() => undefined);
  if (before === undefined) return { ...after, output: output(errors) };
  const made = newTypeErrors(errors, before);
  const existing = errors.length - made.length;
  return {
    ...after,
    ok: made.length === 0,
    output: output(made.length === 0 ? errors : made),
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

/** The project's own `test` script, without a terminal. */
export async function runTests(project: ProjectBase): Promise<StepResult> {
  if (project.testScript === undefined) return NOT_RUN;
  return run(project, project.packageManager, ['run', project.testScript], project.run(project.testScript));
}

async function run(project: ProjectBase, file: string, args: string[], command: string): Promise<StepResult> {
  // What npx has set for tableplan is not meant for the project. tinyexec adds process.env to what it is given.
  const dropped = Object.fromEntries(
    Object.keys(process.env)
      .filter(isOfNpm)
      .map((name) => [name, undefined]),
  );
  try {
    const running = x(file, args, {
      nodeOptions: {
        cwd: project.root,
        env: { ...dropped, CI: 'true', NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...OWN_GROUP,
      },
      nodePath: false,
    });
    if (running.process) endWithUs(running.process);
    const done = await running;
    return { ran: true, ok: done.exitCode === 0, output: `${done.stdout}${done.stderr}`.trim(), command };
  } catch (error) {
    // The files are written by now: a package manager that is not there is a failed step, not a failed run.
    return { ran: true, ok: false, output: (error as Error).message, command };
  }
}

function findTsc(root: string): string | undefined {
  try {
    const json = createRequire(join(root, 'package.json')).resolve('typescript/package.json');
    const { bin } = createRequire(json)(json) as { bin: { tsc: string } };
    return join(dirname(json), bin.tsc);
  } catch {
    return undefined;
  }
}
