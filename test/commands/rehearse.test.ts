import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runRehearseCommand, type RehearseOutcome } from '../../src/commands/rehearse.ts';
import { reportRehearsed } from '../../src/report/json.ts';
import { renderRehearsed } from '../../src/report/rehearsed.ts';
import { drizzleKit, makeProject } from '../round-trip/project.ts';

let base: string;
beforeAll(() => {
  base = makeProject();
});

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan rehearse-'));
  cpSync(base, root, { recursive: true, verbatimSymlinks: true });
  return root;
}

/** A migration as teams write them by hand: its snapshot is the one before. */
function byHand(root: string, name: string, up: string, down?: string): void {
  drizzleKit(root, 'generate', '--custom', '--name', name);
  const { entries } = JSON.parse(readFileSync(join(root, 'drizzle/meta/_journal.json'), 'utf8')) as {
    entries: { tag: string }[];
  };
  const tag = entries.at(-1)!.tag;
  writeFileSync(join(root, `drizzle/${tag}.sql`), up);
  if (down !== undefined) writeFileSync(join(root, `drizzle/${tag}.down.sql`), down);
}

/** A change of the schema file, and the migration that drizzle-kit makes of it. */
function generated(root: string, from: string, to: string): void {
  const path = join(root, 'src/schema.ts');
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
  drizzleKit(root, 'generate');
}

const rehearsed = (cwd: string, more: object = {}): Promise<RehearseOutcome> =>
  runRehearseCommand({ cwd, enforce: false, ...more });
const rulesOf = ({ stopping }: RehearseOutcome): string[] => stopping.map(({ rule }) => rule);

