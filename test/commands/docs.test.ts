import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { check } from 'prettier';
import { describe, expect, it } from 'vitest';
import type { DocsOutcome } from '../../src/commands/docs.ts';
import { treeOf } from '../workspace/tree.ts';
import { docs, docsProject } from './docs-project.ts';

const paths = ({ edits, project }: DocsOutcome): string[] =>
  edits.map(({ path }) => relative(project.root, path).replaceAll('\\', '/'));
const README = 'docs/migrations/README.md';
const write = (root: string, path: string, text: string): void => writeFileSync(join(root, path), text);
const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');

describe('tableplan docs', () => {
  it('writes index, diagram, guide and skill at once, and nothing the second time', async () => {
    const root = docsProject('drizzle-shop');
    const outcome = await docs(root);
    expect(outcome).toMatchObject({ status: 'done', notices: [] });
    expect(paths(outcome)).toEqual([
      README,
      'docs/migrations/schema.md',
      'docs/migrations/GUIDE.md',
      'docs/migrations/SKILL.md',
    ]);
    const written = treeOf(root);
    expect(await docs(root)).toMatchObject({ status: 'no_changes', edits: [] });
    expect(await docs(root, { check: true })).toMatchObject({ status: 'no_changes' });
    expect(treeOf(root)).toBe(written);
    for (const path of paths(outcome)) {
      expect(await check(read(root, path), { filepath: join(root, path), ...PRETTIER }), path).toBe(true);
    }
  });

  it('writes nothing in a dry run, and nothing with --check, which tells what is stale', async () => {
    const root = docsProject('drizzle-shop');
    const before = treeOf(root);
    expect(await docs(root, { dryRun: true })).toMatchObject({ status: 'dry-run' });
    const checked = await docs(root, { check: true });
    expect(checked).toMatchObject({ status: 'stale', why: ['missing', 'missing', 'missing', 'missing'] });
    expect(treeOf(root)).toBe(before);
  });

  it('tells with --check what a new record makes stale', async () => {
    const root = docsProject('drizzle-shop');
    await docs(root);
    write(root, 'docs/migrations/migration-0001-x.md', '**Applied**: 2026-03-01\n');
    const outcome = await docs(root, { check: true });
    expect(outcome).toMatchObject({ status: 'stale', why: ['stale'] });
    expect(paths(outcome)).toEqual([README]);
  });

  it('keeps the history of a module up to date when its last record goes', async () => {
    const root = docsProject('drizzle-shop', 'test/fixtures/docs/scenarios/modules/before');
    await docs(root);
    rmSync(join(root, 'docs/migrations/migration-0001-create-orders.md'));
    await docs(root);
    expect(read(root, 'src/external/drizzle/orders/README.md')).toContain('Nothing is recorded yet.');
    expect(await docs(root)).toMatchObject({ status: 'no_changes' });
  });

  it('says which part was changed by hand before it replaces it', async () => {
    const root = docsProject('drizzle-shop');
    await docs(root);
    const text = read(root, README);
    write(root, README, text.replace('Create orders', 'Mine'));
    const outcome = await docs(root);
    expect(outcome.why).toEqual(['edited']);
    expect(outcome.notices).toMatchObject([{ rule: 'edited-by-hand', file: README, line: 5 }]);
    expect(read(root, README)).toBe(text);
  });

  it.each([
    ['a begin without an end', '# x\n<!-- tableplan:begin index -->\n', 2],
    [
      'a part that is there twice',
      '<!-- tableplan:begin index -->\n<!-- tableplan:end index -->\n'.repeat(2),
      3,
    ],
  ])('refuses %s with file and line, and writes nothing', async (_, text, line) => {
    const root = docsProject('drizzle-shop');
    await docs(root);
    write(root, README, text);
    rmSync(join(root, 'docs/migrations/GUIDE.md'));
    const before = treeOf(root);
    await expect(docs(root)).rejects.toMatchObject({
      code: 'docs-damaged',
      exitCode: 2,
      at: { file: README, line },
    });
    expect(treeOf(root)).toBe(before);
  });

  it('writes nothing where one of the files is read-only', async () => {
    const root = docsProject('drizzle-shop');
    await docs(root);
    write(root, README, '# Ours\n');
    rmSync(join(root, 'docs/migrations/GUIDE.md'));
    chmodSync(join(root, README), 0o444);
    const before = treeOf(root);
    await expect(docs(root)).rejects.toMatchObject({ code: 'file-not-writable' });
    expect(treeOf(root)).toBe(before);
  });
});

