import { expect, it } from 'vitest';
import { patchList } from '../../../src/schema/drizzle/list-patch.ts';
import { applyEdits } from '../../../src/schema/text-edit.ts';
import type { FileStyle } from '../../../src/schema/source-file.ts';

const style: FileStyle = {
  quote: "'",
  semicolon: ';',
  indent: '  ',
  eol: '\n',
  trailingComma: ',',
  arrowParens: 'always',
};

/** The first list in brackets of a text, its items being the letters in it. */
function patch(
  text: string,
  change: { gone?: readonly string[]; add?: readonly string[]; before?: string; width?: number },
): string {
  const open = text.indexOf('[');
  const words = [...text.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|\b[a-z]\b/g)].filter(
    ([word]) => word.length === 1,
  );
  const items = words.map(({ index, 0: letter }) => ({ start: index, end: index + 1, letter }));
  const at = items.findIndex(({ letter }) => letter === change.before);
  const gone = items.flatMap(({ letter }, index) => (change.gone?.includes(letter) ? [index] : []));
  const edits = patchList(
    text,
    { open, close: text.lastIndexOf(']'), items },
    { gone, items: change.add ?? [], at: at === -1 ? items.length : at, style, width: change.width ?? 80 },
  );
  return applyEdits(text, edits);
}

it.each([
  ['adds to the end of a line', '[a, b]', { add: ['x', 'y'] }, '[a, b, x, y]'],
  ['keeps a trailing comma', '[\n  a,\n]', { add: ['x', 'y'] }, '[\n  a,\n  x,\n  y,\n]'],
  ['invents no trailing comma', '[\n  a\n]', { add: ['x', 'y'] }, '[\n  a,\n  x,\n  y\n]'],
  ['puts the comma before a comment', '[\n  a // last\n]', { add: ['x'] }, '[\n  a, // last\n  x\n]'],
  ['adds before an item', '[\n  a,\n  s\n]', { add: ['x'], before: 's' }, '[\n  a,\n  x,\n  s\n]'],
  [
    'replaces the last item and its comment',
    '[\n  a,\n  b // old\n]',
    { gone: ['b'], add: ['x'] },
    '[\n  a,\n  x\n]',
  ],
  [
    'removes an item with the comments above it',
    '[\n  a,\n  // about b,\n  // at length\n  b,\n  c,\n]',
    { gone: ['b'] },
    '[\n  a,\n  c,\n]',
  ],
  [
    'removes a comment of several lines',
    '[\n  /**\n   * about it\n   */\n  a,\n  c,\n]',
    { gone: ['a'] },
    '[\n  c,\n]',
  ],
  [
    'leaves a comment that a blank line sets apart',
    '[\n  // group\n\n  a,\n  c,\n]',
    { gone: ['a'] },
    '[\n  // group\n\n  c,\n]',
  ],
  ['breaks a line that gets too long', '[a, b]', { add: ['x'], width: 6 }, '[\n  a,\n  b,\n  x,\n]'],
  [
    'breaks and removes at once',
    '[a, b, c]',
    { gone: ['b'], add: ['x'], width: 6 },
    '[\n  a,\n  c,\n  x,\n]',
  ],
  ['fills an empty list on its line', '[]', { add: ['x', 'y'] }, '[x, y]'],
  ['fills an empty list on lines where it must', '[]', { add: ['x', 'y'], width: 4 }, '[\n  x,\n  y,\n]'],
])('%s', (_, text, change, expected) => {
  expect(patch(text, change)).toBe(expected);
});
