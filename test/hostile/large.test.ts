import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migration } from '../commands/typeorm-project.ts';
import { all, codesOf, type CommandName } from './every-command.ts';
import { unharmedBy } from './unharmed.ts';

const MIGRATIONS = 'src/external/drizzle/migrations';
const MB = 1024 * 1024;
const TABLE = 'CREATE TABLE big (id int, t text)';

/** Statements that come to five megabytes, `rows` rows each. */
function inserts(rows: number): string[] {
  const row = `(1, '${'x'.repeat(100)}')`;
  const statement = `INSERT INTO big VALUES ${Array.from({ length: rows }, () => row).join(', ')}`;
  return Array.from({ length: Math.ceil((5 * MB) / statement.length) }, () => statement);
}

const REVIEW: CommandName[] = ['review --all'];

it.each([
  ['40,000 statements', 1, REVIEW],
  ['some hundred statements', 100, [...REVIEW, 'docs --check', 'rehearse'] satisfies CommandName[]],
])('five megabytes of SQL for Drizzle end in time: %s', async (_, rows, commands) => {
  const came = await unharmedBy(
    'drizzle',
    ({ root, put }) => {
      const path = `${MIGRATIONS}/meta/_journal.json`;
      const journal = JSON.parse(readFileSync(join(root, path), 'utf8')) as { entries: object[] };
      const entry = { idx: 2, version: '7', when: 1_900_000_000_000, tag: '0002_big', breakpoints: true };
      put({
        [path]: JSON.stringify({ ...journal, entries: [...journal.entries, entry] }),
        [`${MIGRATIONS}/0002_big.sql`]: [TABLE, ...inserts(rows)].join(';\n--> statement-breakpoint\n'),
      });
    },
    commands,
  );
  expect(codesOf(came)).toEqual(all('ok', ...commands));
});

it.each([
  ['40,000 calls', 1, REVIEW],
  ['some hundred calls', 100, [...REVIEW, 'rehearse'] satisfies CommandName[]],
])('five megabytes of SQL for TypeORM end in time: %s', async (_, rows, commands) => {
  const came = await unharmedBy(
    'typeorm',
    ({ put }) => {
      const calls = [TABLE, ...inserts(rows)].map((sql) => `await queryRunner.query(\`${sql}\`);`);
      put({
        'src/migrations/1800000000000-Big.ts': migration(
          'Big1800000000000',
          calls.join('\n'),
          "await queryRunner.query('DROP TABLE big');",
        ),
      });
    },
    commands,
  );
  expect(codesOf(came)).toEqual(all('ok', ...commands));
});
