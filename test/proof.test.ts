import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MigrationOptions, runMigrationCommand } from '../src/commands/migration.ts';
import { runRehearseCommand } from '../src/commands/rehearse.ts';
import { runReviewCommand } from '../src/commands/review.ts';
import type { MigrationOutcome } from '../src/pipeline/types.ts';
import { reportOutcome } from '../src/report/json.ts';
import { renderOutcome } from '../src/report/outcome.ts';
import { makeProject } from './round-trip/project.ts';

let base: string;
beforeAll(() => {
  base = makeProject();
});

function project(plan: string): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan proof-'));
  cpSync(base, root, { recursive: true, verbatimSymlinks: true });
  writeFileSync(join(root, 'plan.yaml'), plan);
  return root;
}

async function migrated(root: string, more: Partial<MigrationOptions> = {}): Promise<MigrationOutcome> {
  return runMigrationCommand({
    cwd: root,
    words: more.resume === undefined ? ['plan.yaml'] : [],
    dryRun: false,
    typecheck: false,
    tests: false,
    rehearse: true,
    enforce: false,
    say: () => undefined,
    ...more,
  });
}

/** The files of a project, without those of tableplan itself. */
function fingerprint(root: string): string {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\/(node_modules|\.tableplan)(\/|$)/.test(`${entry.parentPath}/`))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => `${path}\n${readFileSync(path, 'utf8')}`)
    .join('\n');
}

function draftOf(outcome: MigrationOutcome) {
  if (outcome.status === 'no_changes') throw new Error('the plan did nothing');
  return outcome.draft;
}

const NEW_TABLE = `
migration_type: new_table
table_name: brands
fields:
  - { name: id, type: uuid, constraints: ['PRIMARY KEY'], default: gen_random_uuid() }
  - { name: name, type: varchar(100), constraints: ['NOT NULL'] }
`;

const DROP = 'migration_type: modify_existing\ntable_name: people\nchanges:\n  drop_columns: [nick]\n';

