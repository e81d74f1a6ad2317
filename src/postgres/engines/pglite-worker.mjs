// @ts-check
/**
 * PGlite in a thread of its own: WebAssembly keeps a thread busy, and the main one reads and edits meanwhile.
 * In: first {start}, then {id, query | exec | wire | copy | dump}. Out: {id, rows | bytes | done} or {id, failure}; what is answered to wire has both. What is answered to
 * start is {version} or {failure}. {compiled} comes out where it was not given.
 */
import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

// Optimising the WebAssembly costs more than a short run ever gets back: half the CPU and 100 MB less without (measured).
setFlagsFromString('--liftoff-only');

const port = /** @type {NonNullable<typeof parentPort>} */ (parentPort);

// What a start does not depend on is done before it is asked for.
const compiled = workerData.compiled ? Promise.resolve(workerData.compiled) : compile();
compiled.catch(() => undefined);

async function compile() {
  const bytes = await readFile(new URL('pglite.wasm', import.meta.resolve('@electric-sql/pglite')));
  // The types of Node do not have it.
  const module = await /** @type {any} */ (globalThis).WebAssembly.compile(bytes);
  port.postMessage({ compiled: module });
  return module;
}

/** All that Postgres says, which an Error would lose on its way. @param {unknown} error */
function failure(error) {
  const { message } = /** @type {Error} */ (error);
  const said = Object.entries(/** @type {object} */ (error)).filter(([, value]) => typeof value === 'string');
  return { ...Object.fromEntries(said), message };
}

/** @type {PGlite} */
let db;

/** @param {{ snapshot?: Uint8Array, extensions: Record<string, string> }} from */
async function start({ snapshot, extensions }) {
  /** @type {Record<string, any>} */
  const loaded = {};
  for (const [name, module] of Object.entries(extensions)) loaded[name] = (await import(module))[name];
  db = await PGlite.create({
    ...(snapshot && { loadDataDir: new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (snapshot)]) }),
    extensions: loaded,
    pgliteWasmModule: await compiled,
  });
  closeToHost(db.Module);
  const { rows } = await db.query('show server_version');
  return { version: /** @type {any} */ (rows[0]).server_version };
}

/**
 * What Emscripten leads out of WebAssembly: terminals, which are this process's own input and output, and programs, which
 * PGlite answers with an exception that leaves it unusable. Files are in memory, and there is no network.
 * @param {any} wasm
 */
function closeToHost(wasm) {
  for (const device of ['tty', 'tty1', 'stdin', 'stdout', 'stderr']) wasm.FS.unlink(`/dev/${device}`);
  /* oxlint-disable no-underscore-dangle -- the names are PGlite's */
  wasm._pgl_set_popen_fn(wasm.addFunction(() => 0, 'ppp'));
  wasm._pgl_set_system_fn(wasm.addFunction(() => -1, 'pi'));
  /* oxlint-enable no-underscore-dangle */
}

/** @param {Uint8Array} messages */
async function exchange(messages) {
  const { data, messages: answers } = await db.runExclusive(() =>
    db.execProtocol(messages, { throwOnError: false }),
  );
  const failed = answers.find(({ name }) => name === 'error');
  return { bytes: data, failure: failed && failure(failed) };
}

port.on('message', async ({ id, start: from, query, exec, wire, copy, dump }) => {
  try {
    if (from) {
      port.postMessage(await start(from));
    } else if (query) {
      const { rows } = await db.query(query.sql, query.parameters);
      port.postMessage({ id, rows });
    } else if (exec !== undefined) {
      await db.exec(exec);
      port.postMessage({ id, done: true });
    } else if (copy) {
      await db.query(copy.sql, [], { blob: new Blob([copy.data]) });
      port.postMessage({ id, done: true });
    } else if (wire) {
      port.postMessage({ id, ...(await exchange(wire)) });
    } else if (dump) {
      const bytes = new Uint8Array(await (await db.dumpDataDir('none')).arrayBuffer());
      port.postMessage({ id, bytes }, [bytes.buffer]);
    }
  } catch (error) {
    port.postMessage({ id, failure: failure(error) });
  }
});
