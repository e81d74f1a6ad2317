import type { Node } from 'libpg-query';
import { scanSql } from './parse.ts';
import { strings } from './nodes.ts';

/** What of a statement leaves the database: for files, programs, the network or code of the server, or the server itself. */
export interface ServerAccess {
  readonly what: 'file' | 'program' | 'network' | 'code' | 'server';
  /** As people read it: `pg_read_file()`, `COPY … PROGRAM`. */
  readonly name: string;
}

type What = ServerAccess['what'];

/** Functions that do so, by the beginnings of their names. */
const FUNCTIONS: readonly (readonly [RegExp, What])[] = [
  [
    /^(?:lo_import|lo_export|pg_read_file|pg_read_binary_file|pg_stat_file|pg_file_\w+|pg_logdir_ls)$/,
    'file',
  ],
  [/^(?:pg_ls_\w+|pg_hba_file_rules|pg_ident_file_mappings|pg_show_all_file_settings)$/, 'file'],
  [/^dblink(?:_\w+)?$/, 'network'],
  [/^(?:http|http_\w+|urlencode_http|net_http_\w+)$/, 'network'],
  [/^(?:pg_reload_conf|pg_rotate_logfile\w*|pg_terminate_backend|pg_cancel_backend|pg_promote)$/, 'server'],
  [
    /^(?:pg_switch_wal|pg_create_restore_point|pg_(?:start_backup|stop_backup|backup_start|backup_stop))$/,
    'server',
  ],
  [
    /^(?:pg_(?:create|drop|copy)_\w*replication_slot|pg_replication_origin_\w+|pg_log_backend_memory_contexts)$/,
    'server',
  ],
];

/** Functions that run SQL given as text. */
const RUNS_TEXT = /^(?:query_to_xml\w*|cursor_to_xml\w*|ts_stat|ts_rewrite|execute)$/;

/** Views of the server's files. */
const VIEWS = new Set(['pg_hba_file_rules', 'pg_ident_file_mappings', 'pg_file_settings']);

const EXTENSIONS: Readonly<Record<string, What>> = {
  adminpack: 'file',
  file_fdw: 'file',
  dblink: 'network',
  postgres_fdw: 'network',
  http: 'network',
};

/** Code in these is the server's own, without any check. */
const UNTRUSTED = /^(?:c|internal|plpython[23]?u|plperlu|pltclu|plsh|pljavau|plr|plphpu?|pl\w+u)$/;

/** Settings that name what the server loads. */
const LOADED = /^(?:\w+_preload_libraries|dynamic_library_path|jit_provider|extension_control_path)$/;

const ROLES = /^pg_(?:execute_server_program|read_server_files|write_server_files)$/;

/** Most statements have none of these words, and are not looked at any further. */
const MAY_HAVE =
  /program|copy|lo_(?:im|ex)port|pg_(?:read|stat_file|file|logdir|ls_|hba|ident|show|reload|rotate|terminate|cancel|promote|switch|create|drop|copy|start|stop|backup|replication|log|execute|write)|dblink|http|_to_xml|ts_|fdw|adminpack|language|load|librar|jit_provider|extension|alter\s+system|tablespace|subscription|u&/i;

/** False for most SQL, which need not be parsed to know. */
export function mayLeaveDatabase(sql: string): boolean {
  return MAY_HAVE.test(sql);
}

/** Whatever a statement of this text reaches; in bodies of functions and DO blocks as far as they can be read. */
export function serverAccess(text: string, node: Node): ServerAccess[] {
  if (!mayLeaveDatabase(text)) return [];
  const found = new Map<string, ServerAccess>();
  for (const access of walk(node)) found.set(access.name, access);
  return [...found.values()];
}

type Fields = Readonly<Record<string, unknown>>;

function* walk(tree: unknown): Iterable<ServerAccess> {
  if (Array.isArray(tree)) {
    for (const item of tree) yield* walk(item);
    return;
  }
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value !== 'object' || value === null) continue;
    const judge = JUDGES[key];
    if (judge) yield* judge(value as Fields);
    yield* walk(value);
  }
}

