import { wordsOf } from '../postgres/lexemes.ts';

/** The end of a statement about a partition: `FOR VALUES IN (1)` or `DEFAULT`, and what is written behind it. */
export interface PartitionText {
  readonly bound: string;
  readonly rest: string;
}

/** The bounds in CREATE TABLE … PARTITION OF and in ATTACH PARTITION, as written. */
export function partitionText(text: string): PartitionText | undefined {
  const tokens = wordsOf(text);
  const words = tokens.map((token) => token.text.toLowerCase());
  const values = words.findIndex((word, at) => word === 'for' && words[at + 1] === 'values');
  // The defaults of its columns stand in parentheses.
  const start = values === -1 ? topLevel(words, 'default') : values;
  const first = tokens[start];
  if (!first) return undefined;
  const last = tokens[values === -1 ? start : endOfValues(words, start)];
  if (!last) return undefined;
  return { bound: text.slice(first.start, last.end), rest: text.slice(last.end).trim() };
}

/** What a valid CHECK has to say of the key so that no row is read; undefined where none can (DEFAULT, HASH, several columns). */
export function boundCondition(bound: string, key: string): string | undefined {
  const tokens = wordsOf(bound);
  const groups = parenthesised(tokens.map(({ text }) => text)).map(({ from, to, items }) => ({
    text: bound.slice(tokens[from]?.end, tokens[to]?.start).trim(),
    items,
  }));
  const [first, second] = groups;
  const kind = tokens[2]?.text.toLowerCase();
  if (!first) return undefined;
  if (kind === 'in') {
    // Among NULLs there is no IN.
    if (tokens.some(({ text }) => text.toLowerCase() === 'null')) return undefined;
    return `${key} IS NOT NULL AND ${key} IN (${first.text})`;
  }
  if (kind !== 'from' || !second || first.items > 1 || second.items > 1) return undefined;
  const from = /^minvalue$/i.test(first.text) ? [] : [`${key} >= ${first.text}`];
  const to = /^maxvalue$/i.test(second.text) ? [] : [`${key} < ${second.text}`];
  return [`${key} IS NOT NULL`, ...from, ...to].join(' AND ');
}

function topLevel(words: readonly string[], wanted: string): number {
  let depth = 0;
  return words.findIndex((word) => {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    return depth === 0 && word === wanted;
  });
}

interface Group {
  readonly from: number;
  readonly to: number;
  readonly items: number;
}

/** The outermost parentheses: where they open and close, and how many items stand in them. */
function parenthesised(words: readonly string[]): Group[] {
  const groups: Group[] = [];
  let depth = 0;
  let from = 0;
  let items = 1;
  for (const [at, word] of words.entries()) {
    if (word === '(' && depth === 0) {
      from = at;
      items = 1;
    }
    if (word === '(') depth += 1;
    if (word === ',' && depth === 1) items += 1;
    if (word === ')') depth -= 1;
    if (word === ')' && depth === 0) groups.push({ from, to: at, items });
  }
  return groups;
}

/** FROM (…) TO (…) has two of them, IN (…) and WITH (…) one. */
function endOfValues(words: readonly string[], start: number): number {
  const groups = parenthesised(words.slice(start));
  const last = groups[words[start + 2] === 'from' ? 1 : 0];
  return last ? start + last.to : -1;
}
