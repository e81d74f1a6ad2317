import { missingSnapshots } from '../../../src/orm/drizzle/check-history.ts';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  checkHistory,
  hadName,
  hasStatement,
  nextWhen,
  readHistory,
} from '../../../src/orm/drizzle/history.ts';

const ROOT = '00000000-0000-0000-0000-000000000000';
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

type Files = Readonly<Record<string, unknown>>;

async function historyOf(files: Files) {
  const folder = await mkdtemp(join(tmpdir(), 'history-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue;
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(
      join(folder, name),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    );
  }
  return readHistory(folder);
}

const snapshot = (id: string, prevId = ROOT, columns: readonly string[] = ['id']) => ({
  id,
  prevId,
  version: '7',
  dialect: 'postgresql',
  tables: {
    'public.users': {
      name: 'users',
      schema: '',
      indexes: {},
      foreignKeys: {},
      compositePrimaryKeys: {},
      uniqueConstraints: {},
      checkConstraints: {},
      columns: Object.fromEntries(
        columns.map((name) => [name, { name, type: 'text', primaryKey: false, notNull: false }]),
      ),
    },
  },
  enums: {},
  schemas: {},
  sequences: {},
  roles: {},
  policies: {},
  views: {},
  _meta: { columns: {}, schemas: {}, tables: {} },
});

const entry = (idx: number, tag: string, when = 1000 + idx) => ({
  idx,
  version: '7',
  when,
  tag,
  breakpoints: true,
});
const journal = (...entries: ReturnType<typeof entry>[]) => ({
  version: '7',
  dialect: 'postgresql',
  entries,
});

/** Two migrations as drizzle-kit leaves them. */
const sound: Files = {
  'meta/_journal.json': journal(entry(0, '0000_init'), entry(1, '0001_nick')),
  'meta/0000_snapshot.json': snapshot('a'),
  'meta/0001_snapshot.json': snapshot('b', 'a', ['id', 'nick']),
  '0000_init.sql': 'CREATE TABLE "users" ("id" text);',
  '0001_nick.sql': 'ALTER TABLE "users"\n  ADD COLUMN "nick" text;',
};

describe('a history as drizzle-kit leaves it', () => {
  it('is read with its newest snapshot, and nothing is wrong with it', async () => {
    const history = await historyOf(sound);
    expect(checkHistory(history)).toEqual([]);
    expect(history).toMatchObject({ nextIdx: 2, newest: { file: '0001_snapshot.json', json: { id: 'b' } } });
    expect(history.newest?.schema.tables[0]?.columns.map((column) => column.name)).toEqual(['id', 'nick']);
  });

  it('may be missing: nothing was migrated yet', async () => {
    const history = await readHistory(join(tmpdir(), 'no-such-folder-of-migrations'));
    expect(checkHistory(history)).toEqual([]);
    expect(history).toMatchObject({ nextIdx: 0, newest: undefined, journal: undefined, entries: [] });
  });

  it('may be numbered by time', async () => {
    const history = await historyOf({
      'meta/_journal.json': journal(entry(0, '20240101120000_init')),
      'meta/20240101120000_snapshot.json': snapshot('a'),
      '20240101120000_init.sql': '',
    });
    expect(checkHistory(history)).toEqual([]);
    expect(history.newest?.json.id).toBe('a');
  });

  it('has heads in any order of keys', async () => {
    const { id, prevId, ...rest } = snapshot('a');
    const history = await historyOf({ ...sound, 'meta/0000_snapshot.json': { ...rest, prevId, id } });
    expect(history.snapshots[0]).toMatchObject({ id: 'a', prevId: ROOT, version: '7' });
    expect(checkHistory(history)).toEqual([]);
  });
});

/** What was changed in the sound history, and what the error says of it. */
const BROKEN: Readonly<Record<string, { files: Files; message: RegExp; hint?: RegExp; code?: string }>> = {
  'SQL files without a journal': {
    files: { 'meta/_journal.json': undefined },
    message: /_journal\.json is missing, but 2 SQL files/,
  },
  'a journal without entries': {
    files: { 'meta/_journal.json': journal() },
    message: /has no entries, but 2 SQL files/,
  },
  'no snapshot of the newest migration': {
    files: { 'meta/0001_snapshot.json': undefined },
    message: /0001_snapshot\.json is missing/,
    hint: /replayed on a disposable Postgres/,
    code: 'answer-needed',
  },
  'a snapshot after the newest migration': {
    files: { 'meta/0002_snapshot.json': snapshot('c', 'b') },
    message: /0002_snapshot\.json belongs to no journal entry/,
  },
  'a journal with conflict markers': {
    files: { 'meta/_journal.json': '{\n<<<<<<< HEAD\n' },
    message: /is not JSON/,
    hint: /conflict markers/,
  },
  'a newest snapshot that is no JSON': {
    files: { 'meta/0001_snapshot.json': '{"id": ' },
    message: /0001_snapshot\.json is not JSON/,
    hint: /version control/,
  },
  'a journal that is no journal': {
    files: { 'meta/_journal.json': { entries: [{ tag: '../x' }] } },
    message: /is not a journal/,
  },
  'two snapshots with one parent': {
    files: {
      'meta/_journal.json': journal(entry(0, '0000_init'), entry(1, '0001_nick'), entry(2, '0002_age')),
      'meta/0002_snapshot.json': snapshot('c', 'a'),
      '0002_age.sql': '',
    },
    message: /0001_snapshot\.json and 0002_snapshot\.json have the same parent/,
    hint: /Delete the later migration .* pull, and run its plan again/,
  },
  'two migrations of one number at the head': {
    files: {
      'meta/_journal.json': journal(entry(0, '0000_init'), entry(1, '0001_age'), entry(2, '0001_nick')),
      '0001_age.sql': '',
    },
    message: /0001_age and 0001_nick bear the same number/,
  },
  'a newest snapshot that does not follow the one before': {
    files: { 'meta/0001_snapshot.json': snapshot('b', 'x') },
    message: /names a parent that is not there, not 0000_snapshot\.json/,
  },
  'an SQL file under the next number': {
    files: { '0002_left.sql': '' },
    message: /0002_left\.sql bears the number of the next migration/,
  },
  'a last idx that is too low': {
    files: { 'meta/_journal.json': journal(entry(0, '0000_init'), entry(0, '0001_nick')) },
    message: /would overwrite its snapshot/,
  },
  'a journal entry without SQL': {
    files: { '0000_init.sql': undefined },
    message: /0000_init\.sql is missing/,
  },
  'an older snapshot of another format': {
    files: { 'meta/0000_snapshot.json': { ...snapshot('a'), version: '5' } },
    message: /has the format 5/,
    hint: /drizzle-kit up/,
  },
  'an older snapshot that is no JSON': {
    files: { 'meta/0000_snapshot.json': 'oops' },
    message: /0000_snapshot\.json is not a snapshot/,
  },
  'the layout of drizzle-kit 1.0': {
    files: { '20260101120000_init/migration.sql': '' },
    message: /layout of drizzle-kit 1\.0/,
    code: 'orm-not-supported',
  },
};

describe('a history that would make drizzle-kit generate the wrong thing', () => {
  it.each(Object.entries(BROKEN))(
    'is refused for %s',
    async (_, { files, message, hint, code = 'history-broken' }) => {
      const error: unknown = await historyOf({ ...sound, ...files })
        .then(checkHistory)
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code,
        message: expect.stringMatching(message),
        at: { file: expect.any(String) },
      });
      expect((error as { hint: string }).hint).toMatch(hint ?? /\w/);
    },
  );
});