/** By the parser's names of what is in a statement. */
const JUDGES: Readonly<Record<string, (fields: Fields) => Iterable<ServerAccess>>> = {
  *CopyStmt({ is_program: isProgram, filename }) {
    if (isProgram === true) yield { what: 'program', name: 'COPY … PROGRAM' };
    else if (filename !== undefined) yield { what: 'file', name: 'COPY of a file of the server' };
  },
  *FuncCall({ funcname, args }) {
    const name = strings(funcname as Node[]).at(-1) ?? '';
    yield* functionNamed(name);
    if (RUNS_TEXT.test(name)) for (const text of textsIn(args)) yield* inText(text);
  },
  *RangeVar({ relname }) {
    if (VIEWS.has(String(relname))) yield { what: 'file', name: String(relname) };
  },
  *CreateExtensionStmt({ extname }) {
    yield* extensionNamed(String(extname));
  },
  *CreatePLangStmt({ plname }) {
    yield* languageNamed(String(plname));
  },
  *CreateFunctionStmt({ options }) {
    yield* definition(options);
  },
  *DoStmt({ args }) {
    yield* definition(args);
  },
  *LoadStmt() {
    yield { what: 'code', name: 'LOAD' };
  },
  *AlterSystemStmt() {
    yield { what: 'server', name: 'ALTER SYSTEM' };
  },
  *CreateTableSpaceStmt() {
    yield { what: 'file', name: 'CREATE TABLESPACE' };
  },
  *CreateSubscriptionStmt() {
    yield { what: 'network', name: 'CREATE SUBSCRIPTION' };
  },
  *AccessPriv({ priv_name: role }) {
    if (ROLES.test(String(role))) yield { what: 'server', name: `GRANT ${String(role)}` };
  },
  *VariableSetStmt(fields) {
    yield* setting(fields);
  },
  // ALTER ROLE and ALTER DATABASE … SET have it without a name of its own.
  *setstmt(fields) {
    yield* setting(fields);
  },
};

function* setting({ kind, name }: Fields): Iterable<ServerAccess> {
  if (kind === 'VAR_SET_VALUE' && LOADED.test(String(name).toLowerCase()))
    yield { what: 'code', name: `SET ${String(name)}` };
}

function* functionNamed(name: string): Iterable<ServerAccess> {
  const what = FUNCTIONS.find(([names]) => names.test(name))?.[1];
  if (what) yield { what, name: `${name}()` };
}

function* extensionNamed(name: string): Iterable<ServerAccess> {
  const what = EXTENSIONS[name] ?? (UNTRUSTED.test(name) ? 'code' : undefined);
  if (what) yield { what, name: `the extension ${name}` };
}

function* languageNamed(name: string): Iterable<ServerAccess> {
  if (UNTRUSTED.test(name.toLowerCase())) yield { what: 'code', name: `LANGUAGE ${name}` };
}

/** Language and body of a function or a DO block. */
function* definition(options: unknown): Iterable<ServerAccess> {
  const elements = (options ?? []) as { DefElem?: { defname?: string; arg?: unknown } }[];
  const of = (name: string) =>
    textsIn(elements.find(({ DefElem: one }) => one?.defname === name)?.DefElem?.arg);
  for (const language of of('language')) yield* languageNamed(language);
  for (const body of of('as')) yield* inText(body);
}

/** The texts in a part of a statement. */
function textsIn(tree: unknown): string[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) =>
    key === 'sval' && typeof value === 'string' ? [value] : textsIn(value),
  );
}

/** Texts within texts: EXECUTE of a text that EXECUTEs one. */
const DEEPEST = 4;

/** SQL that is a text until it is run: what its words say, and those of the texts in it. */
function* inText(text: string, depth = 0): Iterable<ServerAccess> {
  if (depth > DEEPEST || !MAY_HAVE.test(text)) return;
  const words = wordsOf(text);
  for (const [index, { word, isText }] of words.entries()) {
    if (isText) {
      yield* inText(word, depth + 1);
      continue;
    }
    const [next, afterNext] = [words[index + 1], words[index + 2]];
    if (next?.word === '(') yield* functionNamed(word);
    if (VIEWS.has(word)) yield { what: 'file', name: word };
    if (word === 'alter' && next?.word === 'system') yield { what: 'server', name: 'ALTER SYSTEM' };
    if (word === 'language' && next) yield* languageNamed(next.word);
    if (word === 'extension')
      for (const named of words.slice(index + 1, index + 5)) yield* extensionNamed(named.word);
    if ((word === 'to' || word === 'from') && next) {
      if (next.word === 'program' && afterNext) yield { what: 'program', name: 'COPY … PROGRAM' };
      else if (next.isText && follows(words, index, 'copy'))
        yield { what: 'file', name: 'COPY of a file of the server' };
    }
  }
}

interface Word {
  readonly word: string;
  readonly isText: boolean;
}

function wordsOf(text: string): Word[] {
  try {
    return scanSql(text).map(({ text: word, tokenName }) =>
      tokenName === 'SCONST'
        ? { word: unquoted(word), isText: true }
        : { word: word.replace(/^"(.*)"$/s, '$1').toLowerCase(), isText: false },
    );
  } catch {
    // What cannot be scanned, Postgres cannot run.
    return [];
  }
}

/** `'it''s'`, `E'…'`, `$tag$…$tag$` */
function unquoted(literal: string): string {
  const dollar = /^(\$\w*\$)(.*)\1$/s.exec(literal);
  if (dollar) return dollar[2] ?? '';
  return literal
    .replace(/^[^']*'/, '')
    .slice(0, -1)
    .replaceAll("''", "'");
}

/** Whether a statement that began with a word is still going on. */
function follows(words: readonly Word[], index: number, word: string): boolean {
  const start = words
    .slice(0, index)
    .findLastIndex((one) => !one.isText && (one.word === word || one.word === ';'));
  return words[start]?.word === word;
}
