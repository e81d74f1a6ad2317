import { spawn } from 'node:child_process';
import { endGroup, endWithUs, OWN_GROUP } from '../../child-processes.ts';
import { withoutNpm } from '../npm-variables.ts';
import { FormatterFailed } from './formatter.ts';

/** A formatter that takes longer, or has more to say, is stopped: the run does not hang on it. */
export const MOST_TIME_MS = 30_000;
const MOST_BYTES = 16 * 1024 * 1024;

export interface ToolAnswer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a tool of the project on a text (its stdin), bounded in time and output. Throws `FormatterFailed` when it cannot be
 * started or was stopped; whether its exit code is a failure, the caller knows.
 */
export function runTool(
  { script, folder }: { readonly script: string; readonly folder: string },
  args: readonly string[],
  text: string,
  timeoutMs = MOST_TIME_MS,
): Promise<ToolAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: folder,
      env: { ...withoutNpm(process.env), CI: 'true', NO_COLOR: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...OWN_GROUP,
    });
    endWithUs(child);
    const fail = (why: string): void => {
      clearTimeout(timer);
      endGroup(child);
      reject(new FormatterFailed(why));
    };
    const timer = setTimeout(() => fail(`it did not end within ${timeoutMs / 1000} seconds`), timeoutMs);
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let size = 0;
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (chunk: Buffer) => {
        output[name].push(chunk);
        size += chunk.length;
        if (size > MOST_BYTES) fail('its output has no end');
      });
    child.on('error', (error) => fail(error.message));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: textOf(output.stdout), stderr: textOf(output.stderr) });
    });
    // A tool that ends before it has read all closes the pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}

/** The first line of what a tool says that has words in it. */
export function firstWords({ stderr, stdout, code }: ToolAnswer): string {
  const said = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim());
  return said.find((line) => /\p{L}{3}/u.test(line))?.slice(0, 200) ?? `it ended with code ${code}`;
}
