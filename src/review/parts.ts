interface Part {
  readonly name: string;
  /** Columns that it names. */
  readonly mentions: readonly string[];
}

/** The indexes or the checks of a table, found by name and by column. */
export interface ReadonlyParts<Value extends Part> extends Iterable<Value> {
  named(name: string): Value | undefined;
  /** Those that name a column. */
  on(column: string): Iterable<Value>;
}

/** The same, to be written. Several may have no name, or the same one. */
export class Parts<Value extends Part> implements ReadonlyParts<Value> {
  readonly #all = new Set<Value>();
  readonly #byName = new Map<string, Set<Value>>();
  readonly #byColumn = new Map<string, Set<Value>>();

  add(value: Value): void {
    this.#all.add(value);
    into(this.#byName, value.name, value);
    for (const column of value.mentions) into(this.#byColumn, column, value);
  }

  delete(value: Value): void {
    this.#all.delete(value);
    this.#byName.get(value.name)?.delete(value);
    for (const column of value.mentions) this.#byColumn.get(column)?.delete(value);
  }

  named(name: string): Value | undefined {
    for (const value of this.#byName.get(name) ?? []) return value;
    return undefined;
  }

  on(column: string): readonly Value[] {
    return [...(this.#byColumn.get(column) ?? [])];
  }

  [Symbol.iterator](): Iterator<Value> {
    return this.#all.values();
  }
}

function into<Value>(map: Map<string, Set<Value>>, key: string, value: Value): void {
  const found = map.get(key);
  if (found) found.add(value);
  else map.set(key, new Set([value]));
}
