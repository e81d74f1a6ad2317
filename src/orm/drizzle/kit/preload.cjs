// @ts-check
'use strict';
/* oxlint-disable no-underscore-dangle -- `_findPath` is what Node calls it */
/**
 * Loaded with `node --require` before the project's own drizzle-kit, so that its unmodified CLI
 * - reads the project's config once, with drizzle-kit's own loader (`config.cjs` asks for it),
 * - then sees the staged schema sources instead of the ones on disk,
 * - writes into a staging folder, and
 * - has its "created or renamed?" questions answered from the plan.
 *
 * Plain CommonJS on purpose: it runs in the user's Node, without a loader, before anything else.
 *
 * Protocol: the child writes one JSON line to fd 4 ({config} or {error}), then blocks on fd 3 until the parent
 * has sent the job and closed the pipe. A parent that dies closes the pipe too: the child ends.
 */
const fs = require('node:fs');
const path = require('node:path');
const Module = /** @type {any} */ (require('node:module'));
const { PassThrough } = require('node:stream');

const TO_PARENT = 4;
const FROM_PARENT = 3;
/** Exit code for a question that the plan does not answer; the parent reads the question from fd 4. */
const UNANSWERED = 73;

/** @param {unknown} message */
function tell(message) {
  fs.writeSync(TO_PARENT, `${JSON.stringify(message)}\n`);
}

