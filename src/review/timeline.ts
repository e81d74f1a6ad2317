import { type ColumnSpec, type Operation, type OperationOf, type TableRef, tableKey } from './operation.ts';
import { type Topic, topicsOf, TRANSACTION_END } from './topics.ts';
import { type Entry, Versions } from './versions.ts';

/**
 * The operations of a script in their order, and what they make of its tables, found by name. It is written once, from the
 * first operation to the last; a place is how many operations come before. Every answer takes the time of a binary
 * search: rules ask for each statement, and must not look through all the others.
 */
export class Timeline {
  readonly operations: Operation[] = [];
  /** Places of the operations that are undone, and of those that may be, oldest first. */
  readonly #undone = new Set<number>();
  readonly #done: number[] = [];
  readonly #topics = new Versions<Operation>();
  /** What a table was called first, or which CREATE TABLE made it: it stays the same one when it is renamed. */
  readonly #origins = new Versions<string>();
  readonly #columns = new Versions<ColumnSpec | undefined>();
  readonly #drops = new Versions<'of before' | 'of the script'>();
  readonly #isNew = new Versions<boolean>();
  readonly #newBefore: ReadonlySet<string>;
  #made = 0;

  /** `newTables`: keys of tables that the caller knows to be empty and unused. */
  constructor(newTables: ReadonlySet<string>) {
    this.#newBefore = newTables;
  }

  get length(): number {
    return this.operations.length;
  }

  add(operation: Operation): void {
    const place = this.length;
    for (const topic of topicsOf(operation)) this.#topics.set(topic, place, operation);
    this.#note(operation, place);
    this.operations.push(operation);
    this.#done.push(place);
  }

  /** Operations from a place on are undone: what comes now knows nothing of them. */
  undo(from: number): void {
    for (let last = this.#done.at(-1); last !== undefined && last >= from; last = this.#done.at(-1)) {
      this.#undone.add(last);
      this.#done.pop();
    }
    for (const versions of [this.#topics, this.#origins, this.#columns, this.#drops, this.#isNew]) {
      versions.undo(from, this.length);
    }
  }

  /** Whether a ROLLBACK undoes the operation at a place, sooner or later. */
  isUndone(place: number): boolean {
    return this.#undone.has(place);
  }

  /** The last operation about a topic before a place. */
  last(topic: Topic, place: number): Entry<Operation> | undefined {
    return this.#topics.before(topic, place);
  }

  /** The first one at a place or after it. */
  next(topic: Topic, place: number): Entry<Operation> | undefined {
    return this.#topics.from(topic, place);
  }

  /** Where the transaction that is open at a place ends; behind the last operation where nothing ends it. */
  transactionEnd(place: number): number {
    return this.next(TRANSACTION_END, place)?.place ?? this.length;
  }

  /** Whether the script has dropped the column that was there before it, so that what now has its name is another one. */
  isDropped(table: TableRef, column: string, place: number): boolean {
    return this.#drops.before(this.#columnKey(table, column, place), place)?.value === 'of before';
  }

  /** See `ScriptState`. */
  isNew(table: TableRef, place: number): boolean {
    const key = tableKey(table);
    return isSessionOwn(table) || (this.#isNew.before(key, place)?.value ?? this.#newBefore.has(key));
  }

  /** See `ScriptState`. */
  columnAdded(table: TableRef, column: string, place: number): ColumnSpec | undefined {
    return this.#columns.before(this.#columnKey(table, column, place), place)?.value;
  }

  /** One name for one column, whatever its table is called meanwhile. */
  #columnKey(table: TableRef, column: string, place: number): string {
    return `${this.#originOf(table, place)}\0${column}`;
  }

  #originOf(table: TableRef, place: number): string {
    return this.#origins.before(tableKey(table), place)?.value ?? tableKey(table);
  }

  #note(operation: Operation, place: number): void {
    switch (operation.kind) {
      case 'create-table':
        return this.#createTable(operation, place);
      case 'rename-table':
        return this.#move(operation.table, { schema: operation.table.schema, name: operation.to }, place);
      case 'set-schema':
        return this.#move(operation.table, { schema: operation.to, name: operation.table.name }, place);
      case 'insert':
        if (!operation.hasValues && this.isNew(operation.table, place)) {
          this.#isNew.set(tableKey(operation.table), place, false);
        }
        return;
      case 'attach-partition':
        // The rows of the partition are the table's from now on.
        if (!operation.isIndex && !this.isNew(operation.partition, place)) {
          this.#isNew.set(tableKey(operation.table), place, false);
        }
        return;
      case 'add-column':
        this.#setColumn(operation.table, operation.column.name, operation.column, place);
        return;
      case 'drop-column': {
        const { table, column } = operation;
        const origin = this.columnAdded(table, column, place) ? 'of the script' : 'of before';
        this.#drops.set(this.#columnKey(table, column, place), place, origin);
        this.#setColumn(table, column, undefined, place);
        return;
      }
      case 'rename-column': {
        const { table, column, to } = operation;
        this.#setColumn(table, to, this.columnAdded(table, column, place), place);
        return;
      }
    }
  }

  #createTable(operation: OperationOf<'create-table'>, place: number): void {
    const { table, columns, asQuery, withNoData, isTemporary } = operation;
    this.#made += 1;
    const origin = `\0${this.#made}`;
    this.#origins.set(tableKey(table), place, origin);
    for (const column of columns) this.#columns.set(`${origin}\0${column.name}`, place, column);
    // IF NOT EXISTS may find a table with rows, and no rule can know; it is taken as new, as its author means it.
    if (!asQuery || withNoData || isTemporary) this.#isNew.set(tableKey(table), place, true);
  }

  #setColumn(table: TableRef, column: string, spec: ColumnSpec | undefined, place: number): void {
    this.#columns.set(this.#columnKey(table, column, place), place, spec);
  }

  #move(from: TableRef, to: TableRef, place: number): void {
    this.#origins.set(tableKey(to), place, this.#originOf(from, place));
    if (this.isNew(from, place)) this.#isNew.set(tableKey(to), place, true);
  }
}

/** No other session sees what is in `pg_temp`. */
function isSessionOwn({ schema }: TableRef): boolean {
  return schema === 'pg_temp';
}
