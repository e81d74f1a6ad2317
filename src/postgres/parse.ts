import { parsePlPgSQLSync, parseSync, type RawStmt, type ScanToken, scanSync, SqlError } from 'libpg-query';
import { withoutNestedComments } from './split.ts';

/** Levels of a tree: what walks it calls itself once for each, and Node's stack ends some thousands further down. */
const DEEPEST_TREE = 2_000;
/** A level takes a sign at least: `ARRAY[[1]]` has the most, three for two of them. */
const LEVELS_PER_SIGN = 3;
/** The tree of a statement takes forty times its text. */
const LONGEST_SQL = 16_000_000;

/**
 * The statements of SQL by Postgres' grammar. Needs `loadSqlParser`. Throws SqlError: for what Postgres refuses, and for
 * what is longer or nested deeper than what is read here, with the limit in its message.
 */
export function parseSql(sql: string): readonly RawStmt[] {
  const statements = guarded(sql, (text) => parseSync(text).stmts ?? []);
  if (statements.some((each) => isTooDeep(each, each.stmt_len ?? sql.length))) throw tooDeep();
  return statements;
}

/** A DO, or a function or procedure in PL/pgSQL, by the grammar of PL/pgSQL. Throws Error where that refuses it or a limit of `parseSql` is met. */
export function parsePlpgsql(sql: string): unknown {
  const tree: unknown = guarded(sql, parsePlPgSQLSync);
  if (isTooDeep(tree, sql.length)) throw tooDeep();
  return tree;
}

/** The tokens of SQL; their places count bytes. Throws Error where a quote is not closed, SqlError for the limits. */
export function scanSql(sql: string): readonly ScanToken[] {
  return guarded(sql, (text) => scanSync(text).tokens);
}

function guarded<Result>(sql: string, read: (sql: string) => Result): Result {
  if (sql.length > LONGEST_SQL) {
    throw new SqlError(
      `it has ${sql.length.toLocaleString('en')} characters, and at most ${LONGEST_SQL.toLocaleString('en')} are read: divide it into several statements`,
    );
  }
  try {
    return read(withoutNestedComments(sql));
  } catch (error) {
    // Both the parser's WebAssembly and JSON.parse end so.
    if (error instanceof RangeError || isMemoryError(error)) throw tooDeep();
    throw error;
  }
}

function tooDeep(): SqlError {
  return new SqlError(
    `it is nested or chained deeper than the ${DEEPEST_TREE.toLocaleString('en')} levels that are read: divide it into several statements`,
  );
}

/** Bison's own limit: `memory exhausted at or near "("`. */
function isMemoryError(error: unknown): boolean {
  return error instanceof SqlError && error.message.startsWith('memory exhausted');
}

function isTooDeep(tree: unknown, length: number): boolean {
  return length * LEVELS_PER_SIGN > DEEPEST_TREE && isDeeper(tree, DEEPEST_TREE);
}

/** Without calling itself: it is asked about what is too deep for that. */
function isDeeper(tree: unknown, levels: number): boolean {
  let level: object[] = isObject(tree) ? [tree] : [];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    const next: object[] = [];
    for (const node of level) {
      for (const key in node) {
        const part = (node as Record<string, unknown>)[key];
        if (isObject(part)) next.push(part);
      }
    }
    level = next;
  }
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
