/** SQL in a parsed PL/pgSQL body. */
export interface Piece {
  readonly sql: string;
  /** EXECUTE: the SQL is what this expression gives. */
  readonly isDynamic: boolean;
  /** What a loop reads, or PERFORM and RETURN QUERY: it counts for what it changes only. */
  readonly isQuery: boolean;
  /** It runs many times in one transaction: in a loop that does not COMMIT. */
  readonly isRepeated: boolean;
}

/** The SQL of a parsed body, in the order of its text. Expressions and conditions only read, as far as anyone can tell. */
export function* piecesIn(tree: unknown, isRepeated = false): Iterable<Piece> {
  if (Array.isArray(tree)) {
    for (const item of tree) yield* piecesIn(item, isRepeated);
    return;
  }
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    const own = PIECES[key];
    if (own) {
      const [field, isDynamic, isQuery] = own;
      const sql = queryOf(value, field);
      if (sql !== '') yield { sql, isDynamic, isQuery, isRepeated };
    }
    yield* piecesIn(value, isRepeated || (LOOPS.has(key) && isLong(key, value) && !commits(value)));
  }
}

/** Where a kind of statement keeps its SQL; whether that is an expression of text; whether it is a query first of all. */
const PIECES: Readonly<Record<string, readonly [field: string, isDynamic: boolean, isQuery: boolean]>> = {
  PLpgSQL_stmt_execsql: ['sqlstmt', false, false],
  PLpgSQL_stmt_call: ['expr', false, false],
  PLpgSQL_stmt_perform: ['expr', false, true],
  PLpgSQL_stmt_fors: ['query', false, true],
  PLpgSQL_stmt_return_query: ['query', false, true],
  PLpgSQL_stmt_dynexecute: ['query', true, false],
  PLpgSQL_stmt_dynfors: ['query', true, true],
};

const LOOPS = new Set(
  ['loop', 'while', 'fori', 'fors', 'forc', 'dynfors', 'foreach_a'].map((name) => `PLpgSQL_stmt_${name}`),
);

/** FOR i IN 1..10, and FOREACH over what is written out, are as short as they look. */
function isLong(key: string, loop: unknown): boolean {
  if (key === 'PLpgSQL_stmt_foreach_a') return !/^\s*ARRAY\s*\[/i.test(queryOf(loop, 'expr'));
  if (key !== 'PLpgSQL_stmt_fori') return true;
  const steps = Number(queryOf(loop, 'upper')) - Number(queryOf(loop, 'lower'));
  return !(Math.abs(steps) < 1000);
}

/** Whether a body ends a transaction. */
export function commits(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if ('PLpgSQL_stmt_commit' in tree || 'PLpgSQL_stmt_rollback' in tree) return true;
  return Object.values(tree).some(commits);
}

/** Variables that have a text from the start and never another: name → the expression of it. */
export function constantsIn(tree: unknown): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const changed = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      const { PLpgSQL_var: variable, PLpgSQL_stmt_assign: assignment, fields } = value as Parts;
      const text = variable?.default_val?.PLpgSQL_expr?.query;
      if (variable?.refname !== undefined && text !== undefined) given.set(variable.refname, text);
      const target = /^\s*"?(\w+)/.exec(assignment?.expr?.PLpgSQL_expr?.query ?? '')?.[1];
      if (target !== undefined) changed.add(target);
      for (const { name } of Array.isArray(fields) ? fields : []) if (name !== undefined) changed.add(name);
      Object.values(value).forEach(visit);
    }
  };
  visit(tree);
  return new Map([...given].filter(([name]) => !changed.has(name)));
}

interface Parts {
  readonly PLpgSQL_var?: { readonly refname?: string; readonly default_val?: Expression };
  readonly PLpgSQL_stmt_assign?: { readonly expr?: Expression };
  readonly fields?: readonly { readonly name?: string }[];
}

interface Expression {
  readonly PLpgSQL_expr?: { readonly query?: string };
}

/** Every expression of a body: what it calls is called. */
export function* expressionsIn(tree: unknown): Iterable<string> {
  if (typeof tree !== 'object' || tree === null) return;
  const { PLpgSQL_expr: expression } = tree as Expression;
  if (expression?.query !== undefined) yield expression.query;
  for (const value of Object.values(tree)) yield* expressionsIn(value);
}

function queryOf(statement: unknown, field: string): string {
  const holder = statement as Record<string, Expression | undefined>;
  return holder[field]?.PLpgSQL_expr?.query ?? '';
}
