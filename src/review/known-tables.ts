import type { DatabaseSchema, TableDef } from '../plan/database-schema.ts';
import { columnsOf, impliesNotNull, notNullTest, parseExpression } from './expression.ts';
import { constraintName } from './constraint-name.ts';
import type { Node } from 'libpg-query';
import { Parts, type ReadonlyParts } from './parts.ts';
import type { Timeline } from './timeline.ts';
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
  /** Columns that it names, those of its predicate among them. */
  readonly mentions: readonly string[];
}

/** Stands among the columns that an index names for an expression, which may name any. */
export const EXPRESSION = '';

export interface KnownCheck {
  readonly name: string;
  readonly expression: Node | undefined;
  readonly valid: boolean;
  /** Columns that it names. */
  readonly mentions: readonly string[];
}

/** What the schema before and the operations so far tell of a table. */
export interface KnownTable {
  readonly columns: ReadonlyMap<string, KnownColumn>;
  readonly primaryKey: readonly string[] | undefined;
  /** Those of unique constraints and of the primary key too. */
  readonly indexes: ReadonlyParts<KnownIndex>;
  readonly foreignKeys: ReadonlyMap<string, TableRef>;
  readonly checks: ReadonlyParts<KnownCheck>;
  /** Constraints that were validated and that nobody here has seen defined. */
  readonly validated: ReadonlySet<string>;
  /** Whether nothing else can be in it: it is in the schema, or was created here column by column. */
  readonly isComplete: boolean;
}

interface Draft extends KnownTable {
  /** What it is called now. */
  key: string;
  readonly columns: Map<string, KnownColumn>;
  primaryKey: readonly string[] | undefined;
  readonly indexes: Parts<KnownIndex>;
  readonly foreignKeys: Map<string, TableRef>;
  readonly checks: Parts<KnownCheck>;
  readonly validated: Set<string>;
}

