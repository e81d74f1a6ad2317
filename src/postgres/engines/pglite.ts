import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { DEFAULT_LIMITS, type Limits } from '../../limits.ts';
import { type FailureFields, SqlFailure, type WireEngine, type WireReply } from './engine.ts';
import { limitedCalls } from './limited-calls.ts';

export interface PgliteOptions {
  /** A data directory as `snapshot` returns it; a new one is made without (two to five seconds). */
  readonly snapshot?: Uint8Array | undefined;
  /** Names as CREATE EXTENSION has them; those that PGlite does not ship are left out. */
  readonly extensions?: readonly string[] | undefined;
  /** A folder of the project, whose package pgvector is taken from. */
  readonly from?: string | undefined;
  /** `DEFAULT_LIMITS` unless given. */
  readonly limits?: Limits | undefined;
  /** Called when the thread has all that it needs: what keeps this one busy from then on does not hold it up. */
  readonly begun?: (() => void) | undefined;
}

export interface PgliteEngine extends WireEngine {
  readonly kind: 'pglite';
  /** The whole data directory, as a tar archive. */
  snapshot(): Promise<Uint8Array>;
}

interface Reply {
  readonly id?: number;
  /** Said once by a thread that has compiled it. */
  readonly compiled?: object;
  readonly version?: string;
  readonly rows?: unknown[];
  readonly bytes?: Uint8Array;
  readonly failure?: Failure;
}

interface Failure extends FailureFields {
  readonly message: string;
  readonly code?: string;
}

/** A thread that has no database yet. */
let spare: Worker | undefined;

/**
 * Starts a thread that loads and compiles PGlite, for the next `startPglite`: it is at work on that while this one is busy
 * finding out what to start it with. It keeps no process alive.
 */
export function preparePglite(): void {
  if (spare) return;
  const thread = startThread();
  thread.unref();
  const forget = (): void => {
    if (spare === thread) spare = undefined;
  };
  // Whoever starts one of its own is told what is wrong.
  thread.once('error', forget).once('exit', forget);
  spare = thread;
}

/** PGlite's WebAssembly, as the first thread has compiled it: the others need not do so again. */
let compiled: object | undefined;

function startThread(): Worker {
  const thread = new Worker(new URL('pglite-worker.mjs', import.meta.url), {
    workerData: { compiled },
    // A loader that this process was started with is not for the thread.
    execArgv: [],
    // Nor is the environment, which what is rehearsed has no business to see.
    env: {},
    // What is printed there is not this process's output.
    stdin: true,
    stdout: true,
    stderr: true,
  });
  thread.on('message', (reply: Reply) => (compiled ??= reply.compiled));
  return thread;
}

/**
 * Starts PGlite (Postgres compiled to WebAssembly, in memory, one connection) in a thread of its own. A statement that goes
 * too far cannot be interrupted there: the thread is ended, and every call from then on throws `LimitExceeded`.
 */
export async function startPglite(options: PgliteOptions = {}): Promise<PgliteEngine> {
  const used = memoryMeter();
  const worker = spare ?? startThread();
  spare = undefined;
  // Not before it is wanted: reading keeps the process alive.
  for (const output of [worker.stdout, worker.stderr]) output.resume();
  const waiting = new Map<number, { resolve(reply: Reply): void; reject(error: Error): void }>();
  const answerTo = (id: number): Promise<Reply> =>
    new Promise((resolve, reject) => void waiting.set(id, { resolve, reject }));
  const started = answerTo(0);
  let last = 0;
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (reply: Reply) => {
    if (reply.compiled) return;
    const id = reply.id ?? 0;
    const call = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (reply.failure && !reply.bytes) call?.reject(asSqlFailure(reply.failure));
    else call?.resolve(reply);
  });
  worker.on('error', fail);
  let ended: Error | undefined;
  worker.on('exit', () => {
    ended = new Error('PGlite has ended.');
    fail(ended);
  });
  // Only a call that is waited for keeps the process alive.
  const call = async (message: object): Promise<Reply> => {
    // Nobody would ever answer.
    if (ended) throw ended;
    last += 1;
    worker.ref();
    // oxlint-disable-next-line require-post-message-target-origin -- a thread, not a window
    worker.postMessage({ id: last, ...message });
    return answerTo(last);
  };
  worker.ref();
  const { snapshot } = options;
  const start = { snapshot, extensions: shippedExtensions(options.extensions ?? [], options.from) };
  // oxlint-disable-next-line require-post-message-target-origin -- a thread, not a window
  worker.postMessage({ start });
  options.begun?.();
  const { version = '' } = await started;
  const run = limitedCalls(options.limits ?? DEFAULT_LIMITS, { used, end: () => worker.terminate() });
  return {
    kind: 'pglite',
    version,
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await run(sql, () => call({ query: { sql, parameters } }))).rows as Row[];
    },
    async exec(sql) {
      await run(sql, () => call({ exec: sql }));
    },
    async copyIn(sql, data) {
      // It has no protocol for it; its COPY reads a file that is not one.
      const copy = { sql: sql.replace(/\bfrom\s+stdin\b/i, "from '/dev/blob'"), data };
      await run(sql, () => call({ copy }));
    },
    async wire(messages, statement = ''): Promise<WireReply> {
      const { bytes = new Uint8Array(), failure } = await run(statement, () => call({ wire: messages }));
      return { bytes, failure: failure && asSqlFailure(failure) };
    },
    async snapshot() {
      return (await call({ dump: true })).bytes ?? new Uint8Array();
    },
    async close() {
      // Whoever waits for the end is to see it, though nothing else may keep the process alive by then.
      worker.ref();
      // `exit` is what whoever still waits for an answer is told.
      await worker.terminate();
    },
  };
}

function asSqlFailure(failure: Failure): SqlFailure {
  return new SqlFailure(failure.message, failure.code ?? 'XX000', failure);
}

/**
 * What the disposable databases of this process have come to take since now. WebAssembly and the files in its memory are no
 * part of any heap: what the process has is looked at, without what this thread has taken meanwhile.
 */
function memoryMeter(): () => number {
  const own = ({ heapTotal, external }: NodeJS.MemoryUsage): number => heapTotal + external;
  const start = process.memoryUsage();
  return () => {
    const now = process.memoryUsage();
    return now.rss - start.rss - Math.max(0, own(now) - own(start));
  };
}

/**
 * Extensions by name → module, those that can be had: PGlite's own (`uuid-ossp` is `uuid_ossp` there), and pgvector where
 * its package is installed in the project (`from`) or beside tableplan.
 */
export function shippedExtensions(names: readonly string[], from?: string): Record<string, string> {
  const own = createRequire(import.meta.url);
  const project = from === undefined ? own : createRequire(join(from, 'package.json'));
  const found = names.flatMap((name): [string, string][] => {
    const key = name.replaceAll('-', '_');
    const module =
      key === 'vector'
        ? (resolved(VECTOR_PACKAGE, project) ?? resolved(VECTOR_PACKAGE, own))
        : resolved(`@electric-sql/pglite/contrib/${key}`, own);
    return module === undefined ? [] : [[key, pathToFileURL(module).href]];
  });
  return Object.fromEntries(found);
}

export const VECTOR_PACKAGE = '@electric-sql/pglite-pgvector';

function resolved(name: string, require: NodeJS.Require): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    // Not there: CREATE EXTENSION will say so.
    return undefined;
  }
}
