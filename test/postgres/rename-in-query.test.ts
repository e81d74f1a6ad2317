import { beforeAll, describe, expect, it } from 'vitest';
import { type QueryRename, renameInQuery } from '../../src/postgres/rename-in-query.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';

beforeAll(() => loadSqlParser());

const table = { schema: 'public', name: 'docs' };
const column: QueryRename = {
  table,
  column: 'title',
  to: 'name',
  hasColumn: ({ name }) => name === 'users',
  isExpression: false,
  isOwnRow: false,
  quotedOnly: false,
};

describe('a column renamed in a query', () => {
  it.each([
    ['select "id", "title" from "docs"', 'select "id", "name" from "docs"'],
    ['select docs.title from docs', 'select docs.name from docs'],
    ['select "d"."title" from "docs" "d"', 'select "d"."name" from "docs" "d"'],
    ['select "docs"."title" from "public"."docs"', 'select "docs"."name" from "public"."docs"'],
    ["select 'title', title as title from docs", "select 'title', name as title from docs"],
    ['select lower(title) from docs where title(1) = 1', 'select lower(name) from docs where title(1) = 1'],
    [
      'select "docs"."title", "users"."title" from "docs" inner join "users" on true',
      'select "docs"."name", "users"."title" from "docs" inner join "users" on true',
    ],
    ["select 'ü', title from docs", "select 'ü', name from docs"],
  ])('%s', (before, after) => {
    expect(renameInQuery(before, column).sql).toBe(after);
  });

  it.each([
    'select title from users',
    'select title from docs, users',
    'select u.title from docs d join users u on true',
    'select title from app.docs',
    'select title from',
  ])('stays in %s', (sql) => {
    expect(renameInQuery(sql, column)).toEqual({ sql, isSelected: false });
  });

  it('is told where it is selected under its own name', () => {
    expect(renameInQuery('select title from docs', column).isSelected).toBe(true);
    expect(renameInQuery('select title as t from docs where title = 1', column).isSelected).toBe(false);
  });

  it('follows in an expression about a row, and in the subqueries of it', () => {
    const own = { ...column, isExpression: true, isOwnRow: true };
    expect(renameInQuery('title is not null and "docs"."title" > 1', own).sql).toBe(
      'name is not null and "docs"."name" > 1',
    );
    const other = { ...column, isExpression: true };
    expect(renameInQuery('exists (select 1 from docs d where d.title = title)', other).sql).toBe(
      'exists (select 1 from docs d where d.name = name)',
    );
    expect(renameInQuery('title = 1', other).sql).toBe('title = 1');
  });

  it('can be left to the names that a query builder quotes', () => {
    const quoted = { ...column, quotedOnly: true };
    expect(renameInQuery('select title, "title" from docs', quoted).sql).toBe(
      'select title, "name" from docs',
    );
  });
});

describe('a table renamed in a query', () => {
  it.each([
    ['select "docs"."title" from "docs"', 'select "name"."title" from "name"'],
    ['select d.title from docs d', 'select d.title from name d'],
    ['select docs.title from public.docs', 'select name.title from public.name'],
    ['select docs.id from users docs', 'select docs.id from users docs'],
  ])('%s', (before, after) => {
    expect(renameInQuery(before, { ...column, column: undefined }).sql).toBe(after);
  });
});
