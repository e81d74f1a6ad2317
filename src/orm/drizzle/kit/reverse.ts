import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endGroup, endWithUs, tied } from '../../../child-processes.ts';
import { TableplanError } from '../../../errors.ts';
import { LastOutput } from '../../../last-output.ts';

export interface ReverseDiffer {
  /** SQL statements that lead from one snapshot (v7 JSON) to another, in order; no rename may be left between them. */
  diff(from: unknown, to: unknown): Promise<string[]>;
  stop(): void;
}

interface Reply {
  readonly ready?: boolean;
  readonly statements?: string[];
  readonly error?: string;
}

/** Starts drizzle-kit's differ (`drizzle-kit/api` of the project that `kitPackage` lies in) beside the main process. */
export function startReverseDiffer(kitPackage: string): ReverseDiffer {
  const env = { ...process.env };
  delete env.NODE_OPTIONS;
  const script = fileURLToPath(new URL('reverse.cjs', import.meta.url));
  const command = tied(process.execPath, [script, kitPackage], ['ignore', 'ignore', 'pipe', 'ipc']);
  const child = spawn(command.file, command.args, { env, ...command.options });
  endWithUs(child);
  const output = new LastOutput(child.stderr);
  // A process that could not be started or spoken to is told of where its answer is awaited.
  child.on('error', (error) => output.add(String(error)));
  return {
    diff(from, to) {
      return new Promise((resolve, reject) => {
        const fail = (frame: string): void =>
          reject(
            new TableplanError(
              'generate-failed',
              "drizzle-kit's differ could not compute the rollback SQL.",
              {
                hint: 'Nothing was written. The output of drizzle-kit is above.',
                frame,
              },
            ),
          );
        child.on('message', (reply: Reply) => {
          if (reply.statements) resolve(reply.statements);
          else if (reply.error) fail(reply.error);
        });
        child.on('exit', () => fail(output.toString()));
        child.send({ from, to }, (error) => error && fail(output.toString() || String(error)));
      });
    },
    stop() {
      endGroup(child);
    },
  };
}
