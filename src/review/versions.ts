/** What a key became, and after how many operations. */
export interface Entry<Value> {
  readonly place: number;
  readonly value: Value;
}

/** Values that change along a script: each key has its places, in ascending order, and what it became there. */
export class Versions<Value> {
  readonly #entries = new Map<string, Entry<Value>[]>();
  readonly #undone: ReadonlyMap<number, number>;

  /** `undone`: places that do not count any more, and from which place on. */
  constructor(undone: ReadonlyMap<number, number>) {
    this.#undone = undone;
  }

  set(key: string, place: number, value: Value): void {
    const entries = this.#entries.get(key);
    if (entries) entries.push({ place, value });
    else this.#entries.set(key, [{ place, value }]);
  }

  /** The newest entry of a key from before a place. */
  before(key: string, place: number): Entry<Value> | undefined {
    const entries = this.#entries.get(key);
    if (!entries) return undefined;
    let at = firstFrom(entries, place) - 1;
    while (at >= 0 && (this.#undone.get(entries[at]!.place) ?? Infinity) <= place) at -= 1;
    return entries[at];
  }

  /** The first entry of a key at a place or after it. */
  from(key: string, place: number): Entry<Value> | undefined {
    const entries = this.#entries.get(key);
    return entries?.[firstFrom(entries, place)];
  }
}

/** Index of the first entry that is not before a place. */
function firstFrom(entries: readonly { readonly place: number }[], place: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle]!.place < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
