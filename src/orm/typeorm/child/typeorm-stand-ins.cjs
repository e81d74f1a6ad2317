// @ts-check
'use strict';
/**
 * Stand-ins for environment variables that a module insists on and that are not set: the module is loaded again with
 * them. Nothing is ever connected to, so any value that has the right shape will do.
 */
const DUMMY_URL = 'postgresql://tableplan:tableplan@127.0.0.1:1/tableplan';
const DATABASE_URL = /(DATABASE|POSTGRES|PG|DB|TYPEORM).*(URL|URI|DSN|CONNECTION)/i;
const WORDS = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
const OF_TOOLS = /^(NODE|NO|FORCE|TSX|ESBUILD|DEBUG|DOTENV|READABLE|TEST|TS|WS|npm)_/;

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
  /** @type {Set<string>} */
  const missing = new Set();
  for (const standIn of STAND_INS) {
    const restore = putInPlace(standIn, missing);
    try {
      return await load();
    } catch (error) {
      failure ??= error;
      restore();
      // Code with stand-ins may write where they lead: it runs only where they can help.
      if (!canHangOnVariables(failure)) throw failure;
    }
  }
  throw naming(failure, missing);
}

/** Whether another environment might make a difference: a missing file, a mistake of syntax, TypeORM's own verdict on the entities stay. @param {any} failure */
function canHangOnVariables(failure) {
  if (failure instanceof SyntaxError) return false;
  const message = String(failure?.message);
  if (String(failure?.code).endsWith('MODULE_NOT_FOUND'))
    return /\bundefined\b/.test(message.split('\n', 1).join());
  return !/^Entity metadata for \S+ was not found/.test(message);
}

/** Of so many variables each is named. */
const MOST_SHOWN = 12;

/** The first failure, with the variables that were read and are not set, or those of them that it speaks of. @param {any} failure @param {Set<string>} missing */
function naming(failure, missing) {
  if (missing.size === 0 || typeof failure?.message !== 'string') return failure;
  const names = [...missing].toSorted();
  const said = names.filter((name) => new RegExp(`\\b${name}\\b`).test(failure.message));
  const shown = said.length > 0 ? said : names.slice(0, MOST_SHOWN);
  const more = said.length > 0 || names.length <= MOST_SHOWN ? '' : ` and ${names.length - MOST_SHOWN} more`;
  failure.message += `\nIt reads environment variables that are not set: ${shown.join(', ')}${more}.`;
  return failure;
}

/**
 * @param {(name: string) => string | undefined} standIn @param {Set<string>} missing gets the names that are asked for in vain
 * @returns {() => void}
 */
function putInPlace(standIn, missing) {
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
  const valueOf = (/** @type {string | symbol} */ name) => {
    if (typeof name !== 'string') return Reflect.get(real, name);
    if (real[name] === undefined && !missing.has(name) && isAskedByProject()) missing.add(name);
    return real[name] ?? standIn(name);
  };
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

/** Whether the code that reads a variable is the project's own: packages ask for many that nobody has to set. */
function isAskedByProject() {
  const frames = (new Error('who asks').stack ?? '').split('\n').slice(1);
  const asking = frames.find((frame) => !frame.includes(__filename) && !frame.includes('Reflect.'));
  return asking !== undefined && !/[\\/]node_modules[\\/]|\(node:|at node:/.test(asking);
}

module.exports = { withStandIns };
