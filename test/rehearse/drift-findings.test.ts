import { expect, it } from 'vitest';
import { rehearsalFindings } from '../../src/rehearse/findings.ts';

const column = (name: string) => ({ object: `column public.${name}`, expected: 'text', actual: undefined });
const found = (drift: readonly object[], comparedWith: string) =>
  rehearsalFindings(
    {
      up: 'ok',
      down: 'ok',
      again: 'ok',
      rollback: 'exact',
      drift,
      comparedWith,
      lag: [],
      rows: [],
      gone: [],
      indexes: [],
      notTested: [],
      lost: [],
      refused: [],
      invented: [],
      statements: [],
      limits: [],
    } as never,
    {
      file: 'drizzle/0009_x.sql',
      statements: [
        {
          text: 'ALTER TABLE posts ADD a int',
          line: 1,
          column: 1,
          objects: ['posts', 'posts.a'],
          operations: [],
        },
      ],
    },
    { isManual: false },
  ).filter(({ rule }) => rule === 'unrelated-drift');

const OLD = ['users.a', 'users.b', 'teams.c', 'teams.d'].map(column);

it('drift about tables that the migration does not name was there before it, and is one finding', () => {
  const [older, own, ...others] = found([...OLD, column('posts.a')], 'schema source');
  expect(older).toMatchObject({ severity: 'error', objects: ['users.a', 'users.b', 'teams.c', 'teams.d'] });
  expect(older?.message).toMatch(/^Even before this migration.* 4 objects: .*users\.a/);
  expect(own?.message).toMatch(/^The resulting schema does not match/);
  expect(others).toEqual([]);
});

it('drift from the plan, and the few that may have causes of their own, stay one by one', () => {
  expect(found(OLD, 'plan')).toHaveLength(4);
  expect(found(OLD.slice(0, 2), 'schema source')).toHaveLength(2);
});
