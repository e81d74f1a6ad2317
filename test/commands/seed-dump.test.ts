import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMigrationCommand } from '../../src/commands/migration.ts';
import { runRehearseCommand } from '../../src/commands/rehearse.ts';
import { reportRehearsed } from '../../src/report/json.ts';
import { renderRehearsed } from '../../src/report/rehearsed.ts';
import { makeProject } from '../round-trip/project.ts';
import { reviewProject } from './review-project.ts';

let root: string;
beforeAll(() => {
  root = reviewProject({
    '0000_users': 'CREATE TABLE users (id int PRIMARY KEY, email text);',
    '0001_required': 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
  });
  writeFileSync(
    join(root, 'seed.sql'),
    'COPY public.users (id, email) FROM stdin;\n1\tada@example.org\n2\t\\N\n\\.\n',
  );
  writeFileSync(
    join(root, 'wrong.sql'),
    '\nCOPY public.users (id, email) FROM stdin;\nada\tada@example.org\n\\.\n',
  );
});
afterAll(() => rmSync(root, { recursive: true }));

const rehearsed = (seedDump: string, engine = 'pglite') =>
  runRehearseCommand({ cwd: root, seedDump, engine, enforce: false });

describe('tableplan rehearse --seed-dump', () => {
  it.each(['pglite', 'embedded'])('rehearses on %s with rows that it shows nowhere', async (engine) => {
    const outcome = await rehearsed('seed.sql', engine);
    expect(outcome.rehearsal).toMatchObject({
      up: 'ok',
      invented: [],
      seeded: [{ table: 'users', count: 2 }],
      refused: [{ table: 'users', count: 1, of: 2 }],
    });
    expect(outcome.stopping.map(({ rule }) => rule)).toContain('rows-refused');
    const text = renderRehearsed(outcome, { color: false });
    expect(text).toContain('with rows of 1 table from the dump');
    expect(`${text}${JSON.stringify(reportRehearsed(outcome))}`).not.toContain('ada');
  });

  it.each([
    ['nothing.sql', 'usage', undefined, 'ENOENT'],
    ['drizzle', 'file-not-readable', undefined, 'is a folder'],
    ['wrong.sql', 'dump-invalid', 3, '22P02'],
  ])('says what is wrong with %s', async (file, code, line, words) => {
    const error = (await rehearsed(file).catch((cause: unknown) => cause)) as Error;
    expect(error).toMatchObject({ code, exitCode: 2, message: expect.stringContaining(words) as string });
    if (line !== undefined) expect(error).toMatchObject({ at: { file, line } });
    expect(error.message).not.toContain('ada');
  });

  it.each([
    ["pg_dump's own format", Buffer.from('PGDMP\u0001'), 'pg_restore --data-only'],
    ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0]), 'gunzip'],
    ['UTF-16', Buffer.from('\ufeffSELECT 1;', 'utf16le'), '--encoding=UTF8'],
  ])('says what to do with %s', async (_, bytes, hint) => {
    writeFileSync(join(root, 'other.dump'), bytes);
    await expect(rehearsed('other.dump')).rejects.toMatchObject({
      code: 'dump-invalid',
      hint: expect.stringContaining(hint) as string,
    });
  });
});

describe('tableplan migration --seed-dump', () => {
  const migrate = (cwd: string, more: { rehearse: boolean; seedDump: string; writeAnyway?: string }) =>
    runMigrationCommand({
      cwd,
      words: ['plan.yaml'],
      dryRun: false,
      typecheck: false,
      tests: false,
      enforce: false,
      say: () => undefined,
      ...more,
    });

  it('is refused where nothing is rehearsed', async () => {
    await expect(migrate(root, { rehearse: false, seedDump: 'seed.sql' })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it('writes nothing of the rows into the record', async () => {
    const project = makeProject();
    writeFileSync(
      join(project, 'plan.yaml'),
      'migration_type: modify_existing\ntable_name: people\nchanges:\n  drop_columns: [nick]\n',
    );
    writeFileSync(
      join(project, 'seed.sql'),
      "INSERT INTO people (email, nick) VALUES ('ada@example.org', 'Countess');",
    );
    const outcome = await migrate(project, { rehearse: true, seedDump: 'seed.sql', writeAnyway: 'unused' });
    if (outcome.status === 'no_changes') throw new Error('the plan did nothing');
    const { proof, record } = outcome.draft;
    expect(proof.rehearsal).toMatchObject({
      rollback: 'schema-only',
      lost: [expect.stringMatching(/people\.nick: 1 value changed$/) as string],
    });
    const text = readFileSync(record, 'utf8');
    expect(text).toContain('rows from a dump');
    expect(text).not.toContain('Countess');
    rmSync(project, { recursive: true });
  });
});
