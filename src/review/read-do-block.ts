import { type Node, parsePlPgSQLSync, parseSync, SqlError } from 'libpg-query';
import { quoteIdentifier, quoteLiteral, quoteWhereNeeded } from '../postgres/quote.ts';
import { strings } from './read-parts.ts';

/** What a DO block runs, as far as it can be told without running it. */
export interface BlockContent {
  /** Statements in the order of the text, those of branches, loops and handlers among them. */
  readonly statements: readonly Node[];
  /** What cannot be told, in words; undefined where every statement is known. */
  readonly opaque: string | undefined;
}

/** Reads a PL/pgSQL block: its statements, and those of EXECUTE with a text that is known beforehand. */
export function readBlock(body: string): BlockContent {
  let tag = '$block$';
  while (body.includes(tag)) tag = tag.replace('block', 'blockx');
  let tree: unknown;
  try {
    tree = parsePlPgSQLSync(`DO ${tag}${body}${tag}`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { statements: [], opaque: `its PL/pgSQL cannot be read: ${error.message}` };
  }
  const statements: Node[] = [];
  let opaque: string | undefined;
  for (const { sql, isDynamic } of statementsIn(tree)) {
    const text = isDynamic ? constantText(sql) : sql;
    const parsed = text === undefined ? undefined : parsedStatements(text);
    if (parsed) statements.push(...parsed);
    else opaque ??= isDynamic ? `it runs EXECUTE ${sql}` : `it holds SQL that cannot be read: ${sql}`;
  }
  return { statements, opaque };
}

interface Piece {
  readonly sql: string;
  readonly isDynamic: boolean;
}

/** The SQL of a parsed block. Expressions and conditions only read, as far as anyone can tell. */
function* statementsIn(tree: unknown): Iterable<Piece> {
  if (Array.isArray(tree)) {
    for (const item of tree) yield* statementsIn(item);
    return;
  }
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    if (key === 'PLpgSQL_stmt_execsql') yield { sql: queryOf(value, 'sqlstmt'), isDynamic: false };
    else if (key === 'PLpgSQL_stmt_call') yield { sql: queryOf(value, 'expr'), isDynamic: false };
    else if (key === 'PLpgSQL_stmt_dynexecute') yield { sql: queryOf(value, 'query'), isDynamic: true };
    else {
      if (key === 'PLpgSQL_stmt_dynfors') yield { sql: queryOf(value, 'query'), isDynamic: true };
      yield* statementsIn(value);
    }
  }
}

function queryOf(statement: unknown, field: string): string {
  const holder = statement as Record<string, { PLpgSQL_expr?: { query?: string } } | undefined>;
  return holder[field]?.PLpgSQL_expr?.query ?? '';
}

function parsedStatements(sql: string): Node[] | undefined {
  try {
    return (parseSync(sql).stmts ?? []).flatMap(({ stmt }) => (stmt ? [stmt] : []));
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

/** The value of an expression of constants: `'ALTER TABLE ' || 'users'`, `format('DROP TABLE %I', 'old')`. */
function constantText(expression: string): string | undefined {
  const select = parsedStatements(`SELECT ${expression}`)?.[0];
  const target = select && 'SelectStmt' in select ? select.SelectStmt.targetList?.[0] : undefined;
  return target && 'ResTarget' in target ? textOf(target.ResTarget.val) : undefined;
}

function textOf(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if ('A_Const' in node) return node.A_Const.sval ? (node.A_Const.sval.sval ?? '') : undefined;
  if ('TypeCast' in node) return textOf(node.TypeCast.arg);
  if ('A_Expr' in node) {
    if (strings(node.A_Expr.name).at(-1) !== '||') return undefined;
    const [left, right] = [textOf(node.A_Expr.lexpr), textOf(node.A_Expr.rexpr)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  if ('FuncCall' in node) {
    const name = strings(node.FuncCall.funcname).at(-1);
    const given = (node.FuncCall.args ?? []).map(textOf);
    if (!given.every((value) => value !== undefined)) return undefined;
    const [first = '', ...rest] = given;
    if (name === 'quote_ident') return quoteWhereNeeded(first);
    if (name === 'quote_literal') return quoteLiteral(first);
    if (name === 'concat') return given.join('');
    return name === 'format' ? formatted(first, rest) : undefined;
  }
  return undefined;
}

/** Postgres' format(), for the plain forms of its placeholders. */
function formatted(template: string, given: readonly string[]): string | undefined {
  let next = 0;
  let isPlain = true;
  const text = template.replace(/%(?:(\d+)\$)?(.)/g, (_all, place: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    const value = given[place === undefined ? next++ : Number(place) - 1];
    if (value === undefined || !'sIL'.includes(kind)) {
      isPlain = false;
      return '';
    }
    if (kind === 'I') return quoteIdentifier(value);
    return kind === 'L' ? quoteLiteral(value) : value;
  });
  return isPlain ? text : undefined;
}
