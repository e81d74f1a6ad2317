import { expect, it } from 'vitest';
import { withEntry } from '../../../src/orm/drizzle/journal-text.ts';

const entry = (idx: number) => ({
  idx,
  version: '7',
  when: idx * 10,
  tag: `000${idx}_a]b`,
  breakpoints: true,
});
const journal = (...numbers: readonly number[]) => ({
  version: '7',
  dialect: 'postgresql',
  entries: numbers.map(entry),
});
const flat = (value: unknown) => JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');

const LAYOUTS: Readonly<Record<string, (value: ReturnType<typeof journal>) => string>> = {
  'as drizzle-kit writes it': (value) => JSON.stringify(value, null, 2),
  'with a newline at the end': (value) => `${JSON.stringify(value, null, 2)}\n`,
  'with tabs': (value) => `${JSON.stringify(value, null, '\t')}\n`,
  'with four spaces and Windows line ends': (value) =>
    `${JSON.stringify(value, null, 4)}\n`.replaceAll('\n', '\r\n'),
  'with each entry on a line': ({ entries, ...rest }) =>
    `{\n  "version": "${rest.version}",\n  "dialect": "${rest.dialect}",\n  "entries": [\n${entries.map((each) => `    ${flat(each)}`).join(',\n')}\n  ]\n}\n`,
  'with the entries first': ({ entries, ...rest }) => JSON.stringify({ entries, ...rest }, null, 2),
  'on one line': (value) => JSON.stringify(value),
};

it.each(Object.entries(LAYOUTS))('a journal %s gets its entry in the same way', (_, print) => {
  const text = withEntry(print(journal(0, 1)), journal(0, 1), entry(2));
  expect(text.replaceAll(/\s+/g, '')).toBe(print(journal(0, 1, 2)).replaceAll(/\s+/g, ''));
  if (!print(journal(0)).startsWith('{"')) expect(text).toBe(print(journal(0, 1, 2)));
});

it('the first entry of an empty journal too', () => {
  const print = LAYOUTS['with tabs']!;
  expect(withEntry(print(journal()), journal(), entry(0))).toBe(print(journal(0)));
});
