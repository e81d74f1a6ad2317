/**
 * Names in the cases that schemas use. The word boundaries are those of drizzle-orm's `casing`
 * (drizzle-orm/casing.js), so that a key written here is read back as the same column.
 */
export type WordCase = 'camel' | 'snake' | 'kebab' | 'pascal';

/** `createdAt2` → `created`, `at2`. */
export function wordsOf(name: string): string[] {
  const words = name.replace(/['\u2019]/g, '').match(/[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g) ?? [];
  return words.map((word) => word.toLowerCase());
}

/** A name in another case. @example toCase('created_at', 'camel') // 'createdAt' */
export function toCase(name: string, wordCase: WordCase): string {
  const words = wordsOf(name);
  switch (wordCase) {
    case 'snake':
      return words.join('_');
    case 'kebab':
      return words.join('-');
    case 'camel':
      return words.map((word, index) => (index === 0 ? word : capital(word))).join('');
    case 'pascal':
      return words.map(capital).join('');
  }
}

/** Small letters of any script, with a sign where a word in camel case begins: the name of a file. */
export function separateWords(name: string, sign: '-' | '_'): string {
  return name.replaceAll(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, `$1${sign}`).toLowerCase();
}

/** The column name that drizzle derives from a key when none is written. */
export function casedName(key: string, casing: 'camelCase' | 'snake_case' | undefined): string {
  if (casing === undefined) return key;
  return toCase(key, casing === 'snake_case' ? 'snake' : 'camel');
}

/** A name that can be a variable: `2fa_tokens` becomes `_2faTokens`, `default` becomes `default_`. */
export function toIdentifier(name: string): string {
  const bare = name.replace(/[^\w$]/g, '_');
  const started = /^\d/.test(bare) ? `_${bare}` : bare;
  return RESERVED.has(started) ? `${started}_` : started;
}

const RESERVED = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static implements interface package private protected public await'.split(
    ' ',
  ),
);

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
