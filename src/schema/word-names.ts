import pluralize from 'pluralize';

/**
 * Derives a name for a new table from a neighbour's: `NewDrizzleUser` for users becomes `NewDrizzleProduct` for
 * products. Works on the words of a name, in singular or plural, whatever their case.
 */
export interface NameMapping {
  /** The variable of the neighbour's table. */
  readonly from: string;
  /** The variable of the new table. */
  readonly to: string;
}

/**
 * The name that stands to `to` as `name` stands to `from`; undefined when the neighbour's words are not in it.
 *
 * @example mapName('insertUserSchema', { from: 'usersTable', to: 'orderItemsTable' }) // 'insertOrderItemSchema'
 */
export function mapName(name: string, mapping: NameMapping): string | undefined {
  const { from, to } = withoutShared(wordsOf(mapping.from), wordsOf(mapping.to));
  const words = wordsOf(name);
  // billingInvoices may be called Invoice: the last words alone count too.
  for (let dropped = 0; dropped < from.length; dropped += 1) {
    const at = indexOfWords(words, from.slice(dropped));
    if (at !== -1)
      return replaceWords(name, words, at, from.length - dropped, to.slice(Math.min(dropped, to.length - 1)));
  }
  return undefined;
}

/** The words of a camelCase, PascalCase or snake_case name, as they are written. */
export function wordsOf(name: string): string[] {
  return name.match(/[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+|[^A-Za-z0-9_]+/g) ?? [];
}

/** A word as it stands in the middle of a camelCase name. */
export function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export function singular(word: string): string {
  return pluralize.singular(word);
}

export function plural(word: string): string {
  return pluralize.plural(word);
}

/** `products` → `product`, `orderItems` → `orderItem`: only the last word is turned. */
export function singularName(name: string): string {
  return turnLastWord(name, singular);
}

export function pluralName(name: string): string {
  return turnLastWord(name, plural);
}

function turnLastWord(name: string, turn: (word: string) => string): string {
  const last = wordsOf(name).at(-1);
  return last === undefined ? name : name.slice(0, name.length - last.length) + turn(last);
}

/** `usersTable` and `productsTable` differ in `users` and `products`: what both have is the project's, not the table's. */
function withoutShared(
  from: readonly string[],
  to: readonly string[],
): { from: readonly string[]; to: readonly string[] } {
  let [start, end] = [0, 0];
  const shortest = Math.min(from.length, to.length) - 1;
  while (start < shortest && isSameWord(from[start]!, to[start]!)) start += 1;
  while (end < shortest - start && isSameWord(from.at(-1 - end)!, to.at(-1 - end)!)) end += 1;
  return { from: from.slice(start, from.length - end), to: to.slice(start, to.length - end) };
}

function isSameWord(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function indexOfWords(words: readonly string[], wanted: readonly string[]): number {
  const last = words.length - wanted.length;
  for (let at = 0; at <= last; at += 1) {
    if (wanted.every((word, index) => isSameNoun(words[at + index]!, word))) return at;
  }
  return -1;
}

function isSameNoun(a: string, b: string): boolean {
  return isSameWord(a, b) || isSameWord(singular(a), singular(b));
}

function replaceWords(
  name: string,
  words: readonly string[],
  at: number,
  count: number,
  to: readonly string[],
): string {
  const start = offsetOfWord(name, words, at);
  const end = offsetOfWord(name, words, at + count - 1) + words[at + count - 1]!.length;
  return (
    name.slice(0, start) +
    inStyleOf(words.slice(at, at + count), to, name.slice(start, end)) +
    name.slice(end)
  );
}

function offsetOfWord(name: string, words: readonly string[], index: number): number {
  let at = 0;
  for (const word of words.slice(0, index)) at = name.indexOf(word, at) + word.length;
  return name.indexOf(words[index]!, at);
}

function inStyleOf(old: readonly string[], to: readonly string[], written: string): string {
  const isPlural = old.at(-1) !== undefined && !isSameWord(singular(old.at(-1)!), old.at(-1)!);
  const turned = to.map((word, index) =>
    index < to.length - 1 ? word : isPlural ? plural(word) : singular(word),
  );
  if (written.includes('_')) return turned.map((word) => word.toLowerCase()).join('_');
  const isCapital = /^[A-Z]/.test(old[0] ?? '');
  return turned
    .map((word, index) => (index === 0 && !isCapital ? word.toLowerCase() : capitalise(word.toLowerCase())))
    .join('');
}
