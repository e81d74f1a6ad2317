import type { CatalogDifference } from '../postgres/catalog.ts';
import { sameExpression } from '../postgres/sql.ts';

const DEFAULT = /^(.*?)(?: default (.*))?$/s;

/**
 * Leaves out differences that are none: a default written another way (`0` and `'0'::numeric`). Both ORMs print
 * defaults in their own form.
 */
export function realDrift(differences: readonly CatalogDifference[]): CatalogDifference[] {
  return differences.filter(({ object, expected, actual }) => {
    if (!object.startsWith('column ') || expected === undefined || actual === undefined) return true;
    const [, before, planned] = DEFAULT.exec(expected) ?? [];
    const [, after, made] = DEFAULT.exec(actual) ?? [];
    if (before !== after || planned === undefined || made === undefined) return true;
    return !sameExpression(planned, made);
  });
}
