import { type Operation, type TableRef, tableKey } from './operation.ts';
import type { Script, Statement } from './rule.ts';

/** Relations and types share their names; functions have names of their own. */
export type Namespace = 'relation' | 'function';

/** Where in a transaction a name is given to something, or taken away: indexes of statements. */
interface Uses {
  firstMade?: number;
  lastMade?: number;
  firstFreed?: number;
}

interface MadeNames {
  /** The transaction of each statement. */
  readonly transactions: readonly number[];
  /** By transaction and name. */
  readonly uses: ReadonlyMap<string, Uses>;
  /** By name: the first statement that makes it for certain (no OR REPLACE) and that nothing undoes. */
  readonly kept: ReadonlyMap<string, number>;
  /** By name: the last one that makes it. */
  readonly last: ReadonlyMap<string, number>;
}

const known = new WeakMap<Script, MadeNames>();

/** Whether a statement before this one has made what is called so: nobody else knows it yet. */
export function isMadeBefore(
  object: TableRef,
  statement: Statement,
  script: Script,
  namespace: Namespace = 'relation',
): boolean {
  const key = keyOf(object, namespace);
  // What is undone counts within its own transaction.
  const [kept, here] = [namesOf(script).kept.get(key), usesOf(key, statement, script)?.firstMade];
  return Math.min(kept ?? Infinity, here ?? Infinity) < statement.index;
}

/** Whether the name means something again when the transaction of the statement ends: it is missed by nobody. */
export function isMadeAgain(
  object: TableRef,
  statement: Statement,
  script: Script,
  namespace: Namespace = 'relation',
): boolean {
  const last = usesOf(keyOf(object, namespace), statement, script)?.lastMade;
  return last !== undefined && last > statement.index;
}

/** Whether a later statement makes it again, in whatever transaction. */
export function isMadeLater(object: TableRef, statement: Statement, script: Script): boolean {
  return (namesOf(script).last.get(keyOf(object, 'relation')) ?? -1) > statement.index;
}

/** Whether a statement before this one, in its transaction, has taken the name from something else. */
export function isFreedBefore(object: TableRef, statement: Statement, script: Script): boolean {
  const first = usesOf(keyOf(object, 'relation'), statement, script)?.firstFreed;
  return first !== undefined && first < statement.index;
}

function usesOf(key: string, { index }: Statement, script: Script): Uses | undefined {
  const { transactions, uses } = namesOf(script);
  return uses.get(`${transactions[index]} ${key}`);
}

function namesOf(script: Script): MadeNames {
  const names = known.get(script) ?? readNames(script);
  known.set(script, names);
  return names;
}

function readNames(script: Script): MadeNames {
  const transactions: number[] = [];
  const uses = new Map<string, Uses>();
  const kept = new Map<string, number>();
  const last = new Map<string, number>();
  let transaction = 0;
  /** Made for certain since the transaction began, unless it is rolled back. */
  let made: (readonly [key: string, index: number])[] = [];
  const keep = () => {
    for (const [key, index] of made) if (!kept.has(key)) kept.set(key, index);
    made = [];
  };
  const usesOfKey = (key: string): Uses => {
    const id = `${transaction} ${key}`;
    const found = uses.get(id) ?? {};
    uses.set(id, found);
    return found;
  };
  for (const [index, statement] of script.statements.entries()) {
    if (!statement.before.inTransaction) {
      transaction += 1;
      keep();
    }
    transactions.push(transaction);
    for (const operation of statement.operations) {
      const mayReplace = 'replace' in operation && operation.replace;
      for (const key of makes(operation)) {
        const found = usesOfKey(key);
        found.lastMade = index;
        last.set(key, index);
        if (mayReplace) continue;
        found.firstMade ??= index;
        made.push([key, index]);
      }
      for (const key of frees(operation)) usesOfKey(key).firstFreed ??= index;
      if (operation.kind !== 'transaction' || !['commit', 'rollback'].includes(operation.action)) continue;
      if (operation.action === 'rollback') made = [];
      keep();
      transaction += 1;
    }
  }
  keep();
  return { transactions, uses, kept, last };
}

function keyOf(object: TableRef, namespace: Namespace): string {
  return namespace === 'function' ? `function ${tableKey(object)}` : tableKey(object);
}

function makes(operation: Operation): string[] {
  switch (operation.kind) {
    case 'create-table':
      return [tableKey(operation.table)];
    case 'create-view':
      return [tableKey(operation.view)];
    case 'create-enum':
      return [tableKey(operation.type)];
    case 'create-domain':
      return [tableKey(operation.domain)];
    case 'create-object':
      return [keyOf(operation.object, operation.what === 'function' ? 'function' : 'relation')];
    case 'rename-table':
      return [tableKey({ schema: operation.table.schema, name: operation.to })];
    case 'set-schema':
      return [tableKey({ schema: operation.to, name: operation.table.name })];
    case 'rename-type':
      return [tableKey({ schema: operation.type.schema, name: operation.to })];
    case 'rename-object':
      return [keyOf(operation.to, namespaceOf(operation.what))];
    default:
      return [];
  }
}

function frees(operation: Operation): string[] {
  switch (operation.kind) {
    case 'rename-table':
    case 'set-schema':
    case 'drop-table':
      return [tableKey(operation.table)];
    case 'drop-view':
      return [tableKey(operation.view)];
    case 'rename-type':
    case 'drop-type':
      return [tableKey(operation.type)];
    case 'rename-object':
    case 'drop-object':
      return [keyOf(operation.object, namespaceOf(operation.what))];
    default:
      return [];
  }
}

/** Whether an object of a kind is called like a relation or like a function. */
export function namespaceOf(what: string): Namespace {
  return ['function', 'procedure', 'aggregate'].includes(what) ? 'function' : 'relation';
}