describe('a migration', () => {
  it('of a new table is rehearsed, leads back exactly, and nothing stops it', async () => {
    const root = project(NEW_TABLE);
    const outcome = await migrated(root);
    const { proof, record } = draftOf(outcome);
    expect(proof.rehearsal).toMatchObject({
      up: 'ok',
      down: 'ok',
      again: 'ok',
      rollback: 'exact',
      drift: [],
    });
    expect(proof.stopping).toEqual([]);
    expect(reportOutcome(outcome)).toMatchObject({
      status: 'ok',
      rehearsal: { engine: 'pglite', rollback: 'exact' },
    });
    const text = readFileSync(record, 'utf8');
    expect(text).toContain('- [x] Rehearsed up, down and up again with rows (pglite, PostgreSQL 18');
    expect(text).toMatch(
      /\*\*Rollback\*\*: exact for rows that existed before the migration\. \d+ objects and 0 rows in 0 tables compared\./,
    );
  }, 600_000);

  it('that drops a column stops: nothing is written, and the lines that would let it pass are shown', async () => {
    const root = project(DROP);
    const before = fingerprint(root);
    const outcome = await migrated(root);
    const { proof } = draftOf(outcome);
    expect(outcome.status).toBe('stopped');
    expect(proof.rehearsal?.rollback).toBe('schema-only');
    expect(proof.stopping.map(({ rule }) => rule)).toEqual(['drop-column']);
    expect(reportOutcome(outcome)).toMatchObject({
      status: 'findings',
      written: false,
      draft: '0001_drop_nick_from_people',
    });
    const text = renderOutcome(outcome, { color: false, diff: false });
    expect(text).toContain('✖ 1 error: nothing was written.');
    expect(text).toContain(
      '  safety:\n    allow:\n      - rule: drop-column\n        object: people.nick\n        reason:',
    );
    expect(text).toContain('npx tableplan migration --resume --write-anyway "why"');
    expect(text).not.toContain('Apply it with');
    expect(fingerprint(root)).toBe(before);
  }, 600_000);

  it('that was stopped is taken up again by its draft, with a reason that goes into the record', async () => {
    const root = project(DROP);
    await migrated(root);
    rmSync(join(root, 'plan.yaml'));
    const still = await migrated(root, { resume: true, dryRun: true });
    expect(still.status).toBe('dry-run');
    expect((await migrated(root, { resume: '0001_drop_nick_from_people' })).status).toBe('stopped');
    const outcome = await migrated(root, { resume: true, writeAnyway: 'unused since 41' });
    const { proof, record } = draftOf(outcome);
    expect(outcome.status).toBe('done');
    expect(proof.overridden).toMatchObject([{ rule: 'drop-column', reason: 'unused since 41' }]);
    expect(readFileSync(record, 'utf8')).toContain('`drop-column` on `people.nick`: unused since 41');
    expect(reportOutcome(outcome)).toMatchObject({ status: 'written_anyway', written: true });
    const text = renderOutcome(outcome, { color: false, diff: false });
    expect(text).toContain('Written despite errors: unused since 41');
    expect(text).not.toContain('Apply it with');
    // It is written: there is nothing to take up.
    await expect(migrated(root, { resume: true })).rejects.toMatchObject({
      code: 'usage',
      message: 'There is no draft of tableplan migration here.',
    });
  }, 600_000);

  it('needs a reason to be written despite errors, and takes one plan', async () => {
    const root = project(DROP);
    await expect(migrated(root, { writeAnyway: ' ' })).rejects.toMatchObject({ code: 'usage' });
    await expect(migrated(root, { resume: true, words: ['plan.yaml'] })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(migrated(root, { resume: '../../etc' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('passes with those lines, and the record gives the reason', async () => {
    const root = project(
      `safety:\n  allow:\n    - { rule: drop-column, object: people.nick, reason: unused since 41 }\n${DROP}`,
    );
    const outcome = await migrated(root);
    const { proof, record } = draftOf(outcome);
    expect(proof.stopping).toEqual([]);
    expect(proof.overridden).toEqual([
      expect.objectContaining({ rule: 'drop-column', reason: 'unused since 41' }),
    ]);
    expect(readFileSync(record, 'utf8')).toContain('`drop-column` on `people.nick`: unused since 41');
    // CI judges the file, not the plan.
    const reviewed = await runReviewCommand({
      cwd: root,
      files: [],
      all: false,
      failOn: 'error',
      cache: false,
    });
    expect(reviewed.stopping).toEqual([]);
    expect(reviewed.allowed).toEqual([
      expect.objectContaining({ rule: 'drop-column', allowed: 'unused since 41' }),
    ]);
  }, 600_000);

  it('is judged all the same where the plan skips the gate, and nothing stops it', async () => {
    const outcome = await migrated(project(`safety: { skip: prototype }\n${DROP}`));
    const { proof } = draftOf(outcome);
    expect(proof.findings.map(({ rule }) => rule)).toContain('drop-column');
    expect(proof.stopping).toEqual([]);
  }, 600_000);

  it('stops at warnings too where they are enforced', async () => {
    const plan =
      'migration_type: modify_existing\ntable_name: people\nchanges:\n  add_indexes:\n    - { fields: [nick] }\n';
    expect(draftOf(await migrated(project(plan))).proof.stopping).toEqual([]);
    const enforced = draftOf(await migrated(project(plan), { enforce: true, dryRun: true })).proof;
    expect(enforced.stopping.map(({ rule }) => rule)).toContain('create-index-blocking');
  }, 600_000);

  it('that Postgres refuses is an invalid plan, and nothing is written', async () => {
    const root = project(
      'migration_type: modify_existing\ntable_name: people\nchanges:\n  add_columns:\n    - { name: x, type: varchar(0) }\n',
    );
    await expect(migrated(root)).rejects.toMatchObject({ code: 'plan-invalid', exitCode: 2 });
    expect(existsSync(join(root, 'docs'))).toBe(false);
  }, 600_000);
});

describe("a project whose migrator's table lies among its own", () => {
  it('has its whole schema compared, by the migration and by rehearse', async () => {
    const root = project(
      `safety: { allow: [{ rule: drop-column, object: people.nick, reason: unused }] }\n${DROP}`,
    );
    writeFileSync(
      join(root, 'drizzle.config.ts'),
      "export default { dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle', migrations: { table: 'migrations', schema: 'public' } };\n",
    );
    const outcome = await migrated(root);
    const { proof, record } = draftOf(outcome);
    expect(proof.rehearsal).toMatchObject({
      rollback: 'schema-only',
      lost: [expect.stringContaining('people.nick') as string],
      compared: { tables: 2, rows: 12 },
    });
    expect(proof.rehearsal!.compared!.objects).toBeGreaterThan(30);
    expect(reportOutcome(outcome)).toMatchObject({
      rehearsal: {
        compared: proof.rehearsal!.compared,
        rollbackHoldsFor: 'rows that existed before the migration',
      },
    });
    expect(renderOutcome(outcome, { color: false, diff: false })).toMatch(
      /rollback schema-only: \d+ objects and 12 rows in 2 tables compared; it holds for rows that existed before the migration/,
    );
    expect(readFileSync(record, 'utf8')).toContain('12 rows in 2 tables compared.');
    const rehearsed = await runRehearseCommand({ cwd: root, enforce: false });
    expect(rehearsed.rehearsal).toMatchObject({ rollback: 'schema-only', drift: [] });
  }, 600_000);
});

describe('the settings of the project', () => {
  it('put a lock_timeout before the statements, up and down, and stop at warnings', async () => {
    const root = project(
      'migration_type: modify_existing\ntable_name: people\nchanges:\n  add_indexes:\n    - { fields: [nick] }\n',
    );
    const path = join(root, 'package.json');
    const json = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...json, tableplan: { lockTimeout: '2s', safety: 'enforce' } }));
    expect((await migrated(root)).status).toBe('stopped');
    const outcome = await migrated(root, { writeAnyway: 'a small table' });
    const { migration, proof, edits, record } = draftOf(outcome);
    const header = "SET LOCAL lock_timeout = '2s';\n--> statement-breakpoint\n";
    expect(readFileSync(migration.sqlPath, 'utf8')).toMatch(
      /^SET LOCAL lock_timeout = '2s';\n--> statement-breakpoint\n-- tableplan:allow create-index-blocking a small table\nCREATE INDEX/,
    );
    expect(edits.find(({ path: file }) => file.endsWith('.down.sql'))?.after).toContain(
      `${header}DROP INDEX`,
    );
    expect(proof.rehearsal).toMatchObject({ rollback: 'exact', drift: [] });
    expect(proof.findings.map(({ rule }) => rule)).not.toContain('missing-lock-timeout');
    expect(proof.overridden.map(({ rule }) => rule)).toContain('create-index-blocking');
    expect(proof.rehearsal?.indexes).toEqual([
      expect.objectContaining({ index: 'people_nick_idx', used: true }),
    ]);
    const text = readFileSync(record, 'utf8');
    expect(text).toContain('(the setting lockTimeout of package.json)');
    expect(text).toContain('- [x] New indexes are proven usable: `people_nick_idx` (EXPLAIN)');
  }, 600_000);
});

describe('nothing connects anywhere', () => {
  let server: Server;
  let connections = 0;
  let port = 0;
  beforeAll(async () => {
    server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as { port: number }).port;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('whatever DATABASE_URL says', async () => {
    const url = process.env.DATABASE_URL;
    process.env.DATABASE_URL = `postgres://user:secret@127.0.0.1:${port}/production`;
    try {
      await migrated(project(NEW_TABLE));
    } finally {
      if (url === undefined) delete process.env.DATABASE_URL;
      else process.env.DATABASE_URL = url;
    }
    expect(connections).toBe(0);
  }, 600_000);
});
