import { quoteIdentifier } from '../../postgres/quote.ts';
import type { Operation } from '../../review/operation.ts';
import type { SnapshotJson, TableJson } from './snapshot-json.ts';
import { readNeeds } from './statement-needs.ts';
import { qualifiedName, tableName } from './written-names.ts';

export interface Kept {
  readonly statements: readonly string[];
  /** What is renamed instead of being made anew, in words for the record. */
  readonly reasons: readonly string[];
}

/** A constraint or an index that is the same in both snapshots but for its name. */
interface Renamed {
  readonly kind: 'constraint' | 'index';
  readonly table: TableJson;
  readonly from: string;
  readonly to: string;
}

/**
 * drizzle-kit 0.31 drops what bears a derived name and adds it under the new one when its table or column is renamed: rows
 * are checked and indexes built again for nothing, under locks. Where the snapshots show that only the name differs, the
 * constraint or index is renamed. `from` and `to` are the snapshots between which the statements lead, the plan's renames
 * done in both. Needs the SQL parser to be loaded.
 */
export function withKeptConstraints(
  statements: readonly string[],
  { from, to }: { readonly from: SnapshotJson; readonly to: SnapshotJson },
): Kept {
  const operations = statements.map((statement) => readNeeds(statement).operations);
  const result: (string | undefined)[] = [...statements];
  const reasons: string[] = [];
  for (const renamed of renamedOnly(from, to)) {
    const drop = operations.findIndex((each) => isOnly(each, (only) => drops(only, renamed)));
    const add = operations.findIndex((each) => isOnly(each, (only) => adds(only, renamed)));
    if (drop === -1 || add === -1) continue;
    result[drop] = renameSql(renamed);
    result[add] = undefined;
    reasons.push(
      `the ${renamed.kind} ${renamed.from} gets its new name: drizzle-kit drops it and makes ${renamed.to}, which is the same`,
    );
  }
  return { statements: result.filter((statement) => statement !== undefined), reasons };
}

function isOnly(operations: readonly Operation[], is: (operation: Operation) => boolean): boolean {
  return operations.length === 1 && is(operations[0]!);
}

function drops(operation: Operation, { kind, table, from }: Renamed): boolean {
  if (kind === 'index') return operation.kind === 'drop-index' && operation.index.name === from;
  return (
    operation.kind === 'drop-constraint' && operation.name === from && operation.table.name === table.name
  );
}

function adds(operation: Operation, { kind, table, to }: Renamed): boolean {
  if (kind === 'index')
    return operation.kind === 'create-index' && operation.name === to && operation.table.name === table.name;
  return (
    operation.kind === 'add-constraint' &&
    operation.constraint.name === to &&
    operation.table.name === table.name
  );
}

function renameSql({ kind, table, from, to }: Renamed): string {
  if (kind === 'index') {
    const index = qualifiedName({ schema: table.schema, name: from });
    return `ALTER INDEX ${index} RENAME TO ${quoteIdentifier(to)};`;
  }
  return `ALTER TABLE ${tableName(table)} RENAME CONSTRAINT ${quoteIdentifier(from)} TO ${quoteIdentifier(to)};`;
}

function renamedOnly(from: SnapshotJson, to: SnapshotJson): Renamed[] {
  const found = Object.entries(to.tables).flatMap(([key, table]) => {
    const before = from.tables[key];
    if (before === undefined) return [];
    const pairs = (kind: Renamed['kind'], old: Named, next: Named): Renamed[] =>
      pairsOf(old, next).map((pair) => ({ kind, table, ...pair }));
    return [
      ...pairs('constraint', before.foreignKeys, table.foreignKeys),
      ...pairs('constraint', before.compositePrimaryKeys, table.compositePrimaryKeys),
      ...pairs('constraint', before.uniqueConstraints, table.uniqueConstraints),
      ...pairs('constraint', before.checkConstraints, table.checkConstraints),
      ...pairs('index', before.indexes, table.indexes),
    ];
  });
  // Names that change places are not free yet when the first of them is renamed.
  const taken = new Set(Object.values(from.tables).flatMap(namesIn));
  return found.filter((renamed) => !taken.has(renamed.to));
}

type Named = Readonly<Record<string, { readonly name: string }>>;

/** The one old name and the one new name of the same definition. */
function pairsOf(old: Named, next: Named): { readonly from: string; readonly to: string }[] {
  const left = Object.values(old).filter(({ name }) => !hasName(next, name));
  const right = Object.values(next).filter(({ name }) => !hasName(old, name));
  return left.flatMap((each) => {
    const alike = (others: typeof left) => others.filter((other) => definition(other) === definition(each));
    const [match, ...more] = alike(right);
    if (match === undefined || more.length > 0 || alike(left).length > 1) return [];
    return [{ from: each.name, to: match.name }];
  });
}

function hasName(named: Named, name: string): boolean {
  return Object.values(named).some((each) => each.name === name);
}

/** All of it but the name, whatever the order of its keys. */
function definition({ name: _name, ...rest }: { readonly name: string }): string {
  return JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function namesIn(table: TableJson): string[] {
  const kinds: readonly Named[] = [
    table.foreignKeys,
    table.compositePrimaryKeys,
    table.uniqueConstraints,
    table.checkConstraints,
    table.indexes,
  ];
  return kinds.flatMap((each) => Object.values(each).map(({ name }) => name));
}
