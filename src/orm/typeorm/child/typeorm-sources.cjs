// @ts-check
'use strict';
/* oxlint-disable no-underscore-dangle -- `_resolveFilename` and `_compile` are what Node calls them */
/**
 * Lets this process require the project's TypeScript, with staged texts in place of those on disk. Every source is
 * compiled on its own, by the TypeScript that tableplan brings, to CommonJS: decorators with their metadata (which
 * esbuild does not emit, so that `@Column()` without a type fails in tsx), ES modules and top-level await included.
 */
const fs = require('node:fs');
const path = require('node:path');
const { createHash, createHmac, timingSafeEqual } = require('node:crypto');
const Module = /** @type {any} */ (require('node:module'));
const { createPathsMatcher, getTsconfig } = require('get-tsconfig');

const TYPESCRIPT = /\.[cm]?tsx?$/;
const NODE_MODULES = /[\\/]node_modules[\\/]/;
/** Written for the compiled file, meant for its source. */
const SOURCES_OF = { '.js': ['.ts', '.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'], '.jsx': ['.tsx'] };
const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.cjs', '.mjs', '.json', '/index.ts', '/index.js'];

/**
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.repoRoot nothing is loaded by a link that leads out of it
 * @param {Cache | undefined} options.cache where compiled texts are kept; none is read or written without
 * @returns {{ stage(files: Record<string, string | null>): void, staged: Map<string, string | null>, seen: Record<string, string | undefined>, look(place: string): void, settled(): Promise<void>, original(file: string, line: number, column: number): { line: number, column: number } | undefined, outputs: Outputs | undefined, tsconfig: string | undefined }}
 */
