import type { CatalogDifference } from '../postgres/catalog.ts';
import { sameExpression } from '../postgres/sql.ts';

/**
 * Leaves out differences that are none: the same expression written another way. Both ORMs print defaults in their own
 * form (`0` and `'0'::numeric`), and Postgres prints a check in another one once it has parsed it again for a new type
 * (`(a AND b) AND c`).
 */
export function realDifferences(differences: readonly CatalogDifference[]): CatalogDifference[] {
  return differences.filter(({ object, expected, actual }) => {
    const pattern = EXPRESSIONS[object.slice(0, object.indexOf(' '))];
    if (!pattern || expected === undefined || actual === undefined) return true;
    const [a, b] = [pattern.exec(expected)?.groups, pattern.exec(actual)?.groups];
    if (!a || !b || a.before !== b.before || a.after !== b.after) return true;
    return !sameExpression(a.expression ?? '', b.expression ?? '');
  });
}

/** Where the expression stands in the definition of an object. */
const EXPRESSIONS: Readonly<Record<string, RegExp>> = {
  column: /^(?<before>.*?) default (?<expression>.*)$/s,
  constraint:
    /^(?<before>CHECK) \((?<expression>.*)\)(?<after>(?: NO INHERIT| NOT VALID| \(not validated\))*)$/s,
  index: /^(?<before>.*?) WHERE (?<expression>.*?)(?<after>(?: \(invalid\))?)$/s,
};
