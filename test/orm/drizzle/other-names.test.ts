import { expect, it } from 'vitest';
import { otherNames } from '../../../src/orm/drizzle/other-names.ts';

const statements = (source: Record<string, string>, database: Record<string, string>) =>
  otherNames(new Map(Object.entries(source)), new Map(Object.entries(database))).map(({ sql }) => sql);

it('a constraint that Postgres has named is renamed, its index with it', () => {
  expect(
    statements(
      {
        'constraint public.users.users_email_unique': 'UNIQUE (email)',
        'index public.users_email_unique':
          'CREATE UNIQUE INDEX users_email_unique ON public.users USING btree (email)',
        'constraint public.posts.posts_author_id_users_id_fk':
          'FOREIGN KEY (author_id) REFERENCES public.users(id) ON DELETE CASCADE',
      },
      {
        'constraint public.users.users_email_key': 'UNIQUE (email)',
        'index public.users_email_key':
          'CREATE UNIQUE INDEX users_email_key ON public.users USING btree (email)',
        'constraint public.posts.posts_author_id_fkey':
          'FOREIGN KEY (author_id) REFERENCES public.users(id) ON DELETE CASCADE',
      },
    ),
  ).toEqual([
    'ALTER TABLE public.posts RENAME CONSTRAINT posts_author_id_fkey TO posts_author_id_users_id_fk;',
    'ALTER TABLE public.users RENAME CONSTRAINT users_email_key TO users_email_unique;',
  ]);
});

it('an index too, and names keep their quotes', () => {
  expect(
    statements(
      { 'index app."My.Idx"': 'CREATE INDEX "My.Idx" ON app."Users" USING btree (name)' },
      { 'index app.users_name': 'CREATE INDEX users_name ON app."Users" USING btree (name)' },
    ),
  ).toEqual(['ALTER INDEX app.users_name RENAME TO "My.Idx";']);
});

it('of two that are alike each is renamed once', () => {
  const check = 'CHECK ((size > 0))';
  expect(
    statements(
      { 'constraint public.boxes.one': check, 'constraint public.boxes.two': check },
      {
        'constraint public.boxes.boxes_size_check': check,
        'constraint public.boxes.boxes_size_check1': check,
      },
    ),
  ).toEqual([
    'ALTER TABLE public.boxes RENAME CONSTRAINT boxes_size_check TO one;',
    'ALTER TABLE public.boxes RENAME CONSTRAINT boxes_size_check1 TO two;',
  ]);
});

it('what differs in more than its name is another thing', () => {
  const key = (action: string) => `FOREIGN KEY (author_id) REFERENCES public.users(id)${action}`;
  expect(
    statements(
      {
        'constraint public.posts.a_fk': key(' ON DELETE CASCADE'),
        'constraint public.notes.b_fk': key(''),
        'constraint public.posts.same_fk': key(''),
      },
      {
        'constraint public.posts.a_fkey': key(' ON DELETE SET NULL'),
        'constraint public.posts.same_fk': key(''),
      },
    ),
  ).toEqual([]);
});
