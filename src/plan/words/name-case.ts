import { toSnakeCase } from '../migration-name.ts';
import type { WordsContext } from './request.ts';
import { plural, singular } from './tables.ts';

/** A table's name in the case that most tables of this schema have: snake_case, unless they are PascalCase or camelCase. */
export function fitsCase(name: string, { tables }: WordsContext): string {
  return inCaseOf(
    name,
    tables.map((table) => table.name),
  );
}

/** A name in the case that most of these have, and as it stands where most have none in common. */
export function inCaseOf(name: string, names: readonly string[]): string {
  if (most(names, /^\p{Lu}[^_]*$/u)) return camel(name).replace(/^\p{L}/u, (letter) => letter.toUpperCase());
  // A name of one word says nothing of it.
  const ofWords = names.filter((each) => /.[_\p{Lu}]/u.test(each));
  if (most(ofWords, /^\p{Ll}[^_]*$/u)) return camel(name);
  return most(ofWords, /^[^\p{Lu}]*$/u) && /\p{Lu}/u.test(name) ? toSnakeCase(name) : name;
}

function camel(name: string): string {
  return name.replaceAll(/(?<=.)_+(\p{L})/gu, (_, letter: string) => letter.toUpperCase());
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
