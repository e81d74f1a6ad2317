import type { DatabaseSchema, TableDef } from '../plan/database-schema.ts';
import { quoteWhereNeeded } from '../postgres/quote.ts';
import { impliesNotNull, parseExpression } from './expression.ts';
import { constraintName } from './constraint-name.ts';
import type { Node } from 'libpg-query';
import { type ConstraintSpec, type Operation, type TableRef, tableKey, type TypeSpec } from './operation.ts';

export interface KnownColumn {
  readonly type: TypeSpec | string;
  readonly notNull: boolean;
}

export interface KnownIndex {
  readonly name: string;
  /** undefined: an expression. */
  readonly columns: readonly (string | undefined)[];
  readonly method: string;
  readonly where: Node | undefined;
  readonly isPartial: boolean;
}

interface Check {
  readonly expression: Node | undefined;
  readonly valid: boolean;
}

/** What the schema before and the operations so far tell of a table. */
export interface KnownTable {
  readonly columns: ReadonlyMap<string, KnownColumn>;
  readonly primaryKey: readonly string[] | undefined;
  /** Those of unique constraints and of the primary key too. */
  readonly indexes: readonly KnownIndex[];
  readonly foreignKeys: ReadonlyMap<string, TableRef>;
  readonly checks: ReadonlyMap<string, Check>;
  /** Constraints that were validated and that nobody here has seen defined. */
  readonly validated: ReadonlySet<string>;
  /** Whether nothing else can be in it: it is in the schema, or was created here column by column. */
  readonly isComplete: boolean;
}

interface Draft extends KnownTable {
  readonly columns: Map<string, KnownColumn>;
  primaryKey: readonly string[] | undefined;
  indexes: KnownIndex[];
  readonly foreignKeys: Map<string, TableRef>;
  readonly checks: Map<string, Check>;
  readonly validated: Set<string>;
  isComplete: boolean;
}

type Tables = Map<string, Draft>;

/** The tables by `tableKey` after some operations; a table that nothing is known of is not among them. */
export function knownTables(
  schema: DatabaseSchema | undefined,
  operations: readonly Operation[],
): ReadonlyMap<string, KnownTable> {
  const tables: Tables = new Map();
  for (const table of schema?.tables ?? []) tables.set(tableKey(table), fromSchema(table));
  for (const operation of operations) apply(tables, operation);
  return tables;
}

/** Whether a valid CHECK proves that a column has no NULLs, so that SET NOT NULL need not look (Postgres 12 and later). */
export function isProvenNotNull(table: KnownTable | undefined, column: string): boolean {
  if (!table) return false;
  if ([...table.validated].some((name) => isNamedAfter(name, column))) return true;
  return [...table.checks.values()].some(
    ({ expression, valid }) => valid && impliesNotNull(expression, column),
  );
}

/**
 * Whether a validated constraint that nobody here has seen is the proof: its name has the column's in it, and is not that
 * of a foreign key. `users_email_not_null` speaks of `email`, and `other_chk` of nothing.
 */
function isNamedAfter(constraint: string, column: string): boolean {
  const words = (name: string) => `_${name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()}_`;
  return words(constraint).includes(words(column)) && !/(?:fk|fkey|foreign)_?$/i.test(constraint);
}

function blank(isComplete: boolean): Draft {
  return {
    columns: new Map(),
    primaryKey: undefined,
    indexes: [],
    foreignKeys: new Map(),
    checks: new Map(),
    validated: new Set(),
    isComplete,
  };
}

function fromSchema(table: TableDef): Draft {
  const draft = blank(true);
  for (const { name, type, notNull } of table.columns) draft.columns.set(name, { type, notNull });
  if (table.primaryKey) setPrimaryKey(draft, table.primaryKey.name, table.primaryKey.columns);
  for (const { name, columns } of table.uniques) draft.indexes.push(plainIndex(name, columns));
  for (const index of table.indexes) {
    draft.indexes.push({
      name: index.name,
      columns: index.columns.map(({ expression, isExpression }) => (isExpression ? undefined : expression)),
      method: index.using,
      where: index.where === undefined ? undefined : parseExpression(index.where),
      isPartial: index.where !== undefined,
    });
  }
  for (const { name, references } of table.foreignKeys) draft.foreignKeys.set(name, references);
  for (const { name, expression } of table.checks) {
    draft.checks.set(name, { expression: parseExpression(expression), valid: true });
  }
  return draft;
}

