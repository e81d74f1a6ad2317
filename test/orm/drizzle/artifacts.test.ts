import { expect, it } from 'vitest';
import { readArtifacts } from '../../../src/orm/drizzle/artifacts.ts';

const entry = (idx: number, tag: string, when: number) => ({
  idx,
  version: '7',
  when,
  tag,
  breakpoints: true,
});
const journal = (...entries: object[]) => JSON.stringify({ version: '7', dialect: 'postgresql', entries });
const previous = { version: '7', dialect: 'postgresql', entries: [entry(0, '0000_init', 100)] };
const context = {
  name: 'add_nick',
  previous,
  parentId: 'parent',
  output: 'what drizzle-kit said',
  ahead: 0,
};

const whole = new Map([
  ['meta/_journal.json', journal(entry(0, '0000_init', 100), entry(1, '0001_tableplan_pending', 200))],
  ['0001_tableplan_pending.sql', 'ALTER …;'],
  ['meta/0001_snapshot.json', JSON.stringify({ id: 'new', prevId: 'parent' })],
]);
const without = (path: string) => new Map([...whole].filter(([name]) => name !== path));

it('gives the migration its real name', () => {
  expect(readArtifacts(whole, context)).toMatchObject({
    tag: '0001_add_nick',
    number: '0001',
    sql: 'ALTER …;',
    raisedWhen: false,
  });
  expect(readArtifacts(whole, context)?.journal).toContain('"tag": "0001_add_nick"');
});

it("counts on from the number of a project that began at 0001; the snapshot keeps drizzle-kit's", () => {
  expect(readArtifacts(whole, { ...context, ahead: 1 })).toMatchObject({
    tag: '0002_add_nick',
    number: '0002',
    entry: { idx: 1, tag: '0002_add_nick' },
    snapshot: { file: '0001_snapshot.json' },
  });
});

it('raises a stamp that is not above its predecessors', () => {
  const late = { ...previous, entries: [entry(0, '0000_init', 900)] };
  const files = new Map(whole).set(
    'meta/_journal.json',
    journal(late.entries[0] as object, entry(1, '0001_tableplan_pending', 200)),
  );
  expect(readArtifacts(files, { ...context, previous: late })).toMatchObject({
    entry: { when: 901 },
    raisedWhen: true,
  });
});

it('finds no migration where drizzle-kit says that nothing changes', () => {
  expect(
    readArtifacts(new Map(), { ...context, output: 'No schema changes, nothing to migrate' }),
  ).toBeUndefined();
});

it.each([
  ['nothing was written', new Map<string, string>()],
  ['the SQL is missing', without('0001_tableplan_pending.sql')],
  ['the snapshot is missing', without('meta/0001_snapshot.json')],
  ['there are two SQL files', new Map(whole).set('0002_other.sql', 'x')],
  [
    'the snapshot hangs on another one',
    new Map(whole).set('meta/0001_snapshot.json', JSON.stringify({ id: 'new', prevId: 'other' })),
  ],
  ['the journal is no JSON', new Map(whole).set('meta/_journal.json', '{')],
])('shows what drizzle-kit said when %s', (_, files) => {
  expect(() => readArtifacts(files, context)).toThrow(
    expect.objectContaining({ code: 'generate-failed', frame: 'what drizzle-kit said' }),
  );
});
