import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/schema/text-edit.ts';

describe('edits in a file that mixes its line ends', () => {
  const insert = (text: string, before: string, added: string): string => {
    const at = text.indexOf(before);
    return applyEdits(text, [{ start: at, end: at, text: added }]);
  };

  it('end new lines as the line before, and touch no other', () => {
    const text = 'a\r\nb\nc\nd\r\ne\r\n';
    expect(insert(text, 'c', 'new\r\n')).toBe('a\r\nb\nnew\nc\nd\r\ne\r\n');
    expect(insert(text, 'e', 'new\n')).toBe('a\r\nb\nc\nd\r\nnew\r\ne\r\n');
    expect(insert(text, 'a', 'new\n')).toBe('new\r\na\r\nb\nc\nd\r\ne\r\n');
  });

  it('leave each line of a replaced span its own end', () => {
    const text = 'x = {\n  a,\r\n  b,\n};\r\n';
    const edit = { start: 0, end: text.indexOf(';'), text: 'x = {\r\n  a,\r\n  new,\r\n  b,\r\n}' };
    expect(applyEdits(text, [edit])).toBe('x = {\n  a,\r\n  new,\r\n  b,\n};\r\n');
  });

  it('write no line feed into a file of carriage returns', () => {
    expect(insert('a\rb\rc\r', 'b', 'new\n')).toBe('a\rnew\rb\rc\r');
  });

  it('leave a file of one kind as the editor wrote it', () => {
    expect(insert('a\nb\n', 'b', 'new\n')).toBe('a\nnew\nb\n');
    expect(insert('a\r\nb\r\n', 'b', 'new\r\n')).toBe('a\r\nnew\r\nb\r\n');
  });
});
