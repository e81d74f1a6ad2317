import type { Word } from './request.ts';

/** Verbs that a request may begin with. */
export const VERBS: ReadonlySet<string> = new Set(
  'create new add remove drop delete rename change modify alter update make cascade restrict set'.split(' '),
);

/**
 * A request that is said as a sentence, as the one name and the columns behind it that it comes to: `add placed_at:timestamp to
 * orders` is `add_columns_to_orders placed_at:timestamp`. What has a colon is a column; behind `enum` come its values. Words
 * that are no sentence, such as a name that says it all already, stay.
 */
export function asRequest(words: readonly Word[]): readonly Word[] {
  const [verb, ...rest] = words;
  if (verb === undefined || !VERBS.has(verb.text.toLowerCase())) return words;
  const ofEnum = rest.findIndex(({ text }) => text.toLowerCase() === 'enum');
  const named = ofEnum === -1 ? rest : rest.slice(0, ofEnum + 1);
  const name = named.filter(({ text }) => !text.includes(':'));
  if (name.length === 0) return words;
  const columns = named.filter((word) => !name.includes(word));
  const begins = columns.length > 0 && PREPOSITIONS.has(name[0]!.text.toLowerCase());
  const parts = [verb.text, ...(begins ? ['columns'] : []), ...name.map(({ text }) => text)];
  return [{ text: parts.join('_'), offset: verb.offset }, ...columns, ...rest.slice(named.length)];
}

const PREPOSITIONS = new Set(['to', 'on', 'in', 'from', 'of', 'for']);
