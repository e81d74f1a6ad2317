import { beforeAll, expect, it } from 'vitest';
import { snapshotDependants } from '../../../src/orm/drizzle/snapshot-dependants.ts';
import { EMPTY_SNAPSHOT, type SnapshotJson } from '../../../src/orm/drizzle/snapshot-json.ts';
import { dependantName } from '../../../src/plan/dependants.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';

beforeAll(loadSqlParser);

const table = (name: string, columns: readonly string[], policies: object = {}) => ({
  name,
  schema: '',
  columns: Object.fromEntries(columns.map((column) => [column, { name: column, type: 'text' }])),
  policies,
});

function standsOn(definitions: Readonly<Record<string, string>>, policies: object = {}) {
  const views = Object.entries(definitions).map(([name, definition]) => [
    name,
    { name, schema: 'public', definition },
  ]);
  const snapshot = {
    ...(EMPTY_SNAPSHOT as object),
    tables: {
      docs: table('docs', ['id', 'title', 'body'], policies),
      notes: table('notes', ['id', 'doc_id']),
    },
    views: Object.fromEntries(views) as object,
  } as unknown as SnapshotJson;
  return Object.fromEntries(
    snapshotDependants(snapshot).map((each) => [
      dependantName(each),
      each.standsOn.flatMap(({ table: { name }, columns }) => [
        name,
        ...[columns].flat().map((column) => `${name}.${column}`),
      ]),
    ]),
  );
}

it.each([
  ['a query builder', `select "id", "title" from "docs"`, ['docs', 'docs.id', 'docs.title']],
  [
    'a query by hand',
    'select d.title from docs d where d.body is not null',
    ['docs', 'docs.title', 'docs.body'],
  ],
  [
    'a join',
    'select d.title from docs d join notes n on n.doc_id = d.id',
    ['docs', 'docs.id', 'docs.title', 'notes', 'notes.doc_id'],
  ],
  ['everything', 'select * from notes', ['notes', 'notes.id', 'notes.doc_id']],
  [
    'everything of one',
    'select n.* from notes n, docs',
    ['docs', 'docs.id', 'docs.title', 'docs.body', 'notes', 'notes.id', 'notes.doc_id'],
  ],
  ['a count', 'select count(*) from notes', ['notes']],
  ['no SQL that Postgres reads', 'select from where', []],
])('a view by %s', (_, definition, expected) => {
  expect(standsOn({ v: definition })).toEqual({ 'view v': expected });
});

it('a policy stands on columns of its own table and of others', () => {
  const policies = {
    mine: {
      name: 'mine',
      using: 'title = current_user',
      withCheck: 'exists (select 1 from notes n where n.doc_id = docs.id)',
    },
  };
  const { 'policy mine of docs': found } = standsOn({}, policies);
  expect(found).toEqual(expect.arrayContaining(['docs.title', 'notes.doc_id', 'docs.id']));
  expect(found).not.toContain('docs.body');
});
