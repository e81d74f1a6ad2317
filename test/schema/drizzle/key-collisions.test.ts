import { beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/plan/change.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { column, edit, name, table } from './memory-project.ts';

beforeAll(loadSqlParser);

const SOURCE = `import { pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', {
  nickName: text('nick_name'),
  fooBar: text('something_else'),
});
`;
const add = (columnName: string): Change => ({
  kind: 'add-column',
  table: name('users'),
  column: column(columnName, 'text'),
});
const run = (...changes: Change[]) => edit({ '/p/schema.ts': SOURCE }, changes).text('/p/schema.ts');

describe('two columns under one key are refused with both their names', () => {
  it('in a new table', () => {
    const columns = [column('foo_bar', 'text'), column('fooBar', 'text')];
    expect(() =>
      run({ kind: 'create-table', domain: undefined, table: table('logs', columns) }),
    ).toThrowError(
      expect.objectContaining({
        code: 'plan-conflict',
        message: 'the columns foo_bar and fooBar of logs would both have the key fooBar in TypeScript',
        hint: expect.stringContaining('differs in more than case and underscores'),
      }),
    );
  });

  it('when both are added', () => {
    expect(() => run(add('a_b'), add('aB'))).toThrowError(
      expect.objectContaining({
        code: 'plan-conflict',
        message: expect.stringContaining('a_b and aB of users'),
      }),
    );
  });

  it('when the source has the key for another column', () => {
    expect(() => run(add('foo_bar'))).toThrowError(
      expect.objectContaining({
        code: 'schema-not-editable',
        message:
          'the columns something_else and foo_bar of users would both have the key fooBar in TypeScript',
        at: { file: '/p/schema.ts', line: 4, column: 3 },
        hint: expect.stringContaining(
          'Choose another name than foo_bar in the plan, or call the key of something_else',
        ),
      }),
    );
  });

  it('when a rename leads there', () => {
    expect(() =>
      run({ kind: 'rename-column', table: name('users'), from: 'nick_name', to: 'foo_bar' }),
    ).toThrowError(
      expect.objectContaining({ message: expect.stringContaining('foo_bar and something_else') }),
    );
  });
});

it('a key that the same plan frees can be taken', () => {
  const text = run(add('foo_bar'), { kind: 'drop-column', table: name('users'), column: 'something_else' });
  expect(text).toContain("  fooBar: text('foo_bar'),\n");
  expect(text).not.toContain('something_else');
});
