/** What a key became, and after how many operations. */
export interface Entry<Value> {
  readonly place: number;
  readonly value: Value;
}

/** What is known of a key from a place on: an entry of this place, or again an earlier one (none) where those since are undone. */
interface Known<Value> {
  readonly place: number;
  readonly entry: Entry<Value> | undefined;
}

/** Values that change along a script: each key has its places, in ascending order, and what it became there. */
export class Versions<Value> {
  readonly #known = new Map<string, Known<Value>[]>();
  /** What may still be undone, oldest first. */
  readonly #done: { readonly key: string; readonly place: number }[] = [];

  set(key: string, place: number, value: Value): void {
    this.#add(key, { place, entry: { place, value } });
    this.#done.push({ key, place });
  }

  /** What was set at a place and since is not known any more from `end` on. Each entry is undone once. */
  undo(from: number, end: number): void {
    const keys = new Set<string>();
    for (let last = this.#done.at(-1); last && last.place >= from; last = this.#done.at(-1)) {
      keys.add(last.key);
      this.#done.pop();
    }
    for (const key of keys) this.#add(key, { place: end - 1, entry: this.before(key, from) });
  }

  /** The newest entry of a key from before a place. */
  before(key: string, place: number): Entry<Value> | undefined {
    const known = this.#known.get(key);
    return known?.[firstFrom(known, place) - 1]?.entry;
  }

  /** The first entry of a key at a place or after it. */
  from(key: string, place: number): Entry<Value> | undefined {
    const known = this.#known.get(key) ?? [];
    for (let at = firstFrom(known, place); at < known.length; at += 1) {
      const { entry } = known[at]!;
      // What an undoing brings back is older.
      if (entry && entry.place >= place) return entry;
    }
    return undefined;
  }

  #add(key: string, known: Known<Value>): void {
    const found = this.#known.get(key);
    if (found) found.push(known);
    else this.#known.set(key, [known]);
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
