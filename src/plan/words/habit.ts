import { toSnakeCase } from '../migration-name.ts';
import type { WordsContext } from './request.ts';
import { plural, singular } from './tables.ts';

/** A name in the case that most tables of this schema have: snake_case, unless they are PascalCase or camelCase. */
export function fitsCase(name: string, { tables }: WordsContext): string {
  const names = tables.map((table) => table.name);
  const camel = name.replaceAll(/_+(\p{L})/gu, (_, letter: string) => letter.toUpperCase());
  if (most(names, /^\p{Lu}[^_]*$/u)) return camel.replace(/^\p{L}/u, (letter) => letter.toUpperCase());
  // A name of one word says nothing of it.
  const ofWords = names.filter((each) => /.[_\p{Lu}]/u.test(each));
  return most(ofWords, /^\p{Ll}[^_]*$/u) ? camel : name;
}

function most(names: readonly string[], pattern: RegExp): boolean {
  return names.filter((name) => pattern.test(name)).length * 2 > names.length;
}

/** A table's name in the number that the tables of this schema have: plural, unless most of them are singular. */
export function fitsNaming(name: string, context: WordsContext): string {
  const names = context.tables.map((table) => toSnakeCase(table.name));
  const inSingular = names.filter((other) => singular(other) === other).length;
  return inSingular * 2 > names.length ? singular(name) : plural(name);
}
