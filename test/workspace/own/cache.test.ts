import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheWriter, endCacheWrites, readCached } from '../../../src/workspace/own/cache.ts';
import { makeTree } from '../tree.ts';

const bytes = Buffer.from('kept');

function cacheFolder(): { readonly folder: string; names(): string[] } {
  const folder = join(makeTree({ 'node_modules/.cache/.keep': '' }), 'node_modules/.cache/tableplan');
  return { folder, names: () => readdirSync(join(folder, '..'), { recursive: true, encoding: 'utf8' }) };
}

it('the end of a command waits for what is being written', async () => {
  const { folder } = cacheFolder();
  void cacheWriter().write(folder, 'a.json', () => Promise.resolve(bytes));
  // The bytes are there by now, the file is not.
  await new Promise(setImmediate);
  await endCacheWrites();
  expect(await readCached(folder, 'a.json')).toEqual(bytes);
});

it('nothing is written once a command has ended, not even what it began to make', async () => {
  const { folder, names } = cacheFolder();
  const writer = cacheWriter();
  let make = (_bytes: Buffer): void => undefined;
  const late = writer.write(folder, 'a.json', () => new Promise<Buffer>((resolve) => (make = resolve)));
  const ended = endCacheWrites();
  make(bytes);
  await Promise.all([late, ended]);
  await writer.write(folder, 'b.json', () => Promise.resolve(bytes));
  expect(names()).toEqual(['.keep']);
});

it('a cache file under another name counts as not there', async () => {
  const { folder } = cacheFolder();
  await cacheWriter().write(folder, 'a.json', () => Promise.resolve(bytes));
  copyFileSync(join(folder, 'a.json'), join(folder, 'b.json'));
  expect(await readCached(folder, 'b.json')).toBeUndefined();
  expect(await readCached(folder, 'a.json')).toEqual(bytes);
});
