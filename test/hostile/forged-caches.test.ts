import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { runRehearseCommand } from '../../src/commands/rehearse.ts';
import { readSealed, writeSealed } from '../../src/workspace/own/sealed-file.ts';
import { reviewed, reviewProject } from '../commands/review-project.ts';
import { migration, shop } from '../commands/typeorm-project.ts';
import { makeTree } from '../workspace/tree.ts';

const CACHE = 'node_modules/.cache/tableplan';

/** Another user, or another machine: what was sealed here is foreign there. */
const elsewhere = makeTree({});

afterEach(() => vi.unstubAllEnvs());

/** Puts another content in place of a cache file, well formed and sealed by the secret of the moment. */
async function forge(root: string, name: string, change: (body: Buffer) => Buffer): Promise<void> {
  const sealing = { label: `cache ${name}`, beside: root };
  const path = join(root, CACHE, name);
  const body = await readSealed(path, sealing);
  if (!(body instanceof Buffer)) throw new Error(`${name} is not there`);
  await writeSealed(path, change(body), sealing);
}

it('findings that somebody else kept are not believed by a review', async () => {
  vi.stubEnv('XDG_STATE_HOME', elsewhere);
  const root = reviewProject({ '0000_drop': 'DROP TABLE users;' });
  const rules = async (): Promise<string[]> => (await reviewed(root)).findings.map(({ rule }) => rule);
  const found = await rules();
  expect(found.length).toBeGreaterThan(0);
  await forge(root, 'review.json', (body) => {
    const [version, kept] = body.toString().split(/\n(.*)/s) as [string, string];
    const entries = JSON.parse(kept) as [string, object][];
    const forged = entries.map(([key, judged]) => [key, { ...judged, findings: [] }]);
    return Buffer.from(`${version}\n${JSON.stringify(forged)}`);
  });
  // Whoever has sealed it believes it: so well is it formed.
  expect(await rules()).toEqual([]);
  vi.unstubAllEnvs();
  expect(await rules()).toEqual(found);
});

it('the image of another history, or of somebody else, is not rehearsed on', async () => {
  vi.stubEnv('XDG_STATE_HOME', elsewhere);
  const users = 'CREATE TABLE users (id integer PRIMARY KEY);';
  const next = { '0001_next': 'ALTER TABLE users ADD COLUMN name text;' };
  const rehearsed = async (cwd: string): Promise<boolean> => {
    const { findings } = await runRehearseCommand({ cwd, enforce: false });
    return !findings.some(({ rule }) => rule === 'rehearsal-failed');
  };
  const root = reviewProject({ '0000_init': users, ...next });
  const other = reviewProject({ '0000_init': 'CREATE TABLE nothing (id integer);', ...next });
  expect(await rehearsed(root)).toBe(true);
  expect(await rehearsed(other)).toBe(false);
  const image = (of: string): string =>
    readdirSync(join(of, CACHE)).find((name) => /^pglite-(?!empty).*\.tar\.gz$/.test(name))!;
  const foreign = await readSealed(join(other, CACHE, image(other)), {
    label: `cache ${image(other)}`,
    beside: other,
  });
  // As it is, under another name.
  writeFileSync(join(root, CACHE, image(root)), readFileSync(join(other, CACHE, image(other))));
  expect(await rehearsed(root)).toBe(true);
  // Sealed for that name: whoever has sealed it believes it, and nobody else.
  await forge(root, image(root), () => foreign as Buffer);
  expect(await rehearsed(root)).toBe(false);
  vi.unstubAllEnvs();
  expect(await rehearsed(root)).toBe(true);
});

it('statements of a TypeORM migration that somebody else kept are not believed by a review', async () => {
  vi.stubEnv('XDG_STATE_HOME', elsewhere);
  // What the query runner makes of it is known only by running it.
  const dropped = migration('Drop1800000000000', "await queryRunner.dropTable('users');");
  const { root, remove } = await shop({ files: { 'src/migrations/1800000000000-Drop.ts': dropped } });
  const rules = async (): Promise<string[]> =>
    (await reviewed(root, { all: true })).findings.map(({ rule }) => rule);
  const found = await rules();
  expect(found).toContain('drop-table');
  await forge(root, 'typeorm-statements.json', (body) => {
    const kept = JSON.parse(body.toString()) as [string, object[]][];
    return Buffer.from(JSON.stringify(kept.map(([key]) => [key, []])));
  });
  // Whoever has sealed it believes it: so well is it formed.
  expect(await rules()).not.toContain('drop-table');
  vi.unstubAllEnvs();
  expect(await rules()).toEqual(found);
  await remove();
});

it('the image of a TypeORM history that somebody else kept is not rehearsed on', async () => {
  vi.stubEnv('XDG_STATE_HOME', elsewhere);
  const next = migration(
    'Next1800000000000',
    "await queryRunner.query('ALTER TABLE users ADD COLUMN nick text');",
    "await queryRunner.query('ALTER TABLE users DROP COLUMN nick');",
  );
  const files = { 'src/migrations/1800000000000-Next.ts': next };
  const { root, remove } = await shop({ files });
  // Another history: its users have that column already.
  const other = await shop({
    files: {
      ...files,
      'src/migrations/1700000000001-Nick.ts': migration(
        'Nick1700000000001',
        "await queryRunner.query('ALTER TABLE users ADD COLUMN nick text');",
      ),
    },
  });
  const rehearsed = async (cwd: string): Promise<boolean> => {
    const { findings } = await runRehearseCommand({ cwd, enforce: false });
    return !findings.some(({ rule }) => rule === 'rehearsal-failed');
  };
  const images = (of: string): string[] =>
    readdirSync(join(of, CACHE)).filter((name) => /^pglite-(?!empty).*\.tar\.gz$/.test(name));
  expect(await rehearsed(root)).toBe(true);
  expect(await rehearsed(other.root)).toBe(false);
  const kept = images(root);
  expect(kept.length).toBeGreaterThan(0);
  const [foreign] = images(other.root).filter((name) => !kept.includes(name));
  const label = { label: `cache ${foreign}`, beside: other.root };
  const body = (await readSealed(join(other.root, CACHE, foreign!), label)) as Buffer;
  // As it is, under another name.
  for (const name of kept)
    writeFileSync(join(root, CACHE, name), readFileSync(join(other.root, CACHE, foreign!)));
  expect(await rehearsed(root)).toBe(true);
  // Sealed for that name: whoever has sealed it believes it, and nobody else.
  for (const name of images(root)) await forge(root, name, () => body);
  expect(await rehearsed(root)).toBe(false);
  vi.unstubAllEnvs();
  expect(await rehearsed(root)).toBe(true);
  await Promise.all([remove(), other.remove()]);
});
