import { expect, it } from 'vitest';
import { clippedLine, clippedMessage } from '../../src/report/clipped.ts';

it('fifteen kilobytes of SQL on a line are a line of a message', () => {
  expect(clippedMessage(`left out: ${'ALTER TABLE x; '.repeat(1000)}`).length).toBe(400);
});

it('a thousand lines of a compiler are sixty and a number', () => {
  const lines = clippedMessage(Array.from({ length: 1000 }, (_, index) => `error ${index}`).join('\n')).split(
    '\n',
  );
  expect([lines.length, lines.at(-1)]).toEqual([61, '… 940 more lines']);
});

it('no character is cut in two, and short texts stay', () => {
  expect(clippedLine('ab😀cd', 4)).toBe('ab…');
  expect(clippedMessage('a\nb')).toBe('a\nb');
});