describe('an existing migration', () => {
  it('has a rollback script that is wrong in several things: each of them is named', async () => {
    const root = project();
    byHand(
      root,
      'rename',
      'ALTER TABLE people RENAME TO humans;',
      `ALTER TABLE humans RENAME TO people;
       COMMENT ON TABLE people IS 'left over';
       GRANT SELECT ON people TO PUBLIC;
       ALTER TABLE people DISABLE TRIGGER ALL;
       CREATE STATISTICS left_over ON id, city FROM people;
       ALTER TABLE people ALTER city SET STATISTICS 500;`,
    );
    const { rehearsal } = await rehearsed(root);
    expect(rehearsal).toMatchObject({ up: 'ok', down: 'ok', rollback: 'irreversible' });
    expect(rehearsal?.lost.map((line) => line.replace(/ (is|stays) .*/s, ''))).toEqual(
      expect.arrayContaining([
        'comment on table public.people',
        'privileges on table public.people',
        'settings of column public.people.city',
        'statistics public.left_over',
      ]),
    );
  });

  it('without a rollback script is rehearsed upwards, and said to be irreversible', async () => {
    const outcome = await rehearsed(project(), { migration: '0' });
    expect(outcome).toMatchObject({
      migration: '0000_init',
      rollbackFile: undefined,
      rehearsal: {
        up: 'ok',
        down: 'not run',
        rollback: 'irreversible',
        drift: [],
        comparedWith: 'schema source',
      },
    });
  });

  it('that drizzle-kit generated is what its snapshot says', async () => {
    const root = project();
    generated(root, "city: text('city'),", "city: text('city'),\n    phone: text('phone').unique(),");
    const outcome = await rehearsed(root);
    expect(outcome.rehearsal).toMatchObject({ drift: [], comparedWith: 'schema source', notTested: [] });
  });

  it('whose text was changed after drizzle-kit wrote it drifts from the schema source', async () => {
    const root = project();
    generated(root, "city: text('city'),", "city: text('city'),\n    phone: text('phone'),");
    const { entries } = JSON.parse(readFileSync(join(root, 'drizzle/meta/_journal.json'), 'utf8')) as {
      entries: { tag: string }[];
    };
    const path = join(root, `drizzle/${entries.at(-1)!.tag}.sql`);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"phone" text', '"phone" varchar(20)'));
    const outcome = await rehearsed(root);
    expect(outcome.rehearsal?.drift).toEqual([
      { object: 'column public.people.phone', expected: 'text', actual: 'character varying(20)' },
    ]);
    expect(rulesOf(outcome)).toContain('unrelated-drift');
  });

  it('written by hand is stopped by what the schema source does not know, and leads back by its script', async () => {
    const root = project();
    byHand(
      root,
      'by_hand',
      'CREATE INDEX by_hand ON people (nick);\nUPDATE people SET nick = nick;',
      'DROP INDEX by_hand;',
    );
    const outcome = await rehearsed(root);
    expect(outcome.rehearsal).toMatchObject({ up: 'ok', down: 'ok', again: 'ok', rollback: 'exact' });
    expect(outcome.findings).toContainEqual(
      expect.objectContaining({
        rule: 'unrelated-drift',
        severity: 'error',
        message: expect.stringContaining('index public.by_hand: not expected') as string,
        fix: expect.stringContaining('-- tableplan:allow unrelated-drift') as string,
      }),
    );
  });

  it('written by hand may make functions, triggers and comments, which no schema source has', async () => {
    const root = project();
    byHand(
      root,
      'touch',
      `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.nick := 'x'; RETURN NEW; END $$;
       CREATE TRIGGER touch BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION touch();
       COMMENT ON TABLE people IS 'all of them';`,
    );
    expect((await rehearsed(root)).rehearsal).toMatchObject({ up: 'ok', drift: [] });
  });

  it('is not blamed for what an earlier one did by hand', async () => {
    const root = project();
    byHand(root, 'older', 'CREATE INDEX older ON people (nick);');
    byHand(root, 'newer', "INSERT INTO teams (name) VALUES ('first');");
    const outcome = await rehearsed(root);
    expect(outcome.rehearsal).toMatchObject({ up: 'ok', drift: [] });
    expect(outcome.stopping).toEqual([]);
  });

  it('that changes rows on purpose is not said to lose any', async () => {
    const root = project();
    byHand(root, 'data', "UPDATE people SET city = 'here'; DELETE FROM logs;");
    const { findings, stopping } = await rehearsed(root);
    const changed = findings.filter(({ rule }) => rule === 'values-changed');
    expect(changed.map(({ severity, objects }) => [severity, objects.at(-1)])).toEqual([
      ['info', 'logs'],
      ['info', 'people.city'],
    ]);
    expect(stopping).toEqual([]);
  });

  it('that takes a column away by CASCADE is stopped, unless a comment in it says why', async () => {
    const root = project();
    byHand(root, 'cascade', 'DROP TYPE mood CASCADE;');
    const stopped = await rehearsed(root);
    expect(stopped.stopping).toContainEqual(
      expect.objectContaining({ rule: 'values-lost', objects: ['people', 'people.mood'] }),
    );
    expect(stopped.stopping).toContainEqual(expect.objectContaining({ rule: 'drop-cascade' }));
    byHand(
      root,
      'allowed',
      '-- tableplan:allow values-lost nobody is unused\nDROP TYPE unused_kind CASCADE;',
    );
    writeFileSync(
      join(root, 'drizzle/0001_cascade.sql'),
      `-- tableplan:allow values-lost moods are gone since 41
-- tableplan:allow unrelated-drift the schema follows
-- tableplan:allow drop-cascade the column is all that uses it
DROP TYPE mood CASCADE;`,
    );
    expect((await rehearsed(root, { migration: '1' })).stopping).toEqual([]);
  });

  it('is not said to fail for want of an extension that this engine lacks, and not called rehearsed', async () => {
    const root = project();
    byHand(
      root,
      'extension',
      'CREATE EXTENSION IF NOT EXISTS nowhere;\nCREATE TABLE maps (id int PRIMARY KEY);',
    );
    const outcome = await rehearsed(root);
    const { rehearsal, findings } = outcome;
    expect([rehearsal, rulesOf(outcome)]).toEqual([undefined, ['not-rehearsed']]);
    expect(reportRehearsed(outcome)).toMatchObject({
      status: 'findings',
      rehearsal: {
        state: 'not-rehearsed',
        reason: 'This engine does not have the extension nowhere.',
        how: expect.stringContaining('--engine postgres://') as string,
      },
    });
    expect(renderRehearsed(outcome, { color: false })).toMatch(
      /^NOT REHEARSED: This engine does not have the extension nowhere\.\n {2}Name the URL/,
    );
    expect(findings).toContainEqual(
      expect.objectContaining({
        rule: 'not-rehearsed',
        severity: 'warning',
        message: expect.stringContaining('does not have the extension nowhere') as string,
      }),
    );
  });

  it('that is not the newest and has no snapshot is compared with nothing, which is said and is no success', async () => {
    const root = project();
    byHand(root, 'without', 'CREATE INDEX without ON people (nick);', 'DROP INDEX without;');
    byHand(root, 'newer', 'SELECT 1;');
    rmSync(join(root, 'drizzle/meta/0001_snapshot.json'));
    const outcome = await rehearsed(root, { migration: '1' });
    expect(outcome.rehearsal).toMatchObject({ up: 'ok', rollback: 'exact', comparedWith: undefined });
    expect(rulesOf(outcome)).toEqual(['not-compared']);
    expect(reportRehearsed(outcome)).toMatchObject({
      rehearsal: {
        state: 'rehearsed',
        comparison: {
          state: 'not-compared',
          reason: expect.stringContaining('no snapshot of 0001_without') as string,
        },
      },
    });
    expect(renderRehearsed(outcome, { color: false })).toMatch(/^NOT COMPARED: There is no snapshot/);
  });

  it('stops where an earlier one has the markers of a merge conflict', async () => {
    const root = project();
    byHand(root, 'merged', '<<<<<<< HEAD\nSELECT 1;\n=======\nSELECT 2;\n>>>>>>> other\n');
    byHand(root, 'newer', 'SELECT 1;');
    const stopped = await rehearsed(root);
    expect(rulesOf(stopped)).toEqual(['not-rehearsed']);
    expect(stopped.notRehearsed).toMatchObject({
      reason: expect.stringContaining('line 1 of 0001_merged.sql fails (42601') as string,
      how: expect.stringContaining('Fix line 1 of 0001_merged.sql') as string,
    });
    const own = await rehearsed(root, { migration: '0001_merged' });
    expect(own.stopping.map(({ rule, message }) => [rule, message])).toContainEqual([
      'unanalysable',
      'The file has the markers of a merge conflict: it is no SQL.',
    ]);
  });

  it('is refused where the file of an earlier one is gone', async () => {
    const root = project();
    byHand(root, 'older', 'SELECT 1;');
    byHand(root, 'newer', 'SELECT 1;');
    rmSync(join(root, 'drizzle/0001_older.sql'));
    await expect(rehearsed(root)).rejects.toMatchObject({
      code: 'history-broken',
      message: expect.stringContaining('0001_older') as string,
    });
  });

  it('that is not there is named, with the newest one', async () => {
    await expect(rehearsed(project(), { migration: '99' })).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining('0000') as string,
    });
  });

  it('is not rehearsed on an engine that nobody knows', async () => {
    await expect(rehearsed(project(), { engine: 'mysql://root:secret@host/db' })).rejects.toMatchObject({
      code: 'usage',
      exitCode: 2,
      message: expect.not.stringContaining('secret') as string,
    });
  });
});

