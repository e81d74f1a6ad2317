import { afterAll, beforeAll, expect, it } from 'vitest';
import { dependantName } from '../../src/plan/dependants.ts';
import { type PgliteEngine, startPglite } from '../../src/postgres/engines/pglite.ts';
import { readDependants } from '../../src/postgres/read-dependants.ts';

let engine: PgliteEngine;
beforeAll(async () => {
  engine = await startPglite();
});
afterAll(() => engine.close());

it('reads what stands on which columns', async () => {
  await engine.exec(`
    create schema app;
    create table app.docs (id int primary key, title text, owner text, at timestamptz);
    create table notes (id int, doc_id int);
    create view titles as select id, title from app.docs;
    create view app.counted as select count(*) from notes;
    create materialized view loud as select upper(title) as t from app.docs;
    create view of_titles as select title from titles;
    alter table notes enable row level security;
    create policy mine on notes using (exists (select from app.docs d where d.id = doc_id and d.owner = current_user));
    create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
    create trigger touched before update of title on app.docs for each row execute function touch();`);
  const found = await readDependants(engine);
  const columns = (name: string) =>
    found
      .filter((each) => dependantName(each) === name)
      .flatMap(({ standsOn }) =>
        standsOn.map((each) => `${each.table.schema}.${each.table.name}.${String(each.columns)}`),
      );
  expect(columns('view titles').toSorted()).toEqual(['app.docs.id', 'app.docs.title']);
  expect(columns('view app.counted')).toEqual(['public.notes.all']);
  expect(columns('materialized view loud')).toEqual(['app.docs.title']);
  expect(columns('policy mine of notes').toSorted()).toEqual([
    'app.docs.id',
    'app.docs.owner',
    'public.notes.doc_id',
  ]);
  expect(columns('trigger touched of app.docs')).toEqual(['app.docs.title']);
  expect(columns('view of_titles')).toEqual([]);
});
