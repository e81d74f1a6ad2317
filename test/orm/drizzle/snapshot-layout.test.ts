import { join } from 'node:path';
import { expect, it } from 'vitest';
import { layOutSnapshots } from '../../../src/orm/drizzle/snapshot-layout.ts';
import { makeTree } from '../../workspace/tree.ts';

const PRETTIER = { '.prettierrc': '{ "printWidth": 100 }\n' };
const TABS = { '.prettierrc': '{ "useTabs": true }\n' };

const snapshot = (id: string) => ({ id, tables: { notes: { columns: ['id', 'title'] } } });
const raw = (id: string) => JSON.stringify(snapshot(id), null, 2);
const short = (id: string) => `{
  "id": "${id}",
  "tables": {
    "notes": {
      "columns": ["id", "title"]
    }
  }
}
`;

/** The new snapshot of a project, whose newest one is as given; and the SQL beside it, which no formatter gets. */
async function laidOut(files: Readonly<Record<string, string>>, newest: string | undefined) {
  const root = makeTree({ 'package.json': '{ "private": true }\n', ...files }, 'tableplan layout-');
  const edits = [
    { path: join(root, 'drizzle/meta/0001_snapshot.json'), before: null, after: raw('b') },
    { path: join(root, 'drizzle/0001_b.sql'), before: null, after: 'select  1' },
  ];
  const [made, sql] = await layOutSnapshots(edits, { newest, root });
  expect(sql?.after).toBe('select  1');
  return made?.after;
}

it('a new snapshot is formatted where the newest one was', async () => {
  expect(await laidOut(PRETTIER, short('a'))).toBe(short('b'));
});

it('and as the project has configured it', async () => {
  const tabs = (id: string) => short(id).replaceAll('  ', '\t');
  expect(await laidOut(TABS, tabs('a'))).toBe(tabs('b'));
});

it.each([
  ['the newest one is as drizzle-kit wrote it', PRETTIER, raw('a')],
  ['there is none before', PRETTIER, undefined],
  ['the project has no formatter', {}, short('a')],
  ['the formatter would change the newest one', PRETTIER, `${raw('a')}\n`],
])('it is as drizzle-kit writes it where %s', async (_, files, newest) => {
  expect(await laidOut(files, newest)).toBe(raw('b'));
});