describe('what is odd but harmless', () => {
  it('is told of SQL that no journal has', async () => {
    const history = await historyOf({ ...sound, '0000_hand.sql': '' });
    expect(checkHistory(history).map((notice) => notice.rule)).toEqual(['orphan-sql']);
  });

  it('is told once of all snapshots that are missing below the newest, and not to every plan', async () => {
    const history = await historyOf({
      'meta/_journal.json': journal(entry(0, '0000_a'), entry(1, '0001_b'), entry(2, '0002_c')),
      'meta/0002_snapshot.json': snapshot('c'),
      '0000_a.sql': '',
      '0001_b.sql': '',
      '0002_c.sql': '',
    });
    expect(checkHistory(history)).toEqual([]);
    expect(missingSnapshots(history)).toMatchObject([
      {
        severity: 'info',
        rule: 'missing-snapshot',
        message:
          '0000_a and 0001_b have no snapshot; a newer migration has, so nothing is missing for the next one',
      },
    ]);
    const sole = await historyOf({ ...sound, 'meta/0000_snapshot.json': undefined });
    expect(missingSnapshots(sole).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^0000_\w+ has no snapshot/),
    ]);
    expect(missingSnapshots(await historyOf(sound))).toEqual([]);
  });

  it('is not told for gaps and a start at 1', async () => {
    const history = await historyOf({
      'meta/_journal.json': { ...journal(entry(1, '0001_init'), entry(5, '0005_nick')), version: '5' },
      'meta/0001_snapshot.json': snapshot('a'),
      'meta/0005_snapshot.json': snapshot('b', 'a'),
      '0001_init.sql': '',
      '0005_nick.sql': '',
    });
    expect(checkHistory(history)).toEqual([]);
    expect(history.nextIdx).toBe(6);
  });
});

