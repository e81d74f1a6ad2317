// @ts-check
'use strict';
/* oxlint-disable no-underscore-dangle -- `_load` is what Node calls it */
/**
 * Starts drizzle-kit as `node drizzle-kit/bin.cjs` would, after loading what its `generate` imports first: Node has it by
 * then, and it was loaded while the plan was still being read. Not `--import`: that would send the three megabytes of
 * bin.cjs through the ES module loader.
 */
const Module = /** @type {any} */ (require('node:module'));
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');

const [node = '', , bin = '', ...args] = process.argv;
process.argv = [node, bin, ...args];

async function warm() {
  const folder = dirname(Module.createRequire(bin).resolve('drizzle-orm/package.json'));
  const imported = ['version.js', 'relations.js'].map(
    (file) => import(pathToFileURL(join(folder, file)).href),
  );
  await Promise.all(imported);
}

// Another layout of drizzle-orm loses the head start; what is missing is drizzle-kit's to report.
warm()
  .catch(() => undefined)
  .finally(() => Module._load(bin, null, true));
