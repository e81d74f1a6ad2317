import { describe, expect, it } from 'vitest';
import { readStyle } from '../../src/schema/style.ts';

describe('a file is written like', () => {
  it('prettier with single quotes when it says nothing', () => {
    expect(readStyle('')).toEqual({
      quote: "'",
      semicolon: ';',
      indent: '  ',
      eol: '\n',
      trailingComma: ',',
      arrowParens: 'always',
    });
  });

  it('itself', () => {
    expect(
      readStyle(
        'import { a } from "a"\r\n\r\nexport const b = f("x", {\r\n\tid: g("y"),\r\n\tname: h("z")\r\n}, t => [i(t)])\r\n',
      ),
    ).toEqual({
      quote: '"',
      semicolon: '',
      indent: '\t',
      eol: '\r\n',
      trailingComma: '',
      arrowParens: 'avoid',
    });
  });

  it('its code, not its comments', () => {
    expect(readStyle('const a = \'x\'; // "it" isn\'t "that"\n/* "b" */\n').quote).toBe("'");
  });

  it('its neighbours where it shows nothing', () => {
    expect(readStyle('// empty\n', readStyle('import a from "a"\nconst b = f({\n\ta,\n})\n'))).toMatchObject({
      quote: '"',
      semicolon: '',
      indent: '\t',
    });
  });
});
