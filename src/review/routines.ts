import type { CreateFunctionStmt, Node } from 'libpg-query';
import { parseExpression } from './expression.ts';
import { type Operation, type TableRef, tableKey } from './operation.ts';
import { type BlockContent, parsedStatements, readBlock, readBody } from './read-do-block.ts';
import { bodyOperations, readOperations } from './read-operations.ts';
import { strings } from '../postgres/nodes.ts';
import { qualified } from './read-parts.ts';

interface Routine {
  readonly operations: readonly Operation[];
  /** Names of what its body calls. */
  readonly calls: readonly string[];
}

/**
 * Reads the statements of a script one after the other, and with those that call a function or procedure (or EXECUTE a
 * prepared statement) that the script has made what that does. Said once: a second call adds nothing.
 */
export class ScriptReader {
  /** Read where something calls them. */
  readonly #routines = new Map<string, (() => Routine)[]>();
  readonly #prepared = new Map<string, readonly Operation[]>();

  /** The operations of a statement; `text` is its SQL. */
  read(node: Node, text: string): Operation[] {
    const own = readOperations(node);
    if ('CreateFunctionStmt' in node) this.#define(node.CreateFunctionStmt, text);
    if ('PrepareStmt' in node && node.PrepareStmt.query) {
      this.#prepared.set(node.PrepareStmt.name ?? '', readOperations(node.PrepareStmt.query));
    }
    if ('ExecuteStmt' in node) return [...own, ...this.#take(this.#prepared, node.ExecuteStmt.name ?? '')];
    if (this.#routines.size === 0 || 'CreateFunctionStmt' in node) return own;
    const known = own.map((operation) =>
      operation.kind === 'call' && this.#routines.has(tableKey(operation.procedure))
        ? { ...operation, isKnown: true }
        : operation,
    );
    return [...known, ...callsOf(node).flatMap((name) => this.#run(name))];
  }

  #take(from: Map<string, readonly Operation[]>, name: string): readonly Operation[] {
    const found = from.get(name) ?? [];
    from.set(name, []);
    return found;
  }

  #run(name: string): Operation[] {
    const routines = this.#routines.get(name) ?? [];
    // Known, and done with; that also ends a function that calls itself.
    if (routines.length > 0) this.#routines.set(name, []);
    return routines.flatMap((routine) => {
      const { operations, calls } = routine();
      return [...operations, ...calls.flatMap((call) => this.#run(call))];
    });
  }

  #define(statement: CreateFunctionStmt, text: string): void {
    const name = tableKey(qualified(strings(statement.funcname)));
    // Functions of one name and other arguments are not told apart.
    const routines = this.#routines.get(name) ?? [];
    routines.push(() => routineOf(statement, text));
    this.#routines.set(name, routines);
  }
}

function routineOf(statement: CreateFunctionStmt, text: string): Routine {
  const of = statement.is_procedure === true ? 'procedure' : 'function';
  const content = contentOf(statement, text);
  return { operations: bodyOperations(text, content, of), calls: [...new Set(callsInBlock(content))] };
}

function callsInBlock({ statements, expressions }: BlockContent): string[] {
  return [
    ...statements.flatMap(({ node }) => functionsIn(node)),
    ...expressions.flatMap((sql) => functionsIn(parseExpression(valueOf(sql)))),
  ];
}

/** `x := f(1)` and `SELECT f(1)` without what is before the value. */
function valueOf(expression: string): string {
  return expression.replace(/^\s*(?:SELECT\b|[\w."[\]]+\s*:?=)/i, '');
}

function contentOf(statement: CreateFunctionStmt, text: string): BlockContent {
  const language = languageOf(statement);
  if (language === 'plpgsql') return readBody(text);
  const none = { commits: false, expressions: [] };
  if (language !== 'sql') return { ...none, statements: [], opaque: `it is written in ${language}` };
  const body = statement.sql_body ? statementsOf(statement.sql_body) : parsedStatements(bodyText(statement));
  if (!body) return { ...none, statements: [], opaque: 'its SQL cannot be read' };
  return {
    ...none,
    statements: body.map((node) => ({ node, isQuery: 'SelectStmt' in node, isRepeated: false })),
    opaque: undefined,
  };
}

function languageOf({ options = [] }: CreateFunctionStmt): string {
  for (const option of options) {
    if (!('DefElem' in option) || option.DefElem.defname !== 'language') continue;
    const { arg } = option.DefElem;
    if (arg && 'String' in arg) return (arg.String.sval ?? '').toLowerCase();
  }
  return 'sql';
}

function bodyText({ options = [] }: CreateFunctionStmt): string {
  for (const option of options) {
    if (!('DefElem' in option) || option.DefElem.defname !== 'as') continue;
    const { arg } = option.DefElem;
    if (arg && 'List' in arg) return strings(arg.List.items)[0] ?? '';
  }
  return '';
}

/** BEGIN ATOMIC: lists of statements. */
function statementsOf(body: Node): Node[] {
  return 'List' in body ? (body.List.items ?? []).flatMap(statementsOf) : [body];
}

/** Names of the functions and procedures that a statement calls; those in a DO block too. */
function callsOf(node: Node): string[] {
  if (!('DoStmt' in node)) return [...new Set(functionsIn(node))];
  const text = (node.DoStmt.args ?? []).flatMap((arg) =>
    'DefElem' in arg && arg.DefElem.defname === 'as' && arg.DefElem.arg && 'String' in arg.DefElem.arg
      ? [arg.DefElem.arg.String.sval ?? '']
      : [],
  )[0];
  return text === undefined ? [] : [...new Set(callsInBlock(readBlock(text)))];
}

function functionsIn(tree: unknown): string[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const own = 'funcname' in tree && Array.isArray(tree.funcname) ? [nameOf(tree.funcname as Node[])] : [];
  // What a trigger is to run is not called yet.
  if ('CreateTrigStmt' in tree) return [];
  return [...own, ...Object.values(tree).flatMap(functionsIn)];
}

function nameOf(names: readonly Node[]): string {
  const ref: TableRef = qualified(strings(names));
  return tableKey(ref);
}
