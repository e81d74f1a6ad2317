import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NotJson, parseJson } from '../src/json.ts';

function placeOf(text: string): string {
  let place = 'JSON';
  try {
    parseJson(text, (where) => {
      place = `${where.line}:${where.column}`;
      return where;
    });
  } catch (error) {
    expect(error).toBeInstanceOf(NotJson);
  }
  return place;
}

it.each([
  ['', '1:1'],
  ['  \n', '2:1'],
  ['{', '1:2'],
  ['{ "a": 1,\n  b: 2 }', '2:3'],
  ['{ "a": 1,\n  "b" 2 }', '2:7'],
  ['{ "a": 1, }', '1:11'],
  ['[1, 2,]', '1:7'],
  ['[1 2]', '1:4'],
  ['{ "a": 01 }', '1:8'],
  ['{ "a": "x }', '1:8'],
  ['{ "a": "\\x" }', '1:8'],
  ['{}\n{}', '2:1'],
  ['{ "a": [1}', '1:10'],
  ['<<<<<<< HEAD\n{}', '1:1'],
  ['{ "a": nulls }', '1:8'],
])('a text that is not JSON says where: %j', (text, place) => expect(placeOf(text)).toBe(place));

it('quotes nothing of the text', () => {
  for (const text of ['nobody-may-read-this', '{ "token": nobody-may-read-this }', '{ "nobody" }'])
    expect(() => parseJson(text, (where) => where)).toThrow(/^line 1, column \d+$/);
});

it('finds no fault before the token that was changed', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '}', '"', 'x', '0', ' ', '\\'),
      (json, at, by) => {
        const cut = at % (json.length + 1);
        const text = json.slice(0, cut) + by + json.slice(cut + 1);
        const place = placeOf(text);
        if (place === 'JSON') return void JSON.parse(text);
        // What fast-check writes is one line.
        const offset = Number(place.split(':')[1]) - 1;
        expect(offset).toBeLessThanOrEqual(text.length);
        expect(json.slice(offset, cut)).toMatch(/^\s*("[^]*|[\w.+-]*)$/);
      },
    ),
    { numRuns: 1000 },
  );
});
