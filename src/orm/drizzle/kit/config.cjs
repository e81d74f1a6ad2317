// @ts-check
'use strict';
/** The config that drizzle-kit is started with: the project's own, with the staging folder (see preload.cjs). */
module.exports = /** @type {any} */ (globalThis)[Symbol.for('tableplan.kit')].config(require);
