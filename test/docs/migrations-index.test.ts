import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { indexMigrations, renderIndex } from '../../src/docs/migrations-index.ts';
import { readRecord } from '../../src/docs/record-facts.ts';

const template = readFileSync('templates/docs/index.md.hbs', 'utf8');
const migration = (tag: string) => {
  const [number, ...words] = tag.split('_');
  return { tag, number, name: words.join('_'), made: Date.UTC(2026, 1, 3, 23, 59), file: `/x/${tag}.sql` };
};
const record = (file: string, text = '') => readRecord(file, text);
const pairs = (tags: string[], records: ReturnType<typeof record>[]) => {
  const { rows, orphans } = indexMigrations(tags.map(migration), records);
  return {
    rows: rows.map((row) => [row.migration.tag, ...row.records.map(({ file }) => file)]),
    orphans: orphans.map(({ file }) => file),
  };
};

it('a record belongs to the migration that it names, else to the one of its number', () => {
  const named = record('migration-9-x.md', '**Migration File**: `drizzle/0001_two.sql`');
  const numbered = record('migration-0-anything.md');
  expect(pairs(['0000_one', '0001_two'], [named, numbered])).toEqual({
    rows: [
      ['0000_one', 'migration-0-anything.md'],
      ['0001_two', 'migration-9-x.md'],
    ],
    orphans: [],
  });
});

it('a record of a migration that is gone is no record of another that took its number', () => {
  const gone = record('migration-0001-old.md', '**Migration File**: `0001_old.sql`');
  expect(pairs(['0001_new'], [gone])).toEqual({
    rows: [['0001_new']],
    orphans: ['migration-0001-old.md'],
  });
});

it('where a number is there twice, the name decides', () => {
  expect(pairs(['0003_a', '0003_b_c'], [record('migration-0003-b-c.md')]).rows).toEqual([
    ['0003_a'],
    ['0003_b_c', 'migration-0003-b-c.md'],
  ]);
});

it('says which migration has no record, and which record no migration', () => {
  const gone = record('migration-0009-gone (2).md', '### Tables Affected\n\n- `a|b`: x\n');
  const text = renderIndex(indexMigrations([migration('0000_add_<b>_x')], [gone]), template);
  expect(text).toContain('| `0000` | Add &lt;b> x | 2026-02-03 |  |  |  | **no record** |');
  expect(text).toContain('| [record 9](migration-0009-gone%20%282%29.md) |  |  | `a\\|b` |  |');
});

it('an empty history has an empty index', () => {
  expect(renderIndex(indexMigrations([], []), template)).toBe('There is no migration yet.');
});
