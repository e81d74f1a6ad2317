import { describe, expect, it } from 'vitest';
import { putRegion, readRegions, withoutRegions } from '../../src/docs/regions.ts';

const put = (text: string, content = 'new') => putRegion(text, { name: 'index', content }, 'README.md');
const first = put('').text;

it('a part comes at the end of what people wrote, which stays byte for byte', () => {
  for (const text of ['# Ours', '# Ours\n', '# Ours\n\n', '\uFEFF# Ours  \n\n\tx\n']) {
    const result = put(text);
    expect(result.was).toBe('missing');
    expect(result.text.startsWith(text)).toBe(true);
    expect(put(result.text)).toMatchObject({ was: 'current', text: result.text });
  }
});

it('a part stays where people put its markers', () => {
  const text = 'a\n<!-- tableplan:begin index -->\n<!-- tableplan:end index -->\nb\n';
  const result = put(text);
  expect(result.was).toBe('stale');
  expect(result.text).toMatch(
    /^a\n<!-- tableplan:begin index -->\n(.|\n)*new\n\n<!-- tableplan:end index -->\nb\n$/,
  );
  expect(withoutRegions(result.text, 'README.md')).toBe(text);
});

it('a file with CRLF keeps it, in the part too', () => {
  const text = `# Ours\r\n\r\n${first.replaceAll('\n', '\r\n')}\r\nmore\r\n`;
  expect(put(text)).toMatchObject({ was: 'current', text });
  const next = put(text, 'one\ntwo').text;
  expect(next.replaceAll('\r\n', '')).not.toContain('\n');
  expect(next).toContain('one\r\ntwo\r\n');
});

it('a part that is old is stale, one that somebody changed is edited', () => {
  expect(put(first, 'newer').was).toBe('stale');
  expect(put(first.replace('new', 'mine'), 'newer').was).toBe('edited');
  expect(put(first.replace(/<!-- Written.*\n/, ''), 'newer').was).toBe('edited');
});

it('a formatter edits nothing', () => {
  const table = put('', '| a | b |\n| --- | --- |\n| 1 | 2 |').text;
  const formatted = table.replaceAll('| a | b |', '| a   | b   |').replaceAll('| --- |', '| ----- |');
  expect(put(formatted, 'newer').was).toBe('stale');
});

it('markers in a code block are an example', () => {
  const text = `\`\`\`md\n<!-- tableplan:begin index -->\n\`\`\`\n\n${first}`;
  expect(readRegions(text, 'README.md')).toHaveLength(1);
  expect(put(text)).toMatchObject({ was: 'current', text });
});

describe('damaged markers are told with their line', () => {
  const [begin, end] = ['<!-- tableplan:begin index -->', '<!-- tableplan:end index -->'];
  it.each([
    ['a begin without an end', `x\n${begin}\ny\n`, 2],
    ['an end without a begin', `x\n\n${end}\n`, 3],
    ['a part in a part', `${begin}\n<!-- tableplan:begin other -->\n${end}\n`, 2],
    ['a part in itself', `${begin}\n${begin}\n${end}\n${end}\n`, 2],
    ['the end of another', `${begin}\n<!-- tableplan:end other -->\n`, 2],
    ['a part twice', `${first}${first}`, first.split('\n').length],
    ['a marker without a name', 'x\n<!-- tableplan:begin -->\n', 2],
    ['a part in a code block that never ends', `\`\`\`\n${first}`, 2],
    ['an end that is no line of its own', `${begin}\nx ${end}\n`, 1],
  ])('%s', (_, text, line) => {
    expect(() => put(text)).toThrow(
      expect.objectContaining({ code: 'docs-damaged', at: { file: 'README.md', line } }),
    );
  });
});
