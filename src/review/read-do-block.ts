import { type Node, SqlError } from 'libpg-query';
import { parsePlpgsql, parseSql } from '../postgres/parse.ts';
import { withoutNestedComments } from '../postgres/split.ts';
import { commits, constantsIn, expressionsIn, type Piece, piecesIn } from './plpgsql-pieces.ts';
import { quoteIdentifier, quoteLiteral, quoteWhereNeeded } from '../postgres/quote.ts';
import { strings } from '../postgres/nodes.ts';

/** What a DO block or the body of a function runs, as far as it can be told without running it. */
export interface BlockContent {
  /** Statements in the order of the text, those of branches, loops and handlers among them. */
  readonly statements: readonly BlockStatement[];
  /** What cannot be told, in words; undefined where every statement is known. */
  readonly opaque: string | undefined;
  /** It has a COMMIT or ROLLBACK. */
  readonly commits: boolean;
  /** Its expressions, as SQL: `x := f(1)`, `SELECT f(1)`. */
  readonly expressions: readonly string[];
}

export interface BlockStatement extends Pick<Piece, 'isQuery' | 'isRepeated'> {
  readonly node: Node;
}

/** Reads a PL/pgSQL block: its statements, and those of EXECUTE with a text that is known beforehand. */
export function readBlock(body: string): BlockContent {
  if (newest?.body !== body) newest = { body, content: readWrapped(body) };
  return newest.content;
}

/** The operations of a block and its calls are asked for one after the other. */
let newest: { readonly body: string; readonly content: BlockContent } | undefined;

function readWrapped(body: string): BlockContent {
  let tag = '$block$';
  while (body.includes(tag)) tag = tag.replace('block', 'blockx');
  return readBody(`DO ${tag}${withoutNestedComments(body)}${tag}`);
}

/** The same for the body of a whole DO, CREATE FUNCTION or CREATE PROCEDURE in PL/pgSQL. */
export function readBody(sql: string): BlockContent {
  let tree: unknown;
  try {
    tree = parsePlpgsql(sql);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const opaque = `its PL/pgSQL cannot be read: ${error.message}`;
    return { statements: [], opaque, commits: false, expressions: [] };
  }
  const statements: BlockStatement[] = [];
  const constants = constantsIn(tree);
  let opaque: string | undefined;
  for (const { sql: written, isDynamic, isQuery, isRepeated } of piecesIn(tree)) {
    const text = isDynamic ? constantText(written, constants) : written;
    const parsed = text === undefined ? undefined : parsedStatements(text);
    if (parsed) statements.push(...parsed.map((node) => ({ node, isQuery, isRepeated })));
    else opaque ??= isDynamic ? `it runs EXECUTE ${written}` : `it holds SQL that cannot be read: ${written}`;
  }
  return { statements, opaque, commits: commits(tree), expressions: [...expressionsIn(tree)] };
}

/** The statements of a text; undefined where Postgres' parser refuses it. */
export function parsedStatements(sql: string): Node[] | undefined {
  try {
    return parseSql(sql).flatMap(({ stmt }) => (stmt ? [stmt] : []));
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

const NO_CONSTANTS: ReadonlyMap<string, string> = new Map();

/** The value of an expression of constants: `'ALTER TABLE ' || 'users'`, `format('DROP TABLE %I', 'old')`. */
function constantText(expression: string, constants: ReadonlyMap<string, string>): string | undefined {
  const given = constants.get(expression.trim());
  if (given !== undefined) return constantText(given, NO_CONSTANTS);
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
