// @ts-check
'use strict';
/**
 * Computes rollback SQL with drizzle-kit's own differ, run backwards, in a process of its own: `drizzle-kit/api`
 * belongs to the project and loads while the parent is still reading sources.
 *
 * In: {from, to}, two snapshots (v7 JSON) between which no rename is left. Out: {statements} or {error}.
 *
 * The differ asks "created or renamed?" wherever something is added and something is removed in one parent. Two
 * phases never ask: first to a schema that has everything of both (only additions), then to the target (only
 * removals).
 */
const { createRequire } = require('node:module');

const api = createRequire(/** @type {string} */ (process.argv[2]))('drizzle-kit/api');

/** @param {any} from @param {any} to */
function union(from, to) {
  const both = structuredClone(to);
  both.id = 'union';
  for (const kind of ['enums', 'sequences', 'roles', 'policies', 'schemas', 'views']) {
    both[kind] = { ...from[kind], ...to[kind] };
  }
  for (const [key, table] of Object.entries(from.tables)) {
    if (!both.tables[key]) both.tables[key] = structuredClone(table);
    else both.tables[key].columns = { ...table.columns, ...both.tables[key].columns };
  }
  return both;
}

process.on('message', async (/** @type {any} */ { from, to }) => {
  try {
    const middle = union(from, to);
    const statements = [
      ...(await api.generateMigration(from, middle)),
      ...(await api.generateMigration(middle, to)),
    ];
    process.send?.({ statements });
  } catch (error) {
    process.send?.({ error: String(/** @type {any} */ (error)?.stack ?? error) });
  }
});
process.send?.({ ready: true });
process.on('disconnect', () => process.exit(0));
