import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCrudCommand } from '../../src/commands/crud.ts';
import type { RunOutcome } from '../../src/pipeline/types.ts';
import { consumerEnv } from '../e2e/consumer-env.ts';

const FIXTURES = resolve('test/fixtures/crud');

/** A copy of a stack's fixture project. */
export interface CrudFixture {
  readonly root: string;
  /** Runs a plan of the fixture (`order-items`), or words. */
  crud(plan: string, options?: Partial<Parameters<typeof runCrudCommand>[0]>): Promise<RunOutcome>;
  /** Runs a program of the project, as its owner would. */
  run(file: string, ...args: string[]): Promise<{ readonly code: number; readonly output: string }>;
  /** Starts a module that prints the port which it listens on, and gives its address. */
  serve(source: string): Promise<{ readonly url: string; readonly stop: () => void }>;
}

/** The fixture project of a stack, in a folder of its own with a space in its path. */
export function crudFixture(stack: string): CrudFixture {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), `tableplan crud-`))), 'shop');
  cpSync(join(FIXTURES, stack, 'project'), root, { recursive: true });
  const planned = (name: string): string => join(FIXTURES, stack, 'plans', `${name}.yaml`);
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  return {
    root,
    crud: (plan, options = {}) =>
      runCrudCommand({
        cwd: root,
        words: existsSync(planned(plan))
          ? [planned(plan)]
          : plan.endsWith('.yaml')
            ? [plan]
            : plan.split(' '),
        dryRun: false,
        typecheck: false,
        tests: false,
        rehearse: false,
        enforce: false,
        force: false,
        // The columns that are said, and no others.
        bare: true,
        say: () => undefined,
        ...options,
      }),
    run: (file, ...args) =>
      new Promise((done) =>
        execFile(file, args, { cwd: root, env: consumerEnv(), maxBuffer: 1 << 24 }, (error, stdout, stderr) =>
          done({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
        ),
      ),
    serve(source) {
      writeFileSync(join(root, 'src/listen.ts'), source);
      const server = spawn(process.execPath, ['--import', 'tsx', 'src/listen.ts'], {
        cwd: root,
        env: consumerEnv(),
      });
      return new Promise((started, failed) => {
        let said = '';
        server.stderr.on('data', (text: Buffer) => (said += text.toString()));
        server.on('exit', (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
        server.stdout.on('data', (text: Buffer) => {
          const port = /listening on (\d+)/.exec(text.toString())?.[1];
          if (port) started({ url: `http://127.0.0.1:${port}`, stop: () => server.kill('SIGKILL') });
        });
      });
    },
  };
}
