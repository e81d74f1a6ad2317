import { expect, it } from 'vitest';
import type { ColumnDef, DatabaseSchema } from '../../../src/plan/database-schema.ts';
import { reviewSql } from '../../../src/review/review.ts';
import { column, EMPTY, table } from '../../schema/drizzle/memory-project.ts';

async function said(state: Partial<ColumnDef>): Promise<string[]> {
  const schema: DatabaseSchema = {
    ...EMPTY,
    tables: [table('users', [{ ...column('state', 'text'), ...state }])],
  };
  const found = await reviewSql("ALTER TABLE users ALTER COLUMN state SET DEFAULT 'new';", { schema });
  return found.flatMap(({ rule, message }) => (rule === 'set-default-partial-writes' ? [message] : []));
}

it('another default is another value for running code, and the old one is written on', async () => {
  expect(await said({ default: "'old'" })).toEqual([
    'Rows that running code inserts into users without state get another value from now on, and code that writes the old default goes on doing so.',
  ]);
});

it('a first default takes the place of NULL', async () => {
  expect(await said({})).toEqual([
    'Rows that running code inserts into users without state get this default instead of NULL from now on.',
  ]);
});

it('a first default of a column that is NOT NULL changes nothing for running code', async () => {
  expect(await said({ notNull: true })).toEqual([]);
});
