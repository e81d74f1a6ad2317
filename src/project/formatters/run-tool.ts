import { spawn } from 'node:child_process';
import { endGroup, endWithUs, tied } from '../../child-processes.ts';
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
    const command = tied(process.execPath, [script, ...args], ['pipe', 'pipe', 'pipe']);
    const child = spawn(command.file, command.args, {
      cwd: folder,
      env: { ...withoutNpm(process.env), CI: 'true', NO_COLOR: '1' },
      ...command.options,
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
      child[name]!.on('data', (chunk: Buffer) => {
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
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(text);
  });
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}

/** Why a tool has failed, as far as that may be shown. */
export function causeOf({ stderr, stdout, code }: ToolAnswer): string {
  return shownCause(`${stderr}\n${stdout}`) ?? `it ended with code ${code}; run it on that file to see why`;
}

/**
 * What may be shown of a formatter's own words: which package is missing. The rest may quote its config, which a link of
 * the repository, or its `extends`, can make a file of somebody else's.
 */
export function shownCause(words: string): string | undefined {
  return /Cannot find (?:module|package) '[\w@./-]+'/.exec(words)?.[0];
}