/** Whether a valid CHECK proves that a column has no NULLs, so that SET NOT NULL need not look (Postgres 12 and later). */
export function isProvenNotNull(
  table: KnownTable | undefined,
  column: string,
  /** Names of constraints that are dropped before. */
  without: ReadonlySet<string> = new Set(),
): boolean {
  if (!table) return false;
  for (const name of table.validated) if (!without.has(name) && isNamedAfter(name, column)) return true;
  return [...table.checks.on(column)].some(
    ({ name, expression, valid }) => valid && !without.has(name) && impliesNotNull(expression, column),
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

/**
 * The tables of a script as they are at a place of its timeline. There is one, which goes along with who asks: going on
 * costs the operations in between, going back costs all of them. What is handed out holds until the next question.
 */
export class KnownTables {
  readonly #schema: DatabaseSchema | undefined;
  readonly #timeline: Timeline;
  #tables: Tables;
  #place = 0;

  constructor(schema: DatabaseSchema | undefined, timeline: Timeline) {
    this.#schema = schema;
    this.#timeline = timeline;
    this.#tables = new Tables(schema);
  }

  /** The tables by `tableKey` after as many operations; one that nothing is known of is not among them. */
  at(place: number): ReadonlyTables {
    if (place < this.#place) [this.#tables, this.#place] = [new Tables(this.#schema), 0];
    for (; this.#place < place; this.#place += 1) {
      // What is undone in the end is left out at once: going back would cost all that was before.
      if (!this.#timeline.isUndone(this.#place)) apply(this.#tables, this.#timeline.operations[this.#place]!);
    }
    return this.#tables;
  }
}

/** What is known of all tables. */
export interface ReadonlyTables {
  get(key: string): KnownTable | undefined;
  has(key: string): boolean;
  /** Keys of the tables with a foreign key to one. */
  referring(key: string): readonly string[];
  /** Keys of the tables with a column of a type. */
  withType(key: string): readonly string[];
}

class Tables implements ReadonlyTables {
  readonly #byKey = new Map<string, Draft>();
  readonly #byIndex = new Map<string, Set<Draft>>();
  readonly #byParent = new Map<string, Set<Draft>>();
  readonly #byType = new Map<string, Set<Draft>>();

  constructor(schema: DatabaseSchema | undefined) {
    for (const table of schema?.tables ?? []) fromSchema(this, table);
  }

  get(key: string): Draft | undefined {
    return this.#byKey.get(key);
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  referring(key: string): readonly string[] {
    return this.#thoseWith(this.#byParent, key, ({ foreignKeys }) =>
      [...foreignKeys.values()].some((parent) => tableKey(parent) === key),
    );
  }

  withType(key: string): readonly string[] {
    return this.#thoseWith(this.#byType, key, ({ columns }) =>
      [...columns.values()].some(({ type }) => typeKey(type) === key),
    );
  }

  make(key: string, isComplete: boolean): Draft {
    const draft: Draft = {
      key,
      columns: new Map(),
      primaryKey: undefined,
      indexes: new Parts(),
      foreignKeys: new Map(),
      checks: new Parts(),
      validated: new Set(),
      isComplete,
    };
    this.#byKey.set(key, draft);
    return draft;
  }

  of(table: TableRef): Draft {
    return this.get(tableKey(table)) ?? this.make(tableKey(table), false);
  }

  delete(key: string): void {
    this.#byKey.delete(key);
  }

  move(from: string, to: string): void {
    const draft = this.#byKey.get(from);
    if (!draft) return;
    this.#byKey.delete(from);
    this.#byKey.set(to, draft);
    draft.key = to;
  }

  setColumn(draft: Draft, name: string, column: KnownColumn): void {
    draft.columns.set(name, column);
    note(this.#byType, typeKey(column.type), draft);
  }

  addIndex(draft: Draft, index: Omit<KnownIndex, 'mentions'>): void {
    const columns = index.columns.filter((column) => column !== undefined);
    const expressions = columns.length < index.columns.length ? [EXPRESSION] : [];
    draft.indexes.add({ ...index, mentions: [...columns, ...expressions, ...columnsOf(index.where)] });
    note(this.#byIndex, index.name, draft);
  }

  addForeignKey(draft: Draft, name: string, parent: TableRef): void {
    draft.foreignKeys.set(name, parent);
    note(this.#byParent, tableKey(parent), draft);
  }

  withIndex(name: string): readonly Draft[] {
    return [...(this.#byIndex.get(name) ?? [])].filter((draft) => draft.indexes.named(name));
  }

  /** Those noted for a key that still are what they were noted for. */
  #thoseWith(noted: Map<string, Set<Draft>>, key: string, isStill: (draft: Draft) => boolean): string[] {
    return [...(noted.get(key) ?? [])].flatMap((draft) =>
      this.#byKey.get(draft.key) === draft && isStill(draft) ? [draft.key] : [],
    );
  }
}

function note(noted: Map<string, Set<Draft>>, key: string, draft: Draft): void {
  const found = noted.get(key);
  if (found) found.add(draft);
  else noted.set(key, new Set([draft]));
}

function typeKey(type: TypeSpec | string): string {
  return typeof type === 'string' ? type : tableKey({ schema: type.schema, name: type.name });
}

function check(name: string, expression: Node | undefined, valid: boolean): KnownCheck {
  return { name, expression, valid, mentions: columnsOf(expression) };
}

/** Replaces one of the same name. */
function setCheck(draft: Draft, added: KnownCheck): void {
  const known = draft.checks.named(added.name);
  if (known) draft.checks.delete(known);
  draft.checks.add(added);
}

function fromSchema(tables: Tables, table: TableDef): void {
  const draft = tables.make(tableKey(table), true);
  for (const { name, type, notNull } of table.columns) tables.setColumn(draft, name, { type, notNull });
  if (table.primaryKey) setPrimaryKey(tables, draft, table.primaryKey.name, table.primaryKey.columns);
  for (const { name, columns } of table.uniques) tables.addIndex(draft, plainIndex(name, columns));
  for (const index of table.indexes) {
    const { name, using, columns, where } = index;
    tables.addIndex(draft, {
      name,
      columns: columns.map(({ expression, isExpression }) => (isExpression ? undefined : expression)),
      method: using,
      where: where === undefined ? undefined : schemaExpression(index, where),
      isPartial: where !== undefined,
    });
  }
  for (const { name, references } of table.foreignKeys) tables.addForeignKey(draft, name, references);
  for (const known of table.checks) {
    draft.checks.add(check(known.name, schemaExpression(known, known.expression), true));
  }
}

const parsed = new WeakMap<object, Node | undefined>();

/** The expression of an index or a check of the schema, parsed once however often its tables are begun with. */
function schemaExpression(owner: object, sql: string): Node | undefined {
  if (!parsed.has(owner)) parsed.set(owner, parseExpression(sql));
  return parsed.get(owner);
}

function plainIndex(name: string, columns: readonly string[]): Omit<KnownIndex, 'mentions'> {
  return { name, columns, method: 'btree', where: undefined, isPartial: false };
}

function setPrimaryKey(tables: Tables, draft: Draft, name: string, columns: readonly string[]): void {
  draft.primaryKey = columns;
  tables.addIndex(draft, plainIndex(name, columns));
  for (const column of columns) setNotNull(tables, draft, column, true);
}

function setNotNull(tables: Tables, draft: Draft, column: string, notNull: boolean): void {
  tables.setColumn(draft, column, { type: draft.columns.get(column)?.type ?? '', notNull });
}

function apply(tables: Tables, operation: Operation): void {
  switch (operation.kind) {
    case 'create-table':
      return createTable(tables, operation);
    case 'drop-table':
      tables.delete(tableKey(operation.table));
      return;
    case 'rename-table': {
      const { table, to } = operation;
      return tables.move(tableKey(table), tableKey({ schema: table.schema, name: to }));
    }
    case 'set-schema': {
      const { table, to } = operation;
      return tables.move(tableKey(table), tableKey({ schema: to, name: table.name }));
    }
    case 'create-index': {
      const { table, name = '', columns, method, where, isPartial } = operation;
      return tables.addIndex(tables.of(table), { name, columns, method, where, isPartial });
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
      return changeColumn(tables, tables.of(operation.table), operation);
    case 'add-constraint':
      return addConstraint(tables, tables.of(operation.table), operation.table, operation.constraint);
    case 'validate-constraint':
    case 'drop-constraint':
    case 'rename-constraint':
      return changeConstraint(tables, tables.of(operation.table), operation);
    default:
      return;
  }
}

function createTable(tables: Tables, operation: Extract<Operation, { kind: 'create-table' }>): void {
  const { table, partitionOf, inherits, like, asQuery, ifNotExists } = operation;
  if (ifNotExists && tables.has(tableKey(table))) return;
  const draft = tables.make(tableKey(table), !(partitionOf || like || asQuery) && inherits.length === 0);
  for (const column of operation.columns) addColumn(tables, draft, table, column);
  for (const constraint of operation.constraints) {
    // A new table has no row that could be against it.
    addConstraint(tables, draft, table, { ...constraint, notValid: false });
  }
}

function addColumn(
  tables: Tables,
  draft: Draft,
  table: TableRef,
  column: Extract<Operation, { kind: 'add-column' }>['column'],
): void {
  tables.setColumn(draft, column.name, { type: column.type, notNull: column.notNull });
  for (const constraint of column.constraints) addConstraint(tables, draft, table, constraint);
}

function changeIndex(tables: Tables, name: string, to: string | undefined): void {
  for (const draft of tables.withIndex(name)) {
    for (let index = draft.indexes.named(name); index; index = draft.indexes.named(name)) {
      draft.indexes.delete(index);
      if (to === name) break;
      if (to !== undefined) tables.addIndex(draft, { ...index, name: to });
    }
  }
}

type ColumnChange = Extract<
  Operation,
  {
    kind: 'add-column' | 'drop-column' | 'rename-column' | 'alter-type' | 'set-not-null' | 'drop-not-null';
  }
>;

function changeColumn(tables: Tables, draft: Draft, operation: ColumnChange): void {
  switch (operation.kind) {
    case 'add-column':
      if (operation.ifNotExists && draft.columns.has(operation.column.name)) return;
      return addColumn(tables, draft, operation.table, operation.column);
    case 'drop-column':
      return dropColumn(draft, operation.column);
    case 'rename-column':
      return renameColumn(tables, draft, operation.column, operation.to);
    case 'alter-type': {
      const notNull = draft.columns.get(operation.column)?.notNull ?? false;
      return tables.setColumn(draft, operation.column, { type: operation.type, notNull });
    }
    case 'set-not-null':
    case 'drop-not-null':
      return setNotNull(tables, draft, operation.column, operation.kind === 'set-not-null');
  }
}

function dropColumn(draft: Draft, column: string): void {
  draft.columns.delete(column);
  for (const index of draft.indexes.on(column)) {
    if (index.columns.includes(column)) draft.indexes.delete(index);
  }
  for (const known of draft.checks.on(column)) {
    if (impliesNotNull(known.expression, column)) draft.checks.delete(known);
  }
}

function renameColumn(tables: Tables, draft: Draft, from: string, to: string): void {
  const renamed = (name: string) => (name === from ? to : name);
  const column = draft.columns.get(from);
  draft.columns.delete(from);
  if (column) tables.setColumn(draft, to, column);
  draft.primaryKey = draft.primaryKey?.map(renamed);
  for (const index of draft.indexes.on(from)) {
    draft.indexes.delete(index);
    tables.addIndex(draft, { ...index, columns: index.columns.map((name) => name && renamed(name)) });
  }
  for (const known of draft.checks.on(from)) {
    if (!impliesNotNull(known.expression, from)) continue;
    draft.checks.delete(known);
    draft.checks.add(check(known.name, notNullTest([to]), known.valid));
  }
}

function addConstraint(tables: Tables, draft: Draft, table: TableRef, constraint: ConstraintSpec): void {
  const name = constraintName(table, constraint);
  switch (constraint.type) {
    case 'primary-key':
    case 'unique': {
      const { usingIndex } = constraint;
      const index = usingIndex === undefined ? undefined : draft.indexes.named(usingIndex);
      const columns = index?.columns.filter((column) => column !== undefined) ?? constraint.columns;
      if (index) draft.indexes.delete(index);
      if (constraint.type === 'primary-key') setPrimaryKey(tables, draft, name, columns);
      else tables.addIndex(draft, plainIndex(name, columns));
      return;
    }
    case 'check':
      return setCheck(draft, check(name, constraint.expression, !constraint.notValid));
    case 'foreign-key':
      return tables.addForeignKey(draft, name, constraint.references);
    case 'not-null':
      return setCheck(draft, check(name, notNullTest(constraint.columns), !constraint.notValid));
    case 'exclude':
      return;
  }
}

type ConstraintChange = Extract<
  Operation,
  { kind: 'validate-constraint' | 'drop-constraint' | 'rename-constraint' }
>;

function changeConstraint(tables: Tables, draft: Draft, operation: ConstraintChange): void {
  const { name } = operation;
  const known = draft.checks.named(name);
  const foreignKey = draft.foreignKeys.get(name);
  if (operation.kind === 'validate-constraint') {
    if (known) setCheck(draft, { ...known, valid: true });
    else if (!foreignKey) draft.validated.add(name);
    return;
  }
  if (known) draft.checks.delete(known);
  draft.foreignKeys.delete(name);
  draft.validated.delete(name);
  if (operation.kind === 'rename-constraint') {
    if (known) setCheck(draft, { ...known, name: operation.to });
    if (foreignKey) draft.foreignKeys.set(operation.to, foreignKey);
  }
  const index = draft.indexes.named(name);
  if (!index) return;
  draft.indexes.delete(index);
  if (operation.kind === 'rename-constraint') return tables.addIndex(draft, { ...index, name: operation.to });
  if (String(index.columns) === String(draft.primaryKey)) draft.primaryKey = undefined;
}
