import { describe, expect, it } from 'vitest';
import { createColors, jsonText, terminalText } from '../../src/report/terminal-text.ts';
import { renderFinding } from '../../src/report/notices.ts';

describe('what a project holds cannot move the cursor', () => {
  it.each([
    ['a colour', 'a\x1B[31mb', 'a\\x1b[31mb'],
    ['a window title', '\x1B]0;pwned\x07', '\\x1b]0;pwned\\x07'],
    ['a lone carriage return', 'safe\rDROP', 'safe\\x0dDROP'],
    ['a backspace', 'ab\bc', 'ab\\x08c'],
    ['the one-byte CSI', '\x9B2J', '\\x9b2J'],
    ['text turned around', 'a\u202Eb\u2066c', 'a\\u202eb\\u2066c'],
    ['invisible tags', 'a\u{E0041}', 'a\\u{e0041}'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
  ])('%s', (_, text, shown) => expect(terminalText(text)).toBe(shown));

  it('lines, tabs, Windows line ends, umlauts and emoji stay', () => {
    const text = 'a\n\tb\r\nü 👩‍💻 नि';
    expect(terminalText(text)).toBe(text);
  });

  it('our own styles are the only ones, around a name that brings its own', () => {
    const text = createColors(true).red('drop \x1B[8mhidden\x1B[0m');
    expect(terminalText(text)).toBe('\x1B[31mdrop \\x1b[8mhidden\\x1b[0m\x1B[39m');
    expect(createColors(false).red('x')).toBe('x');
  });

  it('findings with such names, with colours on', () => {
    const finding = {
      rule: 'drop-column',
      severity: 'error',
      message: 'drops \x1B[2Jx',
      statement: '',
      objects: [],
      file: 'a\x1B[A.sql',
      line: 1,
      column: 1,
      observed: false,
    } as const;
    const text = terminalText(renderFinding(finding, { color: true }));
    expect(text).toContain('drops \\x1b[2Jx');
    expect(text).toContain('a\\x1b[A.sql:1');
  });
});

describe('JSON', () => {
  it('names every such character and means the same', () => {
    const value = { name: '\x1B\x7F\x9B\u202E\u2028\u{E0041}ü' };
    const text = jsonText(value);
    expect(text).toMatch(/^[\x20-\x7Eü]*$/);
    expect(JSON.parse(text)).toEqual(value);
  });
});