/** Blocks until the parent has closed the pipe. @returns {any} */
function receiveJob() {
  const chunks = [];
  const buffer = Buffer.alloc(65536);
  for (;;) {
    const read = fs.readSync(FROM_PARENT, buffer, 0, buffer.length, null);
    if (read === 0) break;
    chunks.push(Buffer.from(buffer.subarray(0, read)));
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') process.exit(0);
  return JSON.parse(text);
}

/**
 * Loads what a schema file needs before the job arrives: the libraries, and the compiler's helper process.
 * @param {NodeRequire} require drizzle-kit's own, with its loader
 */
function warm(require) {
  try {
    const { createRequire } = require('node:module');
    const bin = /** @type {string} */ (process.argv[1]);
    for (const from of [bin, path.join(process.cwd(), 'package.json')]) {
      const load = createRequire(from);
      load('drizzle-orm');
      load('drizzle-orm/pg-core');
    }
    createRequire(bin)('esbuild').transformSync('', { loader: 'ts' });
  } catch {
    // Not where it is looked for: drizzle-kit will find it, or say what is missing.
  }
}

const DUMMY_URL = 'postgresql://tableplan:tableplan@127.0.0.1:1/tableplan';

/** What a config may insist on, tried in this order: nothing, a connection string, any variable. Generate never connects. */
const STAND_INS = [
  () => undefined,
  (/** @type {string} */ name) =>
    /(DATABASE|POSTGRES|PG|DB|NEON|SUPABASE|DIRECT).*(URL|URI|DSN|CONNECTION)/i.test(name)
      ? DUMMY_URL
      : undefined,
  (/** @type {string} */ name) => {
    if (!/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(name) || /^(NODE|NO|FORCE|TSX|ESBUILD|DEBUG|TEST)_/.test(name))
      return undefined;
    if (/(URL|URI|DSN)$/.test(name)) return DUMMY_URL;
    return name.endsWith('PORT') ? '1' : 'tableplan';
  },
];

/**
 * Evaluates the project's config. Where it insists on variables that are not set, it is evaluated again with stand-ins.
 * @param {NodeRequire} require
 * @param {string} configPath
 */
function evaluateConfig(require, configPath) {
  const known = new Set(Object.keys(require.cache));
  const incomplete = (/** @type {any} */ config) =>
    config?.dbCredentials && config.dbCredentials.url === undefined && !config.dbCredentials.host;
  let failure;
  for (const standIn of STAND_INS) {
    for (const file of Object.keys(require.cache)) if (!known.has(file)) delete require.cache[file];
    const restore = withStandIns(standIn);
    try {
      const loaded = require(configPath);
      const config = loaded.default ?? loaded;
      if (!incomplete(config)) return config;
    } catch (error) {
      // The first failure is the one that the project itself would show.
      failure ??= error;
      restore();
    }
  }
  if (failure) throw failure;
  return require(configPath).default ?? require(configPath);
}

/** @param {(name: string) => string | undefined} standIn @returns {() => void} */
function withStandIns(standIn) {
  const real = process.env;
  const valueOf = (/** @type {string | symbol} */ name) =>
    typeof name === 'string' ? (real[name] ?? standIn(name)) : Reflect.get(real, name);
  if (standIn === STAND_INS[0]) return () => undefined;
  process.env = new Proxy(real, {
    get: (_env, name) => valueOf(name),
    has: (_env, name) => valueOf(name) !== undefined,
    getOwnPropertyDescriptor: (env, name) => {
      const value = valueOf(name);
      return value === undefined
        ? undefined
        : (Reflect.getOwnPropertyDescriptor(env, name) ?? {
            value,
            writable: true,
            enumerable: true,
            configurable: true,
          });
    },
  });
  process.env.SKIP_ENV_VALIDATION ??= '1';
  return () => {
    process.env = real;
  };
}

/**
 * What the config imports of the project (the module of its database, and with it the schema) is loaded again, edited.
 * @param {NodeRequire} require
 */
function forgetSources(require) {
  for (const file of Object.keys(require.cache))
    if (!/[\\/]node_modules[\\/]/.test(file) && path.dirname(file) !== __dirname) delete require.cache[file];
}

/**
 * Serves staged texts to everything that reads files through `fs` and to the CommonJS resolver.
 * @param {Record<string, string | null>} files real path → text, null where the file is deleted
 */
function overlay(files) {
  const staged = new Map(Object.entries(files));
  const names = new Set([...staged.keys()].map((file) => path.basename(file)));
  /** A file by its real name; only those that could be staged are looked at. @param {unknown} file */
  const key = (file) => {
    const asked =
      file instanceof URL && file.protocol === 'file:' ? require('node:url').fileURLToPath(file) : file;
    return typeof asked === 'string' ? realName(path.resolve(asked)) : undefined;
  };
  /** @param {string} file */
  const realName = (file) => {
    if (!names.has(path.basename(file))) return file;
    try {
      return path.join(fs.realpathSync.native(path.dirname(file)), path.basename(file));
    } catch {
      return file;
    }
  };
  const real = { readFileSync: fs.readFileSync, existsSync: fs.existsSync, findPath: Module._findPath };

  /** @type {any} */ (fs).readFileSync = (/** @type {any} */ file, /** @type {any} */ options) => {
    const text = staged.get(key(file) ?? '');
    if (typeof text !== 'string') return real.readFileSync(file, options);
    const encoding = typeof options === 'string' ? options : options?.encoding;
    return encoding ? Buffer.from(text).toString(encoding) : Buffer.from(text);
  };
  fs.existsSync = (file) => {
    const text = staged.get(key(file) ?? '');
    return text === undefined ? real.existsSync(file) : text !== null;
  };
  // Node's resolver asks the operating system, not `fs`: new files must be found here.
  const made = new Set(
    [...staged].filter(([file, text]) => text !== null && !real.existsSync(file)).map(([file]) => file),
  );
  if (made.size === 0) return;
  // drizzle-kit looks for the files of its `schema` before it loads them: a file is a file, this one will do.
  for (const name of /** @type {const} */ (['statSync', 'lstatSync'])) {
    const original = /** @type {any} */ (fs)[name];
    /** @type {any} */ (fs)[name] = (/** @type {any} */ file, /** @type {any} */ options) =>
      original(made.has(key(file) ?? '') ? __filename : file, options);
  }
  const endings = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];
  Module._findPath = (
    /** @type {string} */ request,
    /** @type {string[]} */ paths,
    /** @type {boolean} */ isMain,
  ) => {
    for (const base of path.isAbsolute(request) ? [''] : (paths ?? [])) {
      for (const ending of endings) {
        const candidate = realName(path.resolve(base, `${request}${ending}`));
        if (made.has(candidate)) return candidate;
      }
    }
    return real.findPath.call(Module, request, paths, isMain);
  };
}

