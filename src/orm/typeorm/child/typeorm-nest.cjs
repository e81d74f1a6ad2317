// @ts-check
'use strict';
/**
 * The data source of a Nest project that exports none: the options that its modules hand to `TypeOrmModule.forRoot` or
 * `forRootAsync`, taken while the module's file is loaded. No application is started.
 */
const fs = require('node:fs');
const { globSync } = require('tinyglobby');

/** @typedef {{ options: () => unknown, name: string }} Root */

/** @param {string} message */
const plain = (message) => Object.assign(new Error(message), { isPlain: true });

function nestModules() {
  /** @type {Root[]} */
  const roots = [];
  /** @type {Set<unknown>} Classes that `forFeature` names. */
  const features = new Set();
  /** @type {(() => any)[]} What `ConfigModule.forRoot` loads. */
  const settings = [];
  const wrapped = new WeakSet();

  /** @param {any} holder @param {string} method @param {(options: any) => void} take */
  const wrap = (holder, method, take) => {
    const original = holder?.[method];
    if (typeof original !== 'function') return;
    holder[method] = function taking(/** @type {any[]} */ ...given) {
      take(given[0]);
      return original.apply(this, given);
    };
  };
  const service = () => Object.assign({}, ...settings.map(namespaced));
  return {
    /** Called with every package that is required. @param {string} request @param {any} loaded */
    see(request, loaded) {
      const isNest = request === '@nestjs/typeorm' || request === '@nestjs/config';
      if (!isNest || wrapped.has(loaded)) return;
      wrapped.add(loaded);
      wrap(loaded.ConfigModule, 'forRoot', (options) => settings.push(...(options?.load ?? [])));
      wrap(loaded.TypeOrmModule, 'forRoot', (options) =>
        roots.push({ name: options?.name ?? 'default', options: () => options }),
      );
      wrap(loaded.TypeOrmModule, 'forRootAsync', (options) =>
        roots.push({ name: options?.name ?? 'default', options: () => asyncOptions(options, service()) }),
      );
      wrap(loaded.TypeOrmModule, 'forFeature', (list) => {
        for (const entity of Array.isArray(list) ? list : []) features.add(entity);
      });
    },
    /** Before the modules are loaded again. */
    forget() {
      roots.length = 0;
      settings.length = 0;
      features.clear();
    },
    /**
     * The one data source that the modules configure; undefined where they configure none. Throws where there are several.
     * @param {(file: string) => unknown} load loads a file of the project
     * @param {string} root folder of the project
     * @param {new (options: any) => unknown} DataSource the project's TypeORM
     */
    async dataSource(load, root, DataSource) {
      const [first, second] = roots;
      if (!first) return undefined;
      if (second)
        throw plain(
          `The modules configure several connections (${roots.map(({ name }) => name).join(', ')}). Export the one that is meant as a DataSource, in a file of its own.`,
        );
      const options = /** @type {any} */ (await first.options());
      if (!options?.autoLoadEntities) return new DataSource(options);
      for (const file of featureFiles(root)) load(file);
      const { entities = [] } = options;
      const listed = Array.isArray(entities) ? entities : Object.values(entities);
      return new DataSource({ ...options, entities: [...new Set([...listed, ...features])] });
    },
  };
}

/** Files whose modules name entities, wherever they lie. @param {string} root */
function featureFiles(root) {
  const files = globSync('**/*.{ts,js}', {
    cwd: root,
    absolute: true,
    ignore: ['**/{node_modules,dist,build,test,tests,__tests__,.*}/**', '**/*.{spec,test,e2e-spec,d}.*'],
  });
  return files
    .filter((file) => /\bTypeOrmModule\s*\.\s*forFeature\s*\(/.test(fs.readFileSync(file, 'utf8')))
    .toSorted();
}

/** A factory of `registerAs('database', …)` has the name in its key. @param {any} factory */
function namespaced(factory) {
  const [, name] = /^CONFIGURATION\((.+)\)$/.exec(String(factory.KEY ?? '')) ?? [];
  return name === undefined ? factory() : { [name]: factory() };
}

/** What Nest would make of the options: it calls the factory with what it injects. @param {any} given @param {any} settings */
async function asyncOptions(given, settings) {
  const maker = given?.useClass ?? given?.useExisting;
  if (maker) return provided(maker, settings).createTypeOrmOptions();
  if (typeof given?.useFactory !== 'function')
    throw plain('TypeOrmModule.forRootAsync is given neither useFactory nor useClass.');
  return given.useFactory(
    ...(given.inject ?? []).map((/** @type {unknown} */ token) => provided(token, settings)),
  );
}

/**
 * @param {any} token a class, the name of a namespace, or `{ token, optional }`
 * @param {any} settings what ConfigService knows
 * @returns {any}
 */
function provided(token, settings) {
  if (token && typeof token === 'object' && 'token' in token) return provided(token.token, settings);
  if (typeof token === 'string') {
    const [, name] = /^CONFIGURATION\((.+)\)$/.exec(token) ?? [];
    if (name !== undefined && name in settings) return settings[name];
  }
  if (typeof token !== 'function')
    throw plain(
      `TypeOrmModule.forRootAsync injects ${String(token)}, which only the running application has. Export a DataSource in a file of its own.`,
    );
  if (token.name === 'ConfigService') return new token(settings);
  const injected = Reflect.getMetadata?.('design:paramtypes', token) ?? [];
  return new token(...injected.map((/** @type {unknown} */ each) => provided(each, settings)));
}

module.exports = { nestModules };
