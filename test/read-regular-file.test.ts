import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMigrationCommand } from '../src/commands/migration.ts';
import { readRegularFile, readRegularFileSync, readTextIfThere } from '../src/read-regular-file.ts';
import { readSeedDump } from '../src/rehearse/seed-dump.ts';
import { namedFiles } from '../src/orm/drizzle/review/named-files.ts';

let folder: string;
const path = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tp-regular-'));
  execFileSync('mkfifo', [path('pipe.yaml')]);
  execFileSync('mkfifo', [path('pipe.sql')]);
  mkdirSync(path('folder.yaml'));
  symlinkSync('/dev/zero', path('zero.yaml'));
  symlinkSync('/dev/zero', path('zero.sql'));
  writeFileSync(path('small.yaml'), 'text');
  symlinkSync('small.yaml', path('link.yaml'));
  for (const name of ['huge.yaml', 'huge.sql']) {
    writeFileSync(path(name), '');
    truncateSync(path(name), 2 * 1024 ** 3);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const KINDS: readonly (readonly [name: string, message: string])[] = [
  ['pipe.yaml', 'is a device or a pipe'],
  ['zero.yaml', 'is a device or a pipe'],
  ['folder.yaml', 'is a folder'],
  ['huge.yaml', 'is larger than'],
];

describe.each(KINDS)('%s', (name, message) => {
  const refusal = {
    code: 'file-not-readable',
    exitCode: 2,
    at: { file: expect.stringContaining(name) as string },
  };

  it('is not read', async () => {
    await expect(readRegularFile(path(name))).rejects.toMatchObject(refusal);
    await expect(readRegularFile(path(name))).rejects.toThrow(message);
    expect(() => readRegularFileSync(path(name))).toThrow(message);
  });

  it('is no plan', async () => {
    const run = runMigrationCommand({
      cwd: folder,
      words: [name],
      dryRun: true,
      typecheck: false,
      tests: false,
      rehearse: false,
      enforce: false,
      say: () => undefined,
    });
    await expect(run).rejects.toMatchObject({ ...refusal, at: { file: name } });
  });

  it('is no dump', async () => {
    await expect(readSeedDump(folder, name)).rejects.toMatchObject({ ...refusal, at: { file: name } });
  });
});

it.each(['pipe.sql', 'zero.sql', 'huge.sql'])('%s is no migration', async (name) => {
  await expect(namedFiles(folder, [name])).rejects.toMatchObject({ exitCode: 2 });
});

it('reads files, and links to files', async () => {
  expect((await readRegularFile(path('small.yaml'))).toString()).toBe('text');
  expect(readRegularFileSync(path('link.yaml')).toString()).toBe('text');
  await expect(readRegularFile(path('none'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readTextIfThere(path('none'))).toBeUndefined();
  expect(await readTextIfThere(path('folder.yaml'))).toBeUndefined();
  await expect(readTextIfThere(path('pipe.yaml'))).rejects.toMatchObject({ code: 'file-not-readable' });
});