function plainIndex(name: string, columns: readonly string[]): KnownIndex {
  return { name, columns, method: 'btree', where: undefined, isPartial: false };
}

function setPrimaryKey(draft: Draft, name: string, columns: readonly string[]): void {
  draft.primaryKey = columns;
  draft.indexes.push(plainIndex(name, columns));
  for (const column of columns) setNotNull(draft, column, true);
}

function setNotNull(draft: Draft, column: string, notNull: boolean): void {
  draft.columns.set(column, { type: draft.columns.get(column)?.type ?? '', notNull });
}

function draftOf(tables: Tables, table: TableRef): Draft {
  const found = tables.get(tableKey(table));
  if (found) return found;
  const draft = blank(false);
  tables.set(tableKey(table), draft);
  return draft;
}

function apply(tables: Tables, operation: Operation): void {
  switch (operation.kind) {
    case 'create-table':
      return createTable(tables, operation);
    case 'drop-table':
      tables.delete(tableKey(operation.table));
      return;
    case 'rename-table':
      return move(tables, operation.table, { schema: operation.table.schema, name: operation.to });
    case 'set-schema':
      return move(tables, operation.table, { schema: operation.to, name: operation.table.name });
    case 'create-index': {
      const { table, name = '', columns, method, where, isPartial } = operation;
      draftOf(tables, table).indexes.push({ name, columns, method, where, isPartial });
      return;
    }
    case 'drop-index':
    case 'rename-index':
      return changeIndex(
        tables,
        operation.index.name,
        operation.kind === 'rename-index' ? operation.to : undefined,
      );
    case 'add-column':
    case 'drop-column':
    case 'rename-column':
    case 'alter-type':
    case 'set-not-null':
    case 'drop-not-null':
      return changeColumn(draftOf(tables, operation.table), operation);
    case 'add-constraint':
      return addConstraint(draftOf(tables, operation.table), operation.table, operation.constraint);
    case 'validate-constraint':
    case 'drop-constraint':
    case 'rename-constraint':
      return changeConstraint(draftOf(tables, operation.table), operation);
    default:
      return;
  }
}

function createTable(tables: Tables, operation: Extract<Operation, { kind: 'create-table' }>): void {
  const { table, partitionOf, inherits, like, asQuery, ifNotExists } = operation;
  if (ifNotExists && tables.has(tableKey(table))) return;
  const draft = blank(!(partitionOf || like || asQuery) && inherits.length === 0);
  tables.set(tableKey(table), draft);
  for (const column of operation.columns) addColumn(draft, table, column);
  for (const constraint of operation.constraints) {
    // A new table has no row that could be against it.
    addConstraint(draft, table, { ...constraint, notValid: false });
  }
}

function addColumn(
  draft: Draft,
  table: TableRef,
  column: Extract<Operation, { kind: 'add-column' }>['column'],
): void {
  draft.columns.set(column.name, { type: column.type, notNull: column.notNull });
  for (const constraint of column.constraints) addConstraint(draft, table, constraint);
}

function move(tables: Tables, from: TableRef, to: TableRef): void {
  const draft = tables.get(tableKey(from));
  if (!draft) return;
  tables.delete(tableKey(from));
  tables.set(tableKey(to), draft);
}

function changeIndex(tables: Tables, name: string, to: string | undefined): void {
  for (const draft of tables.values()) {
    draft.indexes = draft.indexes.flatMap((index) => {
      if (index.name !== name) return [index];
      return to === undefined ? [] : [{ ...index, name: to }];
    });
  }
}

type ColumnChange = Extract<
  Operation,
  {
    kind: 'add-column' | 'drop-column' | 'rename-column' | 'alter-type' | 'set-not-null' | 'drop-not-null';
  }
>;

