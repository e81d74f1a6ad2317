import { expect, it } from 'vitest';
import { rollbackSqlOf } from '../../src/docs/record-rollback.ts';

it('is what stands in the SQL blocks under the heading, whatever else does', () => {
  const record = `# Migration 0007: x
## SQL Changes
\`\`\`sql
CREATE TABLE a (id int);
\`\`\`
## Rollback Plan
If rollback is needed:
\`\`\`sql
-- Rollback SQL commands
DROP TABLE a;
\`\`\`
\`\`\`bash
psql
\`\`\`
~~~postgresql
DROP TYPE b;
~~~
## Testing Performed
\`\`\`sql
SELECT 1;
\`\`\``;
  expect(rollbackSqlOf(record)).toBe('-- Rollback SQL commands\nDROP TABLE a;\nDROP TYPE b;');
});

it('stands under other headings too that speak of a rollback', () => {
  for (const heading of ['# Rollback', '### Roll back', '## 🔙 Rollback procedure', '## Rolling back'])
    expect(rollbackSqlOf(`${heading}\n\`\`\`sql\nDROP TABLE a;\n\`\`\``)).toBe('DROP TABLE a;');
});

it('is nothing where a template was not filled in', () => {
  expect(
    rollbackSqlOf('## Rollback Plan\n```sql\n-- Rollback SQL commands\n[ROLLBACK SQL]\n```'),
  ).toBeUndefined();
  expect(rollbackSqlOf('## Rollback Plan\n```sql\n-- none\n```')).toBeUndefined();
  expect(rollbackSqlOf('## Rollback Plan\nRestore the backup.')).toBeUndefined();
});
