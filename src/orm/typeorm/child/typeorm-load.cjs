// @ts-check
'use strict';
/**
 * Loads the project's data source module the way TypeORM's own commands do, in a process that can reach nothing real:
 * no socket opens, nothing is synchronised, migrated or dropped by the module itself.
 */
const net = require('node:net');
const path = require('node:path');
const { createRequire } = require('node:module');
const { globSync } = require('tinyglobby');
const picomatch = require('picomatch');
const { ownPlaces } = require('./typeorm-describe.cjs');
const { columnTypes } = require('./typeorm-types.cjs');

/** @typedef {ReturnType<typeof import('./typeorm-sources.cjs')['installSources']>} Sources */

/** Every outgoing connection is refused, as if nobody listened. */
function refuseConnections() {
  const { prototype } = /** @type {any} */ (net.Socket);
  prototype.connect = function connect() {
    const error = Object.assign(new Error('connect ECONNREFUSED (refused by tableplan)'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
    process.nextTick(() => this.destroy(error));
    return this;
  };
}

/** Options that would change the database by connecting to it; TypeORM's own commands set the first three as well. */
const HARMLESS = {
  synchronize: false,
  migrationsRun: false,
  dropSchema: false,
  logging: false,
  cache: false,
};

/**
 * Patches the project's TypeORM: it connects without consequences, and requires what its globs name, staged files
 * included.
 * @param {string} dataSourcePath
 * @param {Sources} sources
 */
function prepareTypeorm(dataSourcePath, sources) {
  const require = createRequire(dataSourcePath);
  const typeorm = require('typeorm');
  const inside = createRequire(require.resolve('typeorm'));
  /** @type {Map<string, string[]>} pattern → files */
  const globbed = new Map();
  const completeTypes = columnTypes(typeorm, sources, ownPlaces);
  const { initialize } = typeorm.DataSource.prototype;
  typeorm.DataSource.prototype.initialize = function harmless() {
    takeOptions(this);
    return initialize.call(this);
  };
  inside('./util/ImportUtils.js').importOrRequireFile = async (/** @type {string} */ file) => [
    require(file),
    'commonjs',
  ];
  inside('./util/DirectoryExportedClassesLoader.js').importClassesFromDirectories = async (
    /** @type {unknown} */ _logger,
    /** @type {string[]} */ patterns,
  ) => {
    const files = patterns.flatMap((pattern) => {
      const found = filesOf(pattern, sources);
      globbed.set(pattern, found);
      return found;
    });
    const loaded = files.map((file) => require(file));
    await sources.settled();
    // TypeORM asks for the files of its globs before it reads what the decorators have left, without a glob too.
    completeTypes();
    return classesIn(loaded);
  };
  return { globbed, Table: typeorm.Table, DataSource: typeorm.DataSource };
}

/** What the module was made with, before it is made harmless. @type {WeakMap<object, any>} */
const givenOptions = new WeakMap();

/** @param {any} dataSource */
function takeOptions(dataSource) {
  if (givenOptions.has(dataSource)) return;
  givenOptions.set(dataSource, { ...dataSource.options });
  dataSource.setOptions(HARMLESS);
}

/** @param {any} dataSource */
function optionsOf(dataSource) {
  return givenOptions.get(dataSource) ?? dataSource.options;
}

/**
 * The files of a glob, staged ones included, deleted and compiled ones left out. A glob for compiled files means their
 * sources: those are what a plan edits.
 * @param {string} pattern
 * @param {Sources} sources
 */
function filesOf(pattern, { staged, outputs, look }) {
  const meant = meantPattern(pattern, outputs);
  look(picomatch.scan(meant).base);
  const options = { absolute: true, cwd: process.cwd(), expandDirectories: false };
  const found = new Set(globSync(meant, options));
  for (const file of found) look(path.dirname(file));
  const matches = picomatch(meant);
  for (const [file, text] of staged) {
    if (text === null) found.delete(file);
    else if (matches(file)) found.add(file);
  }
  // Where the sources lie elsewhere, the compiled files are what there is.
  if (found.size === 0) for (const file of globSync(path.resolve(pattern), options)) found.add(file);
  return [...found]
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && !/\.d\.[cm]?ts$/.test(file))
    .filter((file) => !/\.[cm]?js$/.test(file) || !found.has(file.replace(/js$/, 'ts')))
    .toSorted();
}

/** A glob as it is meant, absolute. @param {string} given @param {Sources['outputs']} outputs */
function meantPattern(given, outputs) {
  const pattern = path.resolve(given).replaceAll('\\', '/');
  const inSources =
    outputs && pattern.startsWith(`${outputs.outDir}/`)
      ? outputs.rootDir + pattern.slice(outputs.outDir.length)
      : pattern;
  return inSources.replace(/\.js$/, '.{ts,js}').replace(/\{(\.?)js\}$/, '{$1ts,$1js}');
}

/** @param {unknown[]} exported @returns {any[]} */
function classesIn(exported) {
  return exported.flatMap((value) => {
    if (typeof value === 'function' || isInstance(value, 'EntitySchema')) return [value];
    if (Array.isArray(value)) return classesIn(value);
    return value !== null && typeof value === 'object' && !(value instanceof Date)
      ? classesIn(Object.values(value))
      : [];
  });
}

/** As TypeORM tells its own objects apart, whichever copy of it made them. @param {any} value @param {string} kind */
function isInstance(value, kind) {
  return value?.['@instanceof'] === Symbol.for(kind);
}

/**
 * The one data source that a module exports, else what Nest modules configure. Throws where there is none, or there are
 * several.
 * @param {any} exported @param {() => Promise<unknown>} configured
 */
async function dataSourceIn(exported, configured) {
  const values = [exported, ...(exported && typeof exported === 'object' ? Object.values(exported) : [])];
  const found = new Set();
  for (const value of values) {
    const awaited = await value;
    if (isInstance(awaited, 'DataSource')) found.add(awaited);
  }
  const [first, second] = found;
  if (first && !second) return first;
  const fromModules = first ? undefined : await configured();
  if (fromModules) return fromModules;
  const names = Object.keys(exported ?? {}).join(', ');
  throw Object.assign(
    new Error(
      first
        ? `The file exports several data sources (${names}); TypeORM's commands take files that export one.`
        : `The file exports no DataSource${names ? ` (it exports ${names})` : ''}.`,
    ),
    { isPlain: true },
  );
}

module.exports = { meantPattern, refuseConnections, prepareTypeorm, takeOptions, optionsOf, dataSourceIn };