const ANSI = new RegExp(String.raw`\u001B\[[0-9;?]*[A-Za-z]`, 'g');
const FINISHED = /Your SQL migration file|No schema changes, nothing to migrate/;
const QUESTION = /Is (.+?) (\w+)(?: in (.+?) table)? created or renamed from another (\w+)\?/;

/** @type {Set<string>} What the plan makes: `table:name`, `enum:name`, `column:table.name`. */
let created = new Set();

/**
 * Answers drizzle-kit's "created or renamed?" questions by pressing a key on a stand-in for the terminal. What the plan
 * renames is renamed in the staged snapshot already: whatever is asked about was created, or is not the plan's.
 * drizzle-kit keeps the stdin that it finds when it loads: the stand-in must be there before.
 */
function standInForTerminal() {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  process.stdout.isTTY = true;
  const write = process.stdout.write.bind(process.stdout);
  let answered = '';

  const stop = (/** @type {string} */ question) => {
    tell({ question });
    process.exit(UNANSWERED);
  };

  process.stdout.write = /** @type {any} */ (
    (/** @type {any} */ chunk, /** @type {any[]} */ ...rest) => {
      const text = String(chunk).replace(ANSI, '');
      const match = QUESTION.exec(text);
      if (match && match[0] !== answered) {
        answered = match[0];
        const [question, name = '', kind = '', table] = match;
        const id = `${kind}:${table === undefined ? name : `${table}.${name}`}`;
        if (!created.has(id)) stop(question);
        // "Created" is the option that is chosen already.
        setTimeout(
          () => stdin.emit('keypress', '', { name: 'return', ctrl: false, meta: false, shift: false }),
          5,
        );
      }
      // Everything is written by then. What keeps drizzle-kit's process alive now and then (its esbuild service) may not
      // keep this run waiting.
      if (FINISHED.test(text)) setImmediate(() => process.exit(0));
      return write(chunk, ...rest);
    }
  );
}

/**
 * drizzle-kit prints what failed and lets its process end by itself, which a schema that holds something open (a timer, a
 * pool) prevents. What it says is told from what the project's own code prints by who says it.
 */
function endAfterFailure() {
  const error = console.error.bind(console);
  console.error = (...args) => {
    error(...args);
    const caller = new Error().stack?.split('\n')[2] ?? '';
    if (typeof args[0] === 'object' && /drizzle-kit[\\/]bin\.cjs/.test(caller))
      setImmediate(() => process.exit(1));
  };
}

standInForTerminal();
endAfterFailure();

/** @type {any} */ (globalThis)[Symbol.for('tableplan.kit')] = {
  /** Called by `config.cjs` when drizzle-kit loads its config. @param {NodeRequire} require */
  config(require) {
    const { configPath, overrides } = JSON.parse(process.env.TABLEPLAN_KIT ?? '{}');
    delete process.env.TABLEPLAN_KIT;
    let config;
    try {
      const { prefix, ...keys } = overrides;
      const evaluated = configPath ? evaluateConfig(require, configPath) : {};
      // `--prefix` counts where the config has no `migrations`, as drizzle-kit 0.31 has it.
      config = { ...(prefix ? { migrations: { prefix } } : {}), ...evaluated, ...keys };
    } catch (error) {
      tell({ error: String(/** @type {any} */ (error)?.stack ?? error) });
      process.exit(1);
    }
    tell({ config });
    warm(require);
    const job = receiveJob();
    forgetSources(require);
    overlay(job.files);
    created = new Set(job.created);
    return { ...config, ...job.config };
  },
};
