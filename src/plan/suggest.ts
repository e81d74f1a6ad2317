/**
 * The candidates that a name may have been meant for, nearest first, at most three: an equal name in other case,
 * or one within a third of its length in typing slips (a letter too many, too few, wrong, or two swapped).
 *
 * @example nearest('prodcuts', ['products', 'users']) // ['products']
 */
export function nearest(name: string, candidates: Iterable<string>): string[] {
  const limit = Math.max(1, Math.floor(name.length / 3));
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, slips: slips(normal(name), normal(candidate), limit) }))
    .filter(({ slips }) => slips <= limit)
    .toSorted((a, b) => a.slips - b.slips || a.candidate.localeCompare(b.candidate, 'en'))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** A hint that proposes the nearest names, or else lists the few that there are. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const near = nearest(name, all);
  if (near.length > 0) return `Did you mean ${listed(near, 'or')}?`;
  if (all.length === 0) return undefined;
  return all.length <= 12 ? `Known here: ${all.join(', ')}.` : undefined;
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

const MOST_NAMED = 10;

/** `a`, `a and b`, the first ten `and 3 more`. */
export function shortList(words: readonly string[]): string {
  const more = words.length - MOST_NAMED;
  return more > 0 ? `${words.slice(0, MOST_NAMED).join(', ')} and ${more} more` : listed(words, 'and');
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** Damerau-Levenshtein distance (optimal string alignment), in two kept rows; more than `limit` when lengths say so. */
function slips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(cell(a, b, i, j, { before, row, next }));
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

interface Rows {
  readonly before: readonly number[];
  readonly row: readonly number[];
  readonly next: readonly number[];
}

function cell(a: string, b: string, i: number, j: number, { before, row, next }: Rows): number {
  const same = a[i - 1] === b[j - 1];
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return Math.min(
    (row[j] ?? 0) + 1,
    (next[j - 1] ?? 0) + 1,
    (row[j - 1] ?? 0) + (same ? 0 : 1),
    swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
  );
}
