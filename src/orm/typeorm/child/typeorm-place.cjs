// @ts-check
'use strict';
/** Where in a file of the project the code stands that sends a statement. */

/** @typedef {{ original(file: string, line: number, column: number): { line: number, column: number } | undefined }} Originals */

/** So deep lies a migration below the driver: its own helpers, and TypeORM's. */
const FRAMES = 100;

/**
 * The innermost call of a file among those that have led here, awaits included (V8 keeps them in its stacks); line and
 * column from 1, of the source. Undefined where none is of that file, or the file was compiled to generators.
 * @param {string} file @param {Originals | undefined} sources
 * @returns {{ line: number, column: number } | undefined}
 */
function placeOfCall(file, sources) {
  const site = callSites().find((candidate) => candidate.getFileName() === file);
  if (!site) return undefined;
  const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
  return sources?.original(file, line, column) ?? { line, column };
}

/** @returns {NodeJS.CallSite[]} */
function callSites() {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = (_, sites) => sites;
    return /** @type {any} */ (new Error('here').stack);
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

module.exports = { placeOfCall };
