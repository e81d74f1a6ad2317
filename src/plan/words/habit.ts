import { toSnakeCase } from '../migration-name.ts';
import type { WordsContext } from './request.ts';
import { plural, singular } from './tables.ts';

/** A table's name in the number that the tables of this schema have: plural, unless most of them are singular. */
export function fitsNaming(name: string, context: WordsContext): string {
  const names = context.tables.map((table) => toSnakeCase(table.name));
  const inSingular = names.filter((other) => singular(other) === other).length;
  return inSingular * 2 > names.length ? singular(name) : plural(name);
}
