// @ts-check
'use strict';
/**
 * Stand-ins for environment variables that a module insists on and that are not set: the module is loaded again with
 * them. Nothing is ever connected to, so any value that has the right shape will do.
 */
const DUMMY_URL = 'postgresql://tableplan:tableplan@127.0.0.1:1/tableplan';
const DATABASE_URL = /(DATABASE|POSTGRES|PG|DB|TYPEORM).*(URL|URI|DSN|CONNECTION)/i;
const WORDS = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
const OF_TOOLS = /^(NODE|NO|FORCE|TSX|ESBUILD|DEBUG|TEST|TS|npm)_/;

/** @param {string} name */
function anyValue(name) {
  if (!WORDS.test(name) || OF_TOOLS.test(name)) return undefined;
  if (/(URL|URI|DSN)$/.test(name)) return DUMMY_URL;
  if (name.endsWith('PORT')) return '5432';
  return /(SSL|ENABLED|LOGGING|SYNCHRONIZE|REJECT_UNAUTHORIZED)$/.test(name) ? 'false' : 'tableplan';
}

/** In the order in which they are tried. @type {((name: string) => string | undefined)[]} */
const STAND_INS = [() => undefined, (name) => (DATABASE_URL.test(name) ? DUMMY_URL : undefined), anyValue];

class Exit extends Error {}

/**
 * Runs `load` until it does not throw, with more stand-ins each time; throws what it threw the first time.
 * @template T @param {() => Promise<T>} load @returns {Promise<T>}
 */
async function withStandIns(load) {
  let failure;
  for (const standIn of STAND_INS) {
    const restore = putInPlace(standIn);
    try {
      return await load();
    } catch (error) {
      failure ??= error;
      restore();
    }
  }
  throw failure;
}

/** @param {(name: string) => string | undefined} standIn @returns {() => void} */
function putInPlace(standIn) {
  const real = process.env;
  const { exit } = process;
  // A module that checks its environment may end the process where a variable is missing.
  process.exit = /** @type {any} */ (
    (/** @type {unknown} */ code) => {
      throw new Exit(`The module called process.exit(${code ?? ''}).`);
    }
  );
  const back = () => {
    process.env = real;
    process.exit = exit;
  };
  if (standIn === STAND_INS[0]) return back;
  const valueOf = (/** @type {string | symbol} */ name) =>
    typeof name === 'string' ? (real[name] ?? standIn(name)) : Reflect.get(real, name);
  process.env = new Proxy(real, {
    get: (_env, name) => valueOf(name),
    has: (_env, name) => valueOf(name) !== undefined,
    getOwnPropertyDescriptor: (env, name) => {
      const value = valueOf(name);
      const described = { value, writable: true, enumerable: true, configurable: true };
      return value === undefined ? undefined : (Reflect.getOwnPropertyDescriptor(env, name) ?? described);
    },
  });
  return back;
}

module.exports = { withStandIns };
