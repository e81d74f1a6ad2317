import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runDocsCommand } from '../../src/commands/docs.ts';
import { runMigrationCommand } from '../../src/commands/migration.ts';
import { runRehearseCommand } from '../../src/commands/rehearse.ts';
import { runReviewCommand } from '../../src/commands/review.ts';
import { runUndoCommand } from '../../src/commands/undo.ts';
import { drizzleKit, makeProject } from '../round-trip/project.ts';
import { treeOf } from '../workspace/tree.ts';

let base: string;
beforeAll(() => {
  base = makeProject();
});

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan repair-'));
  cpSync(base, root, { recursive: true, verbatimSymlinks: true });
  return root;
}

function edit(root: string, path: string, change: (text: string) => string): void {
  writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8')));
}

/** A migration as people add them without drizzle-kit: a file and a journal entry, no snapshot. */
function withoutSnapshot(root: string, tag: string, sql: string): void {
  writeFileSync(join(root, `drizzle/${tag}.sql`), sql);
  edit(root, 'drizzle/meta/_journal.json', (text) => {
    const journal = JSON.parse(text);
    const last = journal.entries.at(-1);
    const entry = { ...last, idx: last.idx + 1, when: last.when + 1, tag };
    return JSON.stringify({ ...journal, entries: [...journal.entries, entry] }, null, 2);
  });
}

/** The column of the hand-written migrations, in the schema source. */
function declareLevel(root: string): void {
  edit(root, 'src/schema.ts', (text) =>
    text.replace("city: text('city'),", "city: text('city'),\n    level: integer('level'),"),
  );
}

const migrate = (cwd: string, words: string[], more: object = {}) =>
  runMigrationCommand({
    cwd,
    words,
    dryRun: false,
    typecheck: false,
    tests: false,
    rehearse: false,
    enforce: false,
    say: () => undefined,
    ...more,
  });
const repaired = (cwd: string, words: string[] = []) => migrate(cwd, words, { repairSnapshots: true });
const tablesIn = (root: string, file: string) =>
  JSON.parse(readFileSync(join(root, 'drizzle/meta', file), 'utf8')).tables;

describe('a history whose newest migration was written by hand, without a snapshot', () => {
  it('is not added to before the snapshot is made, and says how', async () => {
    const root = project();
    declareLevel(root);
    withoutSnapshot(root, '0001_level', 'ALTER TABLE people ADD COLUMN level integer;');
    const before = treeOf(root);
    await expect(migrate(root, ['people', 'phone:text'])).rejects.toMatchObject({
      code: 'answer-needed',
      exitCode: 3,
      missing: [{ supply: '--repair-snapshots' }],
      hint: expect.stringContaining('not drizzle-kit generate --custom'),
    });
    expect(treeOf(root)).toBe(before);
  });

  it('gets one with the next migration, in the same step, and undo takes both back', async () => {
    const root = project();
    declareLevel(root);
    withoutSnapshot(root, '0001_level', 'ALTER TABLE people ADD COLUMN level integer;');
    const before = readdirSync(join(root, 'drizzle/meta'));
    const outcome = await migrate(root, ['people', 'phone:text'], { repairSnapshots: true, rehearse: true });
    expect(outcome).toMatchObject({
      status: 'done',
      draft: { proof: { stopping: [], rehearsal: { up: 'ok', drift: [], rollback: 'exact' } } },
    });
    expect(readFileSync(join(root, 'drizzle/0002_add_phone_to_people.sql'), 'utf8')).toBe(
      'ALTER TABLE "people" ADD COLUMN "phone" text;',
    );
    expect(tablesIn(root, '0001_snapshot.json')['public.people'].columns.level.type).toBe('integer');
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
    expect(drizzleKit(root, 'check')).toContain("Everything's fine");
    const record = readFileSync(join(root, 'docs/migrations/migration-0002-add-phone-to-people.md'), 'utf8');
    expect(record).toContain('The snapshot of 0001_level was missing');
    await runUndoCommand({ cwd: root, dryRun: false, evenIfApplied: false, say: () => undefined });
    expect(readdirSync(join(root, 'drizzle/meta'))).toEqual(before);
  });

  it('gets one alone, and leaves out what the schema files never had', async () => {
    const root = project();
    withoutSnapshot(
      root,
      '0001_more',
      'CREATE INDEX by_hand ON people (nick);\nCREATE TABLE spares (id int PRIMARY KEY);',
    );
    const outcome = await repaired(root);
    expect(outcome).toMatchObject({ status: 'no_changes', repairs: [{ before: null }] });
    const messages = outcome.status === 'no_changes' ? outcome.notices.map(({ message }) => message) : [];
    expect(messages).toEqual([
      expect.stringContaining('was missing: it was made from the history'),
      expect.stringMatching(/leaves out .*index by_hand.*table spares/),
    ]);
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
  });

  it('keeps what the sources have dropped since, for a migration to come', async () => {
    const root = project();
    withoutSnapshot(root, '0001_level', 'ALTER TABLE people ADD COLUMN level integer;');
    edit(root, 'src/schema.ts', (text) =>
      text
        .replace("    city: text('city'),\n", "    level: integer('level'),\n")
        .replace(
          "unique('people_place').on(table.city, table.street)",
          "unique('people_place').on(table.level)",
        ),
    );
    await repaired(root);
    const { columns, uniqueConstraints } = tablesIn(root, '0001_snapshot.json')['public.people'];
    expect(Object.keys(columns)).toEqual(expect.arrayContaining(['city', 'level']));
    expect(uniqueConstraints.people_place.columns).toEqual(['city', 'street']);
  });

  it('does not get what the sources have and no migration made', async () => {
    const root = project();
    declareLevel(root);
    withoutSnapshot(root, '0001_data', "UPDATE people SET nick = 'x';");
    await repaired(root);
    expect(Object.keys(tablesIn(root, '0001_snapshot.json')['public.people'].columns)).not.toContain('level');
    await expect(migrate(root, ['people', 'phone:text'])).rejects.toMatchObject({ code: 'schema-drift' });
  });

  it('gets one where there never was any', async () => {
    const root = project();
    rmSync(join(root, 'drizzle/meta/0000_snapshot.json'));
    await repaired(root, ['people', 'phone:text']);
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
    expect(drizzleKit(root, 'check')).toContain("Everything's fine");
  });

  it('is refused a guess: what neither source nor snapshots have as the database does is named', async () => {
    const root = project();
    declareLevel(root);
    withoutSnapshot(root, '0001_level', 'ALTER TABLE people ADD COLUMN level bigint;');
    const before = treeOf(root);
    await expect(repaired(root)).rejects.toMatchObject({
      code: 'history-broken',
      message: expect.stringContaining('column people.level'),
    });
    expect(treeOf(root)).toBe(before);
  });

  it('is refused where it cannot be replayed, with the migration that fails', async () => {
    const root = project();
    withoutSnapshot(root, '0001_bad', 'ALTER TABLE nowhere ADD COLUMN x int;');
    await expect(repaired(root)).rejects.toMatchObject({
      code: 'history-broken',
      message: expect.stringContaining('0001_bad'),
    });
  });

  it('is reviewed, rehearsed against the schema source, and documented until then', async () => {
    const root = project();
    declareLevel(root);
    withoutSnapshot(root, '0001_level', 'ALTER TABLE people ADD COLUMN level integer;');
    const review = await runReviewCommand({
      cwd: root,
      files: [],
      all: false,
      failOn: 'error',
      cache: false,
    });
    expect(review.files).toBe(1);
    expect(review.findings).toContainEqual(
      expect.objectContaining({ rule: 'snapshot-chain', fix: expect.stringContaining('version control') }),
    );
    const { rehearsal, notCompared } = await runRehearseCommand({ cwd: root, enforce: false });
    expect(notCompared).toBeUndefined();
    expect(rehearsal).toMatchObject({
      up: 'ok',
      drift: [],
      comparedWith: 'schema source',
    });
    const docs = await runDocsCommand({
      cwd: root,
      check: false,
      dryRun: false,
      backfill: false,
      say: () => undefined,
    });
    expect(docs.notices.map(({ rule }) => rule)).toContain('missing-snapshot');
    expect(readFileSync(join(root, 'docs/migrations/schema.md'), 'utf8')).toContain('level');
  });
});

