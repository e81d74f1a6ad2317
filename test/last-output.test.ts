import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { LastOutput } from '../src/last-output.ts';

it('keeps all that a process prints, from both of its streams', async () => {
  const [out, err] = [Readable.from(['a', 'b']), Readable.from(['c'])];
  const output = new LastOutput(out, err, null);
  await Promise.all([out, err].map((stream) => new Promise((done) => stream.once('end', done))));
  output.add('d');
  expect([...output.toString()].toSorted().join('')).toBe('abcd');
});

it('keeps the last million characters of one that prints for ever', () => {
  const output = new LastOutput();
  for (let round = 0; round < 40; round += 1) output.add('x'.repeat(100_000));
  output.add('the end');
  expect(output.toString()).toMatch(/^x+the end$/);
  expect(output.toString()).toHaveLength(1024 * 1024);
});
