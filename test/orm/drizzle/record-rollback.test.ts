import { expect, it } from 'vitest';
import { recordedRollback } from '../../../src/orm/drizzle/record-rollback.ts';
import { makeTree } from '../../workspace/tree.ts';

const plan = (sql: string): string => `## Rollback Plan\n\n\`\`\`sql\n${sql}\n\`\`\`\n`;

it('is found by the migration that a record names, or by its own number and name', async () => {
  const root = makeTree({
    'docs/migrations/migration-0001-anything.md': `**Migration File**: \`0001_add_level.sql\`\n${plan('DROP 1')}`,
    'docs/migrations/migration-2-add-phone.md': plan('DROP 2'),
    'docs/migrations/migration-0003-add-fax.md': `**Migration File**: \`0003_other.sql\`\n${plan('DROP 3')}`,
    'docs/migrations/notes.md': plan('DROP 4'),
  });
  const sqlOf = async (tag: string) => (await recordedRollback(root, tag))?.sql;
  expect(await sqlOf('0001_add_level')).toBe('DROP 1');
  expect(await sqlOf('0002_add_phone')).toBe('DROP 2');
  expect(await sqlOf('0003_add_fax')).toBeUndefined();
  expect(await sqlOf('0004_notes')).toBeUndefined();
});

it('is nothing where there are no records', async () => {
  expect(await recordedRollback(makeTree({}), '0001_add_level')).toBeUndefined();
});