function installSources({ root, repoRoot, cache }) {
  const config = getTsconfig(root);
  const matchPaths = config ? createPathsMatcher(config) : null;
  const options = config?.config.compilerOptions ?? {};
  /** @type {Map<string, string | null>} */
  const staged = new Map();
  /** @type {Promise<void>[]} Modules that wait for something at their top level. */
  const pending = [];
  /** @type {Map<string, string>} */
  const compiled = new Map();
  const compile = compiler(options, cache);
  /** How files and folders were when they were read. @type {Record<string, string | undefined>} */
  const seen = {};
  const look = (/** @type {string} */ place) => void (place in seen || (seen[place] = lookOf(place)));

  const exists = (/** @type {string} */ file) => {
    const text = staged.get(file);
    return text === undefined ? isFile(file) : text !== null;
  };
  const original = { resolve: Module._resolveFilename, js: Module._extensions['.js'] };

  Module._resolveFilename = (
    /** @type {string} */ request,
    /** @type {any} */ parent,
    /** @type {boolean} */ isMain,
    /** @type {unknown} */ rest,
  ) => {
    const from = parent?.filename;
    if (from && NODE_MODULES.test(from)) return original.resolve.call(Module, request, parent, isMain, rest);
    for (const base of bases(request, from, matchPaths)) {
      const file = spelled(base).find(exists);
      if (file !== undefined) return insideName(file, repoRoot);
    }
    const found = original.resolve.call(Module, request, parent, isMain, rest);
    if (staged.get(found) !== null) return found;
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
  };

  const load = (/** @type {any} */ module, /** @type {string} */ file) => {
    const isOwn = !NODE_MODULES.test(file);
    if (!isOwn && !TYPESCRIPT.test(file)) return original.js(module, file);
    look(file);
    const text = staged.get(file) ?? fs.readFileSync(file, 'utf8');
    const isCompiled = TYPESCRIPT.test(file) || staged.has(file) || isModuleSyntax(file, text);
    if (!isCompiled) return original.js(module, file);
    const code = compile(file, text);
    compiled.set(file, code);
    return run(module, file, code, pending);
  };
  for (const ending of ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs']) Module._extensions[ending] = load;

  return {
    staged,
    seen,
    look,
    stage(files) {
      for (const [file, text] of Object.entries(files)) staged.set(file, text);
    },
    async settled() {
      while (pending.length > 0) await pending.shift();
    },
    original: (file, line, column) => originalPlace(compiled.get(file), line, column),
    outputs: outputsOf(config, root),
    tsconfig: config?.path,
  };
}

/** As `changed-since.ts` has it. @param {string} place */
function lookOf(place) {
  const info = fs.statSync(place, { throwIfNoEntry: false });
  return info && `${info.ino} ${info.mtimeMs} ${info.isFile() ? info.size : ''}`;
}

/** @typedef {{ folder: string, keep: boolean, key: string | undefined }} Cache nothing is kept without a key */
/** @typedef {{ outDir: string, rootDir: string }} Outputs */

/** Where the compiler would write, and from where. @param {any} config @param {string} root @returns {Outputs | undefined} */
function outputsOf(config, root) {
  // Some say it in the config of their build alone.
  const saying = [config, getTsconfig(root, 'tsconfig.build.json')].find(
    (each) => each?.config.compilerOptions?.outDir,
  );
  const outDir = saying?.config.compilerOptions?.outDir;
  if (!saying || !outDir) return undefined;
  const folder = path.dirname(saying.path);
  const rootDir = saying.config.compilerOptions?.rootDir;
  const source = path.join(root, 'src');
  return {
    outDir: path.resolve(folder, outDir),
    rootDir: rootDir ? path.resolve(folder, rootDir) : fs.existsSync(source) ? source : root,
  };
}

/** @param {string} request @param {string | undefined} from @param {((request: string) => string[]) | null} matchPaths */
function bases(request, from, matchPaths) {
  if (path.isAbsolute(request)) return [request];
  if (/^\.\.?(\/|$)/.test(request)) return from ? [path.resolve(path.dirname(from), request)] : [];
  if (request.startsWith('node:') || request.startsWith('#')) return [];
  return matchPaths ? matchPaths(request) : [];
}

/** Every file that a path may mean: `./user.js` is written for user.ts, `./user` for user.ts or user/index.ts. @param {string} base */
function spelled(base) {
  const ending = path.extname(base);
  const sources = SOURCES_OF[/** @type {keyof typeof SOURCES_OF} */ (ending)] ?? [];
  const stem = base.slice(0, base.length - ending.length);
  return [...sources.map((source) => stem + source), base, ...ENDINGS.map((added) => base + added)];
}

/** @param {string} file */
function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * The real name of a file. A link out of the repository leads to what is nobody's to load or, where it is no code, to
 * show; that of a package lies where the package manager has put it.
 * @param {string} file @param {string} repoRoot
 */
function insideName(file, repoRoot) {
  const real = realName(file);
  if (real === file || NODE_MODULES.test(file) || !isBelow(repoRoot, file) || isBelow(repoRoot, real))
    return real;
  throw new Error(`${file} is not read: a symbolic link leads out of the repository`);
}

/** @param {string} folder @param {string} file */
function isBelow(folder, file) {
  return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}

/** @param {string} file */
function realName(file) {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

/** The place in the source of a place in what was compiled of it. @param {string | undefined} code @param {number} line @param {number} column */
function originalPlace(code, line, column) {
  const [, map] = /^\/\/# sourceMappingURL=data:[^,]*,(.*)$/m.exec(code ?? '') ?? [];
  if (map === undefined) return undefined;
  const found = new Module.SourceMap(JSON.parse(Buffer.from(map, 'base64').toString())).findEntry(
    line - 1,
    column - 1,
  );
  return found.originalLine === undefined
    ? undefined
    : { line: found.originalLine + 1, column: found.originalColumn + 1 };
}

/** Whether a JavaScript file is an ES module. @param {string} file @param {string} text */
function isModuleSyntax(file, text) {
  if (file.endsWith('.mjs')) return true;
  return !file.endsWith('.cjs') && /^\s*(import\s*[\w{*'"]|export\s+[\w{*])/m.test(text);
}

/** First line of a compiled module that waits for something at its top level. */
const WAITS = '/* tableplan: waits */';
/** Where it declares a name that CommonJS gives every module. */
const SHADOWS = '/* tableplan: shadows */';
/** What Node's own names are called in such a module. */
const RENAMED = new Map(
  ['require', 'module', '__filename', '__dirname'].map((name) => [name, `tableplan_${name}`]),
);

/**
 * Top-level await has no place in CommonJS: such a module runs as an async function, and whoever loads the data source
 * waits for it.
 * @param {any} module @param {string} file @param {string} code @param {Promise<void>[]} pending
 */
function run(module, file, code, pending) {
  const body = code.includes(SHADOWS) ? withOwnNames(code) : code;
  if (!code.startsWith(WAITS)) return module._compile(body, file);
  module._compile(`module.exports.__tableplanReady = (async () => {${body}\n})();`, file);
  pending.push(module.exports.__tableplanReady);
  delete module.exports.__tableplanReady;
  return undefined;
}

/**
 * `const require = createRequire(import.meta.url)`, `const __filename = …`: fine in an ES module, a second declaration in
 * CommonJS. Such a module has a scope of its own below Node's names, on one line so that places stay. @param {string} code
 */
function withOwnNames(code) {
  const names = [...RENAMED].map(([name, renamed]) => `${renamed} = ${name}`).join(', ');
  const isAsync = code.startsWith(WAITS);
  return `const ${names};${isAsync ? 'await (async' : '('} () => {${code}\n})();`;
}

/** @param {any} options the project's compiler options @param {Cache | undefined} cache */
function compiler(options, cache) {
  /** @type {any} */
  let ts;
  const settings = (/** @type {any} */ ts) => ({
    ...ts.convertCompilerOptionsFromJson(
      {
        target: options.target ?? 'ES2022',
        jsx: options.jsx ?? 'react',
        ...(options.useDefineForClassFields !== undefined && {
          useDefineForClassFields: options.useDefineForClassFields,
        }),
        ...(options.importsNotUsedAsValues && { importsNotUsedAsValues: options.importsNotUsedAsValues }),
      },
      '/',
    ).options,
    module: ts.ModuleKind.CommonJS,
    esModuleInterop: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  });
  const translate = (/** @type {string} */ file, /** @type {string} */ text) => {
    ts ??= require('ts-morph').ts;
    const seen = { waits: false, shadows: false };
    const { outputText } = ts.transpileModule(text, {
      // A name that says that it is a module and no declaration, whatever the file is called.
      fileName: file.endsWith('x') ? 'source.tsx' : 'source.ts',
      // Only of migrations is it asked where their calls stand.
      compilerOptions: { ...settings(ts), inlineSourceMap: MAPPED.test(text) },
      transformers: { before: [forCommonJs(ts, seen)], after: [renameNodesOwn(ts, seen)] },
    });
    return `${seen.waits ? WAITS : ''}${seen.shadows ? SHADOWS : ''}${outputText}`;
  };
  return (/** @type {string} */ file, /** @type {string} */ text) => {
    if (cache === undefined) return translate(file, text);
    const key = createHash('sha256').update(JSON.stringify([VERSION, options, file.endsWith('x'), text]));
    const name = `${key.digest('hex').slice(0, 32)}.js`;
    const known = recall(cache, name);
    if (known !== undefined) return known;
    const code = translate(file, text);
    if (cache.keep) keep(cache, name, code);
    return code;
  };
}

/** What may be a migration. */
const MAPPED = /\bup\s*[(=:]|QueryRunner|MigrationInterface/;

/** Of this file's output: a change of it makes what is kept worthless. */
const VERSION = 3;

/** Days after which what is kept is compiled anew, so that texts of the past do not pile up. */
const KEPT_DAYS = 30;
let isSwept = false;

/** Takes away what is old, once a process. @param {string} folder */
function sweep(folder) {
  if (isSwept) return;
  isSwept = true;
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  for (const name of fs.readdirSync(folder)) {
    if (!KEPT.test(name)) continue;
    const file = path.join(folder, name);
    if (fs.lstatSync(file).mtimeMs < oldest) fs.rmSync(file, { force: true });
  }
}

const KEPT = /^[0-9a-f]{32}\.js(\.\d+)?$/;

/** The code that was kept by this user of this machine: a repository can bring a file of that name, which would be run. */
function recall(/** @type {Cache} */ { folder, key }, /** @type {string} */ name) {
  if (key === undefined) return undefined;
  try {
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
    const file = fs.openSync(path.join(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      if (!fs.fstatSync(file).isFile()) return undefined;
      const text = fs.readFileSync(file, 'utf8');
      const end = text.indexOf('\n');
      const code = text.slice(end + 1);
      const [given, wanted] = [text.slice(0, end), sealOf(key, name, code)].map((each) => Buffer.from(each));
      return given?.length === wanted?.length && given && wanted && timingSafeEqual(given, wanted)
        ? code
        : undefined;
    } finally {
      fs.closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function sealOf(/** @type {string} */ key, /** @type {string} */ name, /** @type {string} */ code) {
  return createHmac('sha256', key).update(`${name}\n`).update(code).digest('base64url');
}

/** Written beside and renamed; what cannot be kept is compiled again. */
function keep(/** @type {Cache} */ { folder, key }, /** @type {string} */ name, /** @type {string} */ code) {
  if (key === undefined) return;
  const temporary = path.join(folder, `${name}.${process.pid}`);
  try {
    fs.mkdirSync(folder, { recursive: true });
    sweep(folder);
    fs.writeFileSync(temporary, `${sealOf(key, name, code)}\n${code}`, { flag: 'wx', mode: 0o600 });
    fs.renameSync(temporary, path.join(folder, name));
  } catch {
    // A folder that cannot be written to.
    fs.rmSync(temporary, { force: true });
  }
}

/**
 * Puts `import.meta`, a syntax error in CommonJS, in terms of what is there, and notes an await at the top level.
 * @param {any} ts @param {Seen} seen
 */
function forCommonJs(ts, seen) {
  return (/** @type {any} */ context) => (/** @type {any} */ source) => {
    const visitor = (/** @type {boolean} */ isTop) => (/** @type {any} */ node) => {
      if (isTop && (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)))
        seen.waits = true;
      if (isTop && declaresNodesOwn(ts, node)) seen.shadows = true;
      if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) return importMeta(ts);
      const inside = isTop && !ts.isFunctionLike(node) && !ts.isClassStaticBlockDeclaration(node);
      return ts.visitEachChild(node, visitor(inside), context);
    };
    return ts.visitNode(source, visitor(true));
  };
}

/** @typedef {{ waits: boolean, shadows: boolean }} Seen */

/** @param {any} ts @param {any} node */
function declaresNodesOwn(ts, node) {
  return (ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node)) && RENAMED.has(node.name?.text);
}

/** In a module that declares Node's names for itself, what the compiler wrote means Node's. @param {any} ts @param {Seen} seen */
function renameNodesOwn(ts, seen) {
  return (/** @type {any} */ context) => (/** @type {any} */ source) => {
    if (!seen.shadows) return source;
    const visit = (/** @type {any} */ node) => {
      const renamed = ts.isIdentifier(node) && node.pos < 0 ? RENAMED.get(node.text) : undefined;
      return renamed ? ts.factory.createIdentifier(renamed) : ts.visitEachChild(node, visit, context);
    };
    return ts.visitNode(source, visit);
  };
}

/** @param {any} ts */
function importMeta(ts) {
  const { factory } = ts;
  const name = (/** @type {string} */ text) => factory.createIdentifier(text);
  const call = (/** @type {any} */ callee, /** @type {any[]} */ args) =>
    factory.createCallExpression(callee, undefined, args);
  const property = (/** @type {string} */ key, /** @type {any} */ value) =>
    factory.createPropertyAssignment(key, value);
  const required = call(name('require'), [factory.createStringLiteral('node:url')]);
  const url = call(factory.createPropertyAccessExpression(required, 'pathToFileURL'), [name('__filename')]);
  return factory.createParenthesizedExpression(
    factory.createObjectLiteralExpression([
      property('url', factory.createPropertyAccessExpression(url, 'href')),
      property('filename', name('__filename')),
      property('dirname', name('__dirname')),
      property('main', factory.createFalse()),
    ]),
  );
}

module.exports = { installSources };
