import { type Operation, type TableRef, tableKey } from './operation.ts';
import type { Script, Statement } from './rule.ts';

/** Relations and types share their names; functions have names of their own. */
export type Namespace = 'relation' | 'function';

interface Place {
  readonly index: number;
  /** The statements of one transaction have the same number. */
  readonly transaction: number;
  /** OR REPLACE: it may have been there before. */
  readonly mayReplace: boolean;
  /** Index of the ROLLBACK that has undone it. */
  undoneAt?: number;
}

interface MadeNames {
  readonly places: ReadonlyMap<Statement, Place>;
  /** Where the script gives a name to something, oldest first. */
  readonly made: ReadonlyMap<string, readonly Place[]>;
  /** Where it takes one away. */
  readonly freed: ReadonlyMap<string, readonly Place[]>;
}

const known = new WeakMap<Script, MadeNames>();

/** Whether a statement before this one has made what is called so: nobody else knows it yet. */
export function isMadeBefore(
  object: TableRef,
  statement: Statement,
  script: Script,
  namespace: Namespace = 'relation',
): boolean {
  const { places, made } = namesOf(script);
  const own = places.get(statement);
  if (!own) return false;
  const first = made
    .get(keyOf(object, namespace))
    ?.find(({ mayReplace, undoneAt = Infinity }) => !mayReplace && own.index <= undoneAt);
  return first !== undefined && first.index < own.index;
}

/** Whether the name means something again when the transaction of the statement ends: it is missed by nobody. */
export function isMadeAgain(
  object: TableRef,
  statement: Statement,
  script: Script,
  namespace: Namespace = 'relation',
): boolean {
  const { places, made } = namesOf(script);
  const own = places.get(statement);
  const last = made
    .get(keyOf(object, namespace))
    ?.findLast(({ transaction }) => transaction === own?.transaction);
  return last !== undefined && own !== undefined && last.index > own.index;
}

/** Whether a later statement makes it again, in whatever transaction. */
export function isMadeLater(object: TableRef, statement: Statement, script: Script): boolean {
  const { places, made } = namesOf(script);
  const last = made.get(keyOf(object, 'relation'))?.at(-1);
  const own = places.get(statement);
  return last !== undefined && own !== undefined && last.index > own.index;
}

/** Whether a statement before this one, in its transaction, has taken the name from something else. */
export function isFreedBefore(object: TableRef, statement: Statement, script: Script): boolean {
  const { places, freed } = namesOf(script);
  const own = places.get(statement);
  const first = freed
    .get(keyOf(object, 'relation'))
    ?.find(({ transaction }) => transaction === own?.transaction);
  return first !== undefined && own !== undefined && first.index < own.index;
}

function namesOf(script: Script): MadeNames {
  const found = known.get(script);
  if (found) return found;
  const places = new Map<Statement, Place>();
  const made = new Map<string, Place[]>();
  const freed = new Map<string, Place[]>();
  let transaction = 0;
  let open: Place[] = [];
  for (const [index, statement] of script.statements.entries()) {
    if (!statement.before.inTransaction) {
      transaction += 1;
      open = [];
    }
    places.set(statement, { index, transaction, mayReplace: false });
    for (const operation of statement.operations) {
      const mayReplace = 'replace' in operation && operation.replace;
      const place = { index, transaction, mayReplace };
      open.push(place);
      for (const key of makes(operation)) append(made, key, place);
      for (const key of frees(operation)) append(freed, key, place);
      if (operation.kind !== 'transaction' || !['commit', 'rollback'].includes(operation.action)) continue;
      if (operation.action === 'rollback') for (const each of open) each.undoneAt = index;
      open = [];
      transaction += 1;
    }
  }
  const names = { places, made, freed };
  known.set(script, names);
  return names;
}

function append(map: Map<string, Place[]>, key: string, place: Place): void {
  const places = map.get(key);
  if (places) places.push(place);
  else map.set(key, [place]);
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
