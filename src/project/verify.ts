import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { x } from 'tinyexec';
import type { ProjectLocation } from './locate.ts';

export interface StepResult {
  /** False where the project has nothing to run. */
  readonly ran: boolean;
  readonly ok: boolean;
  readonly output: string;
  /** The command as a person would type it. */
  readonly command: string;
}

const NOT_RUN: StepResult = { ran: false, ok: false, output: '', command: '' };

/** `tsc --noEmit` with the project's own TypeScript and tsconfig. */
export async function typecheck(project: ProjectLocation): Promise<StepResult> {
  const tsc = findTsc(project.root);
  if (tsc === undefined || project.tsconfigPath === undefined) return NOT_RUN;
  return run(project, process.execPath, [tsc, '--noEmit', '-p', project.tsconfigPath], `tsc --noEmit -p ${relative(project.root, project.tsconfigPath)}`);
}

/** The project's own `test` script, without a terminal. */
export async function runTests(project: ProjectLocation): Promise<StepResult> {
  if (project.testScript === undefined) return NOT_RUN;
  return run(project, project.packageManager, ['run', project.testScript], project.run(project.testScript));
}

async function run(project: ProjectLocation, file: string, args: string[], command: string): Promise<StepResult> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS' && !/^npm_/i.test(name)));
  const done = await x(file, args, { nodeOptions: { cwd: project.root, env: { ...env, CI: 'true', NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] }, nodePath: false });
  return { ran: true, ok: done.exitCode === 0, output: `${done.stdout}${done.stderr}`.trim(), command };
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