describe('a history that people count from 0001, in which snapshots keep the idx', () => {
  const counted: Files = {
    'meta/_journal.json': journal(entry(0, '0001_init'), entry(1, '0002_hand'), entry(2, '0003_nick')),
    'meta/0000_snapshot.json': snapshot('a'),
    'meta/0002_snapshot.json': snapshot('b', 'a', ['id', 'nick']),
    '0001_init.sql': '',
    '0002_hand.sql': '',
    '0003_nick.sql': '',
  };

  it('has its newest snapshot, and goes on with the next number', async () => {
    const history = await historyOf(counted);
    expect(history).toMatchObject({ nextIdx: 3, numbering: { ahead: 1 }, newest: { json: { id: 'b' } } });
    expect(missingSnapshots(history).map(({ message }) => message.split(' ')[0])).toEqual(['0002_hand']);
  });

  it('gets a missing one under the idx', async () => {
    const history = await historyOf({ ...counted, 'meta/0002_snapshot.json': undefined });
    expect(() => checkHistory(history)).toThrow(/0002_snapshot\.json is missing: .* 0003_nick/);
  });

  it('is counted as drizzle-kit does where snapshots follow the files', async () => {
    const { 'meta/0002_snapshot.json': newest, ...others } = counted;
    const history = await historyOf({ ...others, 'meta/0003_snapshot.json': newest });
    expect(history).toMatchObject({ numbering: { ahead: 0 }, newest: { json: { id: 'b' } } });
    expect(() => checkHistory(history)).toThrow(/idx is 2, but a migration with the number 0003 exists/);
  });
});

describe('what a history remembers', () => {
  const users = { schema: 'public', name: 'users' };
  const later: Files = {
    ...sound,
    'meta/_journal.json': journal(entry(0, '0000_init'), entry(1, '0001_nick'), entry(2, '0002_drop')),
    'meta/0002_snapshot.json': snapshot('c', 'b'),
    '0002_drop.sql': '',
  };

  it('is every name that an older snapshot has', async () => {
    const history = await historyOf(later);
    expect(await hadName(history, { kind: 'column', table: users, name: 'nick' })).toBe(true);
    expect(await hadName(history, { kind: 'column', table: users, name: 'nck' })).toBe(false);
    expect(await hadName(history, { kind: 'table', name: users })).toBe(true);
    expect(await hadName(history, { kind: 'enum-value', enum: users, name: 'a' })).toBe(false);
  });

  it('is every statement of its migrations, however it is broken into lines', async () => {
    const history = await historyOf(sound);
    expect(await hasStatement(history, 'ALTER TABLE "users" ADD COLUMN "nick" text')).toBe(true);
    expect(await hasStatement(history, 'ALTER TABLE "users" ADD COLUMN "age" text')).toBe(false);
  });

  it('puts the next migration after all others in time', async () => {
    const history = await historyOf(sound);
    expect([nextWhen(history, 500), nextWhen(history, 9000)]).toEqual([1002, 9000]);
  });
});
