import type { Node } from 'libpg-query';
import { parseSql } from '../postgres/parse.ts';
import { wordsOf } from '../postgres/lexemes.ts';
import { columnsOf, impliesNull } from './expression.ts';
import { strings } from '../postgres/nodes.ts';
import { tableRef } from './read-parts.ts';
import type { TableRef } from './operation.ts';
import { sqlName } from './print.ts';
import type { Statement } from './rule.ts';
import { volatileCall } from './volatile.ts';

/**
 * An UPDATE or DELETE as a loop that commits every 1000 rows; to be run outside a transaction. Undefined where no
 * condition tells the rows that are done from the others (`SET a = a + 1`), and for a change that joins other tables.
 */
export function inBatches(statement: Statement): string | undefined {
  if (!known.has(statement)) known.set(statement, readBatches(statement));
  return known.get(statement);
}

/** A DO block may change rows ten thousand times; it is parsed once. */
const known = new WeakMap<Statement, string | undefined>();

function readBatches(statement: Statement): string | undefined {
  const parsed = parseSql(statement.text);
  const node = parsed.length === 1 ? parsed[0]?.stmt : undefined;
  if (!node) return undefined;
  const change = 'UpdateStmt' in node ? node.UpdateStmt : 'DeleteStmt' in node ? node.DeleteStmt : undefined;
  const isPlain =
    change !== undefined &&
    change.withClause === undefined &&
    change.relation?.alias === undefined &&
    !('fromClause' in change && change.fromClause) &&
    !('usingClause' in change && change.usingClause);
  if (!isPlain) return undefined;
  const table = sqlName(tableRef(change.relation));
  const { set, where } = clausesOf(statement.text);
  if ('DeleteStmt' in node) return loop(`DELETE FROM ${table}`, table, where);
  const targets = 'targetList' in change ? (change.targetList ?? []) : [];
  if (set === undefined) return undefined;
  const update = `UPDATE ${table} SET ${set.join(', ')}`;
  if (targets.some((target) => fillsGap(target, change.whereClause))) return loop(update, table, where);
  const undone = stillToDo(targets, set);
  if (undone === undefined) return undefined;
  return loop(update, table, where === undefined ? undone : `(${where}) AND ${undone}`);
}

function loop(change: string, table: string, condition: string | undefined): string {
  const where = condition === undefined ? '' : ` WHERE ${condition}`;
  return `DO $$
BEGIN
  LOOP
    ${change} WHERE ctid IN (
      SELECT ctid FROM ${table}${where} LIMIT 1000
    );
    EXIT WHEN NOT FOUND;
    COMMIT;
    PERFORM pg_sleep(0.1);
  END LOOP;
END $$;`;
}

/** A column that is to get a value in every row. All but the table is SQL as it is to be written. */
export interface ColumnFill {
  readonly table: TableRef;
  readonly column: string;
  readonly value: string;
  /** True for rows that have none yet. */
  readonly undone: string;
}

/** The loop that gives a column its value; before Postgres 11 no block can commit, and it is a statement to be repeated. */
export function fillInBatches({ table, column, value, undone }: ColumnFill, postgresVersion: number): string {
  const name = sqlName(table);
  const update = `UPDATE ${name} SET ${column} = ${value}`;
  if (postgresVersion >= 11) return loop(update, name, undone);
  return `-- again and again, until it finds no row:\n${update} WHERE ctid IN (SELECT ctid FROM ${name} WHERE ${undone} LIMIT 1000);`;
}

/** `SET a = 1 WHERE a IS NULL`: a row that is done is no longer asked for. */
function fillsGap(target: Node, where: Node | undefined): boolean {
  if (!('ResTarget' in target) || !impliesNull(where, target.ResTarget.name ?? '')) return false;
  const { val } = target.ResTarget;
  if (!val) return false;
  return 'SQLValueFunction' in val || ('A_Const' in val && val.A_Const.isnull !== true) || isNow(val);
}

function isNow(node: Node): boolean {
  return 'FuncCall' in node && strings(node.FuncCall.funcname).at(-1) === 'now';
}

/** A value that is the same in every transaction: `now()` is another one after each COMMIT. */
function isConstant(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if ('SQLValueFunction' in value || 'SubLink' in value || 'SetToDefault' in value) return false;
  if ('FuncCall' in value && STABLE.has(strings((value as CallNode).FuncCall.funcname).at(-1) ?? '')) {
    return false;
  }
  return Object.values(value).every(isConstant);
}

type CallNode = Extract<Node, { FuncCall: unknown }>;

const STABLE = new Set([
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'age',
  'txid_current',
  'pg_current_xact_id',
  'pg_backend_pid',
]);

/** `(a, b) IS DISTINCT FROM (1, 2)`: true for rows that have not been written yet. */
function stillToDo(targets: readonly Node[], set: readonly string[]): string | undefined {
  const assigned = new Set(
    targets.flatMap((target) => ('ResTarget' in target ? [target.ResTarget.name] : [])),
  );
  const names: string[] = [];
  const values: string[] = [];
  for (const [index, target] of targets.entries()) {
    if (!('ResTarget' in target)) return undefined;
    const { name = '', val, indirection } = target.ResTarget;
    const value = /^[^=]*=\s*([^]*)$/.exec(set[index] ?? '')?.[1];
    const isSteady = val !== undefined && isConstant(val) && volatileCall(val) === undefined;
    if (!isSteady || indirection || value === undefined || 'MultiAssignRef' in val) return undefined;
    if (columnsOf(val).some((column) => assigned.has(column))) return undefined;
    names.push(sqlName({ schema: undefined, name }));
    values.push(value);
  }
  if (names.length === 0 || names.length !== set.length) return undefined;
  if (names.length === 1) return `${names[0]} IS DISTINCT FROM ${values[0]}`;
  return `(${names.join(', ')}) IS DISTINCT FROM (${values.join(', ')})`;
}

/** The assignments and the condition of a plain UPDATE or DELETE, as written. */
function clausesOf(text: string): { readonly set: string[] | undefined; readonly where: string | undefined } {
  const tokens = wordsOf(text);
  const set: string[] = [];
  let clause = '';
  let start = 0;
  let end = 0;
  let depth = 0;
  let where: string | undefined;
  const close = () => {
    const piece = text.slice(start, end).trim();
    if (clause === 'set' && piece !== '') set.push(piece);
    if (clause === 'where') where = piece;
  };
  for (const token of tokens) {
    const word = token.text.toLowerCase();
    if (word === '(' || word === '[') depth += 1;
    if (word === ')' || word === ']') depth -= 1;
    const isClause = depth === 0 && ['set', 'where', 'returning'].includes(word);
    if (isClause || (depth === 0 && word === ',' && clause === 'set')) {
      close();
      if (isClause) clause = word;
      start = token.end;
    }
    end = token.end;
  }
  close();
  return { set: set.length > 0 ? set : undefined, where };
}
