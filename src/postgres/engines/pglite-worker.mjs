// @ts-check
/**
 * PGlite in a thread of its own: WebAssembly keeps a thread busy, and the main one reads and edits meanwhile.
 * In: {id, query | exec | text | copy | dump}. Out: {id, rows | result | bytes | done} or {id, failure}. The first message out is {version} or
 * {failure}.
 */
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

// Optimising the WebAssembly costs more than a short run ever gets back: half the CPU and 100 MB less without (measured).
setFlagsFromString('--liftoff-only');

/** @typedef {{ message: string, code?: string, detail?: string, where?: string }} ServerError */

const port = /** @type {NonNullable<typeof parentPort>} */ (parentPort);
const { snapshot, extensions } =
  /** @type {{ snapshot?: Uint8Array, extensions: Record<string, string> }} */ (workerData);

/** @param {unknown} error */
function failure(error) {
  const { message, code, detail, where } = /** @type {ServerError} */ (error);
  return { message, code, detail, where };
}

/** @type {Record<string, any>} */
const loaded = {};
for (const [name, module] of Object.entries(extensions)) loaded[name] = (await import(module))[name];

/** @type {PGlite} */
let db;
try {
  db = await PGlite.create({
    ...(snapshot && { loadDataDir: new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (snapshot)]) }),
    extensions: loaded,
  });
  const { rows } = await db.query('show server_version');
  port.postMessage({ version: /** @type {any} */ (rows[0]).server_version });
} catch (error) {
  port.postMessage({ failure: failure(error) });
}

/** Leaves values as they are on the wire, of whatever type. */
const asText = new Proxy({}, { get: () => (/** @type {unknown} */ value) => value });
const textOptions = /** @type {const} */ ({ rowMode: 'array', parsers: asText, serializers: asText });

/** @param {{ sql: string, parameters?: unknown[] }} statement */
async function runAsText({ sql, parameters }) {
  const results = parameters?.length
    ? [await db.query(sql, parameters, textOptions)]
    : await db.exec(sql, textOptions);
  const { rows = [], fields = [], affectedRows } = results.at(-1) ?? {};
  return { rows, fields, affected: affectedRows };
}

port.on('message', async ({ id, query, exec, text, copy, dump }) => {
  try {
    if (query) {
      const { rows } = await db.query(query.sql, query.parameters);
      port.postMessage({ id, rows });
    } else if (exec !== undefined) {
      await db.exec(exec);
      port.postMessage({ id, done: true });
    } else if (copy) {
      await db.query(copy.sql, [], { blob: new Blob([copy.data]) });
      port.postMessage({ id, done: true });
    } else if (text) {
      port.postMessage({ id, result: await runAsText(text) });
    } else if (dump) {
      const bytes = new Uint8Array(await (await db.dumpDataDir('none')).arrayBuffer());
      port.postMessage({ id, bytes }, [bytes.buffer]);
    }
  } catch (error) {
    port.postMessage({ id, failure: failure(error) });
  }
});