describe('a new environment', () => {
  it('is rehearsed with --fresh: the whole history in one transaction, as drizzle runs it', async () => {
    const root = project();
    byHand(root, 'more', 'CREATE TABLE notes (id int PRIMARY KEY);');
    expect(rulesOf(await rehearsed(root, { fresh: true }))).not.toContain('fresh-history-fails');
  });

  it('stops where a migration alters what an earlier one leaves with checks to come', async () => {
    const root = project();
    byHand(
      root,
      'deferred',
      `ALTER TABLE seats ADD CONSTRAINT deferred FOREIGN KEY (person_id) REFERENCES people DEFERRABLE INITIALLY DEFERRED;
       INSERT INTO seats ("row", place, person_id) VALUES (1, 1, NULL), (1, 2, (SELECT id FROM people LIMIT 1));
       INSERT INTO people (email) VALUES ('first'); UPDATE seats SET person_id = (SELECT id FROM people LIMIT 1);`,
    );
    byHand(root, 'alter', 'ALTER TABLE seats ADD COLUMN note text;');
    // One after the other, as a running environment gets them, they pass.
    const apart = await rehearsed(root);
    expect(apart.rehearsal).toMatchObject({ up: 'ok' });
    const outcome = await rehearsed(root, { fresh: true });
    expect(outcome.findings).toContainEqual(
      expect.objectContaining({
        rule: 'fresh-history-fails',
        severity: 'error',
        message: expect.stringMatching(/stops at 0002_alter: .*pending trigger events \[55006\]/) as string,
      }),
    );
  });

  it('is not stopped by roles and extensions, which are the server’s matter', async () => {
    const root = project();
    byHand(root, 'role', 'CREATE EXTENSION IF NOT EXISTS nowhere;\nGRANT SELECT ON people TO nobody_there;');
    byHand(root, 'more', 'CREATE TABLE notes (id int PRIMARY KEY);');
    expect(rulesOf(await rehearsed(root, { fresh: true }))).not.toContain('fresh-history-fails');
  });
});