function changeColumn(draft: Draft, operation: ColumnChange): void {
  switch (operation.kind) {
    case 'add-column':
      if (operation.ifNotExists && draft.columns.has(operation.column.name)) return;
      return addColumn(draft, operation.table, operation.column);
    case 'drop-column':
      draft.columns.delete(operation.column);
      draft.indexes = draft.indexes.filter(({ columns }) => !columns.includes(operation.column));
      for (const [name, { expression }] of draft.checks) {
        if (impliesNotNull(expression, operation.column)) draft.checks.delete(name);
      }
      return;
    case 'rename-column':
      return renameColumn(draft, operation.column, operation.to);
    case 'alter-type': {
      const notNull = draft.columns.get(operation.column)?.notNull ?? false;
      draft.columns.set(operation.column, { type: operation.type, notNull });
      return;
    }
    case 'set-not-null':
    case 'drop-not-null':
      return setNotNull(draft, operation.column, operation.kind === 'set-not-null');
  }
}

function renameColumn(draft: Draft, from: string, to: string): void {
  const renamed = (name: string) => (name === from ? to : name);
  const column = draft.columns.get(from);
  draft.columns.delete(from);
  if (column) draft.columns.set(to, column);
  draft.primaryKey = draft.primaryKey?.map(renamed);
  draft.indexes = draft.indexes.map((index) => ({
    ...index,
    columns: index.columns.map((name) => name && renamed(name)),
  }));
  for (const [name, check] of draft.checks) {
    if (impliesNotNull(check.expression, from)) {
      draft.checks.set(name, {
        ...check,
        expression: parseExpression(`${quoteWhereNeeded(to)} IS NOT NULL`),
      });
    }
  }
}

function addConstraint(draft: Draft, table: TableRef, constraint: ConstraintSpec): void {
  const name = constraintName(table, constraint);
  switch (constraint.type) {
    case 'primary-key':
    case 'unique': {
      const index = draft.indexes.find((candidate) => candidate.name === constraint.usingIndex);
      const columns = index?.columns.filter((column) => column !== undefined) ?? constraint.columns;
      if (index) draft.indexes = draft.indexes.filter((candidate) => candidate !== index);
      if (constraint.type === 'primary-key') setPrimaryKey(draft, name, columns);
      else draft.indexes.push(plainIndex(name, columns));
      return;
    }
    case 'check':
      draft.checks.set(name, { expression: constraint.expression, valid: !constraint.notValid });
      return;
    case 'foreign-key':
      draft.foreignKeys.set(name, constraint.references);
      return;
    case 'not-null': {
      const expression = parseExpression(
        constraint.columns.map((column) => `${quoteWhereNeeded(column)} IS NOT NULL`).join(' AND '),
      );
      draft.checks.set(name, { expression, valid: !constraint.notValid });
      return;
    }
    case 'exclude':
      return;
  }
}

type ConstraintChange = Extract<
  Operation,
  { kind: 'validate-constraint' | 'drop-constraint' | 'rename-constraint' }
>;

function changeConstraint(draft: Draft, operation: ConstraintChange): void {
  const { name } = operation;
  const check = draft.checks.get(name);
  const foreignKey = draft.foreignKeys.get(name);
  if (operation.kind === 'validate-constraint') {
    if (check) draft.checks.set(name, { ...check, valid: true });
    else if (!foreignKey) draft.validated.add(name);
    return;
  }
  draft.checks.delete(name);
  draft.foreignKeys.delete(name);
  draft.validated.delete(name);
  if (operation.kind === 'rename-constraint') {
    if (check) draft.checks.set(operation.to, check);
    if (foreignKey) draft.foreignKeys.set(operation.to, foreignKey);
    draft.indexes = draft.indexes.map((index) =>
      index.name === name ? { ...index, name: operation.to } : index,
    );
    return;
  }
  const index = draft.indexes.find((candidate) => candidate.name === name);
  draft.indexes = draft.indexes.filter((candidate) => candidate !== index);
  if (index && String(index.columns) === String(draft.primaryKey)) draft.primaryKey = undefined;
}
