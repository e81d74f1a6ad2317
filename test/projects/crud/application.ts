import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { consumerEnv } from '../../e2e/consumer-env.ts';

export type Headers = Readonly<Record<string, string>>;

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `/api/products` */
  readonly path: string;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  /** Parsed where it is JSON, else the text; undefined where there is none. */
  readonly body: unknown;
}

/** An application that runs in a process of its own. */
export interface Application {
  send(request: Request, headers?: Headers): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Started {
  readonly cwd: string;
  /** Arguments of node: `['--import', 'tsx', 'src/server.ts']`. */
  readonly serve: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Starts the application on a free port, which it gets in PORT, and waits until it answers. Throws with its output where it ends before. */
export async function startApplication({ cwd, serve, env }: Started): Promise<Application> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, serve, {
    cwd,
    env: { ...consumerEnv(), ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await answers(child, url);
  return {
    async send({ method, path, body }, headers = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...headers,
          // Nothing is read while a program runs between two requests, not even that the application has ended the connection.
          connection: 'close',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: parsed(await response.text()) };
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => (output += text.toString()));
  for (const end = Date.now() + 240_000; Date.now() < end;) {
    if (child.exitCode !== null) throw new Error(`the application ended with ${child.exitCode}:\n${output}`);
    const isThere = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await setTimeout(100);
  }
  child.kill('SIGKILL');
  throw new Error(`the application does not answer:\n${output}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