describe('a newest snapshot that is a copy of the one before', () => {
  function copied(root: string): void {
    declareLevel(root);
    drizzleKit(root, 'generate', '--custom', '--name', 'level');
    writeFileSync(join(root, 'drizzle/0001_level.sql'), 'ALTER TABLE people ADD COLUMN level integer;');
  }

  it('is told from a change of the sources that no migration has', async () => {
    const root = project();
    copied(root);
    await expect(migrate(root, ['people', 'phone:text'])).rejects.toMatchObject({
      code: 'answer-needed',
      message: expect.stringMatching(/0001_snapshot\.json lags behind/),
      missing: [{ supply: '--repair-snapshots' }],
    });
  });

  it('is corrected under its own id, with the next migration', async () => {
    const root = project();
    copied(root);
    const { id, prevId } = JSON.parse(readFileSync(join(root, 'drizzle/meta/0001_snapshot.json'), 'utf8'));
    await repaired(root, ['people', 'phone:text']);
    expect(JSON.parse(readFileSync(join(root, 'drizzle/meta/0001_snapshot.json'), 'utf8'))).toMatchObject({
      id,
      prevId,
    });
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
  });

  it('is a finding of its own when the migration is rehearsed', async () => {
    const root = project();
    copied(root);
    const outcome = await runRehearseCommand({ cwd: root, enforce: false });
    expect(outcome.rehearsal).toMatchObject({ up: 'ok', drift: [] });
    expect(outcome.stopping).toEqual([
      expect.objectContaining({ rule: 'snapshot-lags', objects: ['people.level'] }),
    ]);
  });
});

describe('a snapshot that belongs to no migration', () => {
  const orphan = (root: string): void =>
    cpSync(join(root, 'drizzle/meta/0000_snapshot.json'), join(root, 'drizzle/meta/0007_snapshot.json'));

  it('stops only what it would spoil, and is removed on request', async () => {
    const root = project();
    orphan(root);
    await expect(migrate(root, ['people', 'phone:text'])).rejects.toMatchObject({
      code: 'history-broken',
      hint: expect.stringContaining('--repair-snapshots'),
    });
    // What is there already needs no migration.
    expect(await migrate(root, ['people', 'city:text'])).toMatchObject({ status: 'no_changes' });
    await repaired(root, ['people', 'phone:text']);
    expect(existsSync(join(root, 'drizzle/meta/0007_snapshot.json'))).toBe(false);
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
  });
});
