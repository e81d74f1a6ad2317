// @ts-check
'use strict';
/* oxlint-disable no-underscore-dangle -- `_load` is what Node calls it */
/**
 * The process in which the project's data source is loaded (`child.ts` starts it). Plain CommonJS on purpose: it runs
 * in the user's Node, without a loader.
 *
 * In: {id, ask, input}; out: {id, answer} or {id, failure}. Messages for Postgres go out as {query, wire, statement} and
 * its answers come back as {query, result} or {query, failure}, bytes in base64. The first message out is {ready}.
 */
const Module = /** @type {any} */ (require('node:module'));
const { replaceClients } = require('./typeorm-pg.cjs');
const { installSources } = require('./typeorm-sources.cjs');
const { withStandIns } = require('./typeorm-stand-ins.cjs');
const load = require('./typeorm-load.cjs');
const { nestModules } = require('./typeorm-nest.cjs');
const describe = require('./typeorm-describe.cjs');
const answers = require('./typeorm-answers.cjs');
const { placeOfCall } = require('./typeorm-place.cjs');

const exit = process.exit.bind(process);
const send = /** @type {(message: unknown) => void} */ (process.send?.bind(process));

/** @type {Map<number, { resolve(result: any): void, reject(failure: any): void }>} */
const waiting = new Map();
let queries = 0;

/** @type {import('./typeorm-pg.cjs').Database} */
const database = {
  async exchange(bytes, statement) {
    const { wire, isPassedOver } = await new Promise((resolve, reject) => {
      queries += 1;
      waiting.set(queries, { resolve, reject });
      send({ query: queries, wire: bytes.toString('base64'), statement });
    });
    return { bytes: Buffer.from(wire, 'base64'), isPassedOver };
  },
  place: () => (running === undefined ? undefined : placeOfCall(running, sources)),
};

/** @type {any} */
let dataSource;
/** @type {ReturnType<typeof installSources> | undefined} */
let sources;
/** File of the migration that is being run. @type {string | undefined} */
let running;

const nest = nestModules();

/** Sees to it that every copy of `pg` that is loaded from now on has the stand-ins. */
function replacePg() {
  const original = Module._load;
  const replaced = new WeakSet();
  Module._load = (
    /** @type {string} */ request,
    /** @type {unknown} */ parent,
    /** @type {boolean} */ isMain,
  ) => {
    if (request === 'pg-native')
      throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
    const loaded = original.call(Module, request, parent, isMain);
    nest.see(request, loaded);
    if (request !== 'pg') return loaded;
    if (!replaced.has(loaded)) replaced.add(replaceClients(loaded, database));
    return loaded;
  };
}

/** Loads the project's `pg` before an ES module may import it, which no hook of `require` sees. @param {string} from */
function preloadPg(from) {
  try {
    Module.createRequire(from)('pg');
  } catch {
    // Not installed: TypeORM will say so.
  }
}

/** @typedef {ReturnType<typeof installSources>} Sources */
/** @type {{ sources: Sources, typeorm: ReturnType<typeof load.prepareTypeorm> } | undefined} */
let prepared;

/** What comes before the first module of the project; once. @param {any} input */
function prepare({ dataSourcePath, root, repoRoot, cache }) {
  if (prepared) return prepared;
  // libpq would open sockets of its own.
  delete process.env.NODE_PG_FORCE_NATIVE;
  load.refuseConnections();
  replacePg();
  preloadPg(dataSourcePath);
  sources = installSources({ root, repoRoot, cache });
  prepared = { sources, typeorm: load.prepareTypeorm(dataSourcePath, sources) };
  return prepared;
}

/** @param {any} input */
async function loadDataSource(input) {
  const { dataSourcePath, root, preload, files } = input;
  const { sources, typeorm } = prepare(input);
  sources.stage(files);
  const { globbed, Table, DataSource } = typeorm;
  const require = Module.createRequire(dataSourcePath);
  const known = new Set(Object.keys(require.cache));
  const { settled, outputs } = sources;
  await withStandIns(async () => {
    for (const file of Object.keys(require.cache)) if (!known.has(file)) delete require.cache[file];
    nest.forget();
    for (const name of preload) require(name);
    const exported = require(dataSourcePath);
    await settled();
    dataSource = await load.dataSourceIn(exported, () => nest.dataSource(require, root, DataSource));
    load.takeOptions(dataSource);
    if (!dataSource.isInitialized && dataSource.options.type === 'postgres')
      await dataSource.buildMetadatas();
  });
  return {
    ...describe.describeDataSource(dataSource, load.optionsOf(dataSource), globbed, (pattern) =>
      load.meantPattern(pattern, outputs),
    ),
    seen: sources.seen,
    models: describe.describeEntities(dataSource),
    fingerprints: describe.fingerprints(dataSource, Table),
    history: describe.describeMigrations(dataSource),
  };
}

/** What `initialize` does, without the metadata, which are there: they are kept as the module may have changed them. */
async function connect() {
  if (dataSource.isInitialized) return;
  await dataSource.driver.connect();
  Object.assign(dataSource, { isInitialized: true });
  await dataSource.driver.afterConnect();
}

/** Statements say, meanwhile, where in the migration's file they come from. @param {any} job */
async function runMigration(job) {
  running = describe.ownPlaces().fileOf(answers.migrationOf(dataSource, job.name).constructor);
  try {
    return await answers.run(dataSource, job);
  } finally {
    running = undefined;
  }
}

/** @type {Record<string, (input: any) => unknown>} */
const ASKED = {
  prepare: (input) => void prepare(input),
  load: loadDataSource,
  connect,
  prepareReplay: () => answers.prepareReplay(dataSource),
  run: runMigration,
  log: (tables) => answers.log(dataSource, tables),
  statementsFor: (step) => answers.statementsFor(dataSource, step),
  names: (wanted) => answers.names(dataSource, wanted),
};

/** The frames of a stack that begins with the message, which is said beside it. @param {unknown} stack @param {string} message */
function withoutMessage(stack, message) {
  const at = typeof stack === 'string' ? stack.indexOf(message) : -1;
  const start = at < 0 || /\n/.test(String(stack).slice(0, at)) ? 0 : at + message.length;
  return typeof stack === 'string' ? stack.slice(start).replace(/^\n/, '') : undefined;
}

process.on('message', async (/** @type {any} */ received) => {
  if (received.query !== undefined) {
    const call = waiting.get(received.query);
    waiting.delete(received.query);
    if (received.failure) call?.reject(new Error(received.failure));
    else call?.resolve(received.result);
    return;
  }
  const { id, ask, input } = received;
  try {
    send({ id, answer: (await ASKED[ask]?.(input)) ?? null });
  } catch (error) {
    const { message: text, stack, isPlain } = /** @type {any} */ (error ?? {});
    const message = String(text ?? error);
    send({ id, failure: { message, stack: isPlain ? undefined : withoutMessage(stack, message) } });
  }
});
// What the module leaves running (a queue that cannot connect, say) is not this run's matter.
process.on('uncaughtException', (error) => console.error(error));
process.on('unhandledRejection', (error) => console.error(error));
process.on('disconnect', () => exit(0));
send({ ready: true });
