import type { ObjectName } from '../../plan/database-schema.ts';

/** Where creators are called, and the tables that there are. */
export interface AffixesFrom {
  readonly texts: readonly string[];
  readonly tables: readonly ObjectName[];
}

/**
 * What a creator puts around the names that it is called with, worked out from the tables that the database has: the one
 * prefix and suffix by which each of the names is a table. Undefined when there is none, or more than one.
 */
export function inferAffixes(
  { variable }: { readonly variable: string },
  { texts, tables }: AffixesFrom,
): { prefix: string; suffix: string } | undefined {
  const written = namesGiven(variable, texts);
  const known = new Set(tables.filter(({ schema }) => schema === 'public').map(({ name }) => name));
  const [first] = written.toSorted((a, b) => b.length - a.length);
  if (first === undefined) return undefined;
  const around = [...known].flatMap((name) => {
    const at = name.lastIndexOf(first);
    return at === -1 ? [] : [{ prefix: name.slice(0, at), suffix: name.slice(at + first.length) }];
  });
  const fitting = around.filter(({ prefix, suffix }) =>
    written.every((name) => known.has(prefix + name + suffix)),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** The literals that a function is called with first. */
function namesGiven(variable: string, texts: readonly string[]): string[] {
  const escaped = variable.replaceAll('$', String.raw`\$`);
  const call = new RegExp(String.raw`(?<![\w$])${escaped}\(\s*(['"\`])([^'"\`$]+)\1`, 'g');
  return [...new Set(texts.flatMap((text) => [...text.matchAll(call)].map(([, , name]) => name!)))];
}