const PRETTIER = { singleQuote: true, arrowParens: 'avoid', printWidth: 100, trailingComma: 'es5' } as const;

describe('what is there already', () => {
  const scenarios = 'test/fixtures/docs/scenarios';
  it('a skill goes into every skills folder that there is, under its own name', async () => {
    const root = docsProject('drizzle-shop');
    for (const folder of ['.claude/skills', '.agents/skills'])
      mkdirSync(join(root, folder), { recursive: true });
    symlinkSync('../.claude/skills', join(root, '.agents/skills/linked'));
    expect(paths(await docs(root)).filter((path) => path.endsWith('SKILL.md'))).toEqual([
      '.agents/skills/tableplan-migrations/SKILL.md',
      '.claude/skills/tableplan-migrations/SKILL.md',
    ]);
    expect(read(root, '.claude/skills/tableplan-migrations/SKILL.md')).toMatch(
      /^---\nname: tableplan-migrations\ndescription: .+\n---\n/,
    );
  });

  for (const name of readdirSync(scenarios)) {
    it(`${name.replaceAll('-', ' ')}: as in the fixture, and nothing the second time`, async () => {
      const root = docsProject('drizzle-shop', join(scenarios, name, 'before'));
      await docs(root);
      const after = join(scenarios, name, 'after');
      for (const path of filesBelow(after)) expect(read(root, path), path).toBe(read(after, path));
      expect(await docs(root)).toMatchObject({ status: 'no_changes' });
    });
  }
});

describe('backfilled records', () => {
  const headings = (text: string): string[] => text.match(/^#{2,3} .*$/gm) ?? [];

  it('have the SQL, its expected effects and the rollback, and say what is not known', async () => {
    const root = docsProject('drizzle-shop');
    write(root, 'src/external/drizzle/migrations/0001_create_orders.down.sql', 'DROP TABLE "orders";\n');
    const outcome = await docs(root, { backfill: true });
    expect(paths(outcome).slice(0, 2)).toEqual([
      'docs/migrations/migration-0000-create-catalogue.md',
      'docs/migrations/migration-0001-create-orders.md',
    ]);
    const [first, second] = paths(outcome).map((path) => read(root, path));
    expect(headings(second!)).toEqual(['## Rollback Plan']);
    expect(second).toContain('- `orders`: create table with 6 columns');
    expect(second).toContain(read(root, 'src/external/drizzle/migrations/0001_create_orders.sql').trim());
    expect(second).toContain('```sql\nDROP TABLE "orders";\n```');
    expect(second).toContain('Script: `src/external/drizzle/migrations/0001_create_orders.down.sql`');
    expect(second).toContain('it was not rehearsed or reviewed for this record, and its plan is not known');
    expect(second).toContain('Nothing that was there before is blocked, rewritten or scanned.');
    expect(second).not.toContain('[x]');
    expect(first).toContain('No rollback script was found');
    expect(read(root, README)).toMatch(
      /\| `0001` \| Create orders .*`orders`, `users`.*not rehearsed.*record 1/,
    );
    expect(await docs(root, { backfill: true })).toMatchObject({ status: 'no_changes' });
  });

  it('of TypeORM say where a way down leads nowhere, and those before it are read all the same', async () => {
    const root = docsProject('typeorm-shop', 'test/fixtures/docs/typeorm-without-ways-back');
    await docs(root, { backfill: true });
    const rollback = (name: string): string =>
      read(root, `docs/migrations/migration-${name}.md`).split(/## (?:Rollback Plan|Testing)/)[1] ?? '';
    expect(rollback('1700000000000-create-shop')).toContain('DROP TABLE "products";');
    expect(rollback('1700000000001-add-things')).toContain('Its `down` does nothing.');
    expect(rollback('1700000000002-no-back')).toContain('Its `down` fails: no way back.');
    expect(read(root, 'docs/migrations/migration-1700000000001-add-things.md')).toContain(
      "INSERT INTO categories(name) VALUES ('it''s');",
    );
  });

  it('of TypeORM have what the migration runs, and what its way down runs', async () => {
    const root = docsProject('typeorm-shop');
    const outcome = await docs(root, { backfill: true });
    const text = read(root, paths(outcome)[0]!);
    expect(paths(outcome)[0]).toBe('docs/migrations/migration-1700000000000-create-shop.md');
    expect(headings(text)).toEqual(['## Rollback Plan']);
    expect(text).toContain('CREATE TABLE "products" (');
    expect(text.split('## Rollback Plan')[1]).toContain('DROP TABLE "products";');
    expect(await docs(root, { backfill: true })).toMatchObject({ status: 'no_changes' });
  });
});

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
