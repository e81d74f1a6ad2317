import fc from 'fast-check';
import { ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { insertItem, type ListSpan, removeItems } from '../../src/schema/list-edit.ts';
import { applyEdits } from '../../src/schema/text-edit.ts';

/** The array in `const x = [ … ];`, and its items as written. */
function listIn(text: string): ListSpan & { readonly names: readonly string[] } {
  const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest);
  const [statement] = source.statements.filter(ts.isVariableStatement);
  const array = statement?.declarationList.declarations[0]?.initializer;
  if (array === undefined || !ts.isArrayLiteralExpression(array)) throw new Error(`no list in ${text}`);
  const items = array.elements.map((element) => ({ start: element.getStart(source), end: element.end }));
  return {
    open: array.getStart(source),
    close: array.end - 1,
    items,
    names: array.elements.map((element) => element.getText(source)),
  };
}

const insert = (text: string, index: number, item: string) =>
  applyEdits(text, [insertItem(text, listIn(text), index, item, text.includes('\r') ? '\r\n' : '\n')]);
const remove = (text: string, ...indexes: number[]) =>
  applyEdits(text, removeItems(text, listIn(text), indexes));

describe('an item is inserted as its neighbours stand', () => {
  it.each([
    ['const x = [];', 0, 'const x = [n];'],
    ['const x = [a, b];', 1, 'const x = [a, n, b];'],
    ['const x = [a, b];', 2, 'const x = [a, b, n];'],
    ['const x = [a, b,];', 2, 'const x = [a, b, n,];'],
    ['const x = [\n  a,\n  b,\n];', 2, 'const x = [\n  a,\n  b,\n  n,\n];'],
    ['const x = [\n  a,\n  b\n];', 2, 'const x = [\n  a,\n  b,\n  n\n];'],
    ['const x = [\n\ta, // first\n\tb // last\n];', 2, 'const x = [\n\ta, // first\n\tb, // last\n\tn\n];'],
    ['const x = [\r\n  a,\r\n];', 0, 'const x = [\r\n  n,\r\n  a,\r\n];'],
    ['const x = [\n  // about a\n  a,\n];', 1, 'const x = [\n  // about a\n  a,\n  n,\n];'],
  ])('%j at %i', (text, index, expected) => {
    expect(insert(text, index, 'n')).toBe(expected);
  });
});

describe('items are removed with their commas and lines', () => {
  it.each([
    ['const x = [a, b, c];', [1], 'const x = [a, c];'],
    ['const x = [a, b, c];', [1, 2], 'const x = [a];'],
    ['const x = [a, b, c];', [0, 1], 'const x = [c];'],
    ['const x = [a, b,];', [1], 'const x = [a,];'],
    ['const x = [\n  a, // one\n  b,\n];', [0], 'const x = [\n  b,\n];'],
    ['const x = [\n  a, // one\n  b\n];', [1], 'const x = [\n  a // one\n];'],
  ])('%j without %j', (text, indexes, expected) => {
    expect(remove(text, ...indexes)).toBe(expected);
  });
});

describe('whatever a list looks like', () => {
  const separator = fc.constantFrom(', ', ',', ',\n  ', ', // note\n  ', ' /* c */, ', '\n  , ', ',\r\n  ');
  const list = fc
    .tuple(
      fc.array(separator, { minLength: 0, maxLength: 6 }),
      fc.constantFrom('', '\n  ', ' ', '\n\n  // head\n  '),
      fc.constantFrom('', ',', ',\n', '\n', ' // end\n'),
    )
    .map(
      ([separators, head, tail]) =>
        `const x = [${head}${separators.map((each, index) => `i${index}${each}`).join('')}i${separators.length}${tail}];`,
    );

  it('exactly the inserted item is new', () => {
    fc.assert(
      fc.property(list, fc.nat(7), (text, at) => {
        const names = listIn(text).names;
        const index = Math.min(at, names.length);
        expect(listIn(insert(text, index, 'NEW')).names).toEqual(names.toSpliced(index, 0, 'NEW'));
      }),
    );
  });

  it('exactly the removed items are gone', () => {
    fc.assert(
      fc.property(list, fc.uniqueArray(fc.nat(6), { minLength: 1 }), (text, wanted) => {
        const names = listIn(text).names;
        const indexes = wanted.filter((index) => index < names.length);
        expect(listIn(remove(text, ...indexes)).names).toEqual(
          names.filter((_, index) => !indexes.includes(index)),
        );
      }),
    );
  });
});
