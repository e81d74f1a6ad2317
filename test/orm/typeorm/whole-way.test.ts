import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runMigrationCommand } from '../../../src/commands/migration.ts';
import { startTypeormChild } from '../../../src/orm/typeorm/child/child.ts';
import { renderMigration } from '../../../src/orm/typeorm/render.ts';
import { readMigrationStyle } from '../../../src/orm/typeorm/migration-style.ts';
import { asShadow } from '../../../src/orm/typeorm/shadow.ts';
import type { MigrationOutcome } from '../../../src/pipeline/types.ts';
import { type PgliteEngine, startPglite } from '../../../src/postgres/engines/pglite.ts';
import { reportOutcome } from '../../../src/report/json.ts';
import { renderOutcome } from '../../../src/report/outcome.ts';
import { treeOf } from '../../workspace/tree.ts';
import { type TestProject, typeormProject, type Version } from './project.ts';
import { type Scenario, SCENARIOS } from './scenarios.ts';

const IMPORTS = `import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
void [Check, Index, JoinColumn, ManyToOne, PrimaryColumn, PrimaryGeneratedColumn, Unique, Column];
`;

let engine: PgliteEngine;
const projects: TestProject[] = [];
beforeAll(async () => {
  engine = await startPglite({ extensions: ['uuid-ossp'] });
  await engine.exec('create extension "uuid-ossp"');
});
afterAll(() => engine.close());
afterEach(async () => {
  for (const project of projects.splice(0)) await project.remove();
  await engine.exec(
    'drop schema public cascade; drop schema if exists audit cascade; create schema public; create extension if not exists "uuid-ossp"',
  );
});

/** A project with these entities, and the migration that has made their tables. */
async function projectWith(entities: string, version: Version = '1.x', port = 1): Promise<TestProject> {
  const project = await typeormProject(version, {
    'src/data-source.ts': `import 'reflect-metadata';
import { DataSource } from 'typeorm';

export default new DataSource({
  type: 'postgres',
  url: 'postgres://user:secret@127.0.0.1:${port}/production',
  entities: [__dirname + '/entities/*.ts'],
  migrations: [__dirname + '/migrations/*.ts'],
});
`,
    'src/entities/users.ts': IMPORTS + entities,
  });
  projects.push(project);
  const child = startTypeormChild({
    root: project.root,
    repoRoot: project.root,
    dataSourcePath: project.path('src/data-source.ts'),
    preload: [],
    env: {},
    cache: undefined,
    engine: async () => asShadow(engine),
  });
  if (entities.includes("'audit'")) await engine.exec('create schema audit');
  await child.load({});
  await child.connect();
  const { up } = await child.log();
  child.stop();
  const schema = entities.includes("'audit'") ? [{ sql: 'CREATE SCHEMA "audit"' }] : [];
  const init = {
    className: 'Init1700000000000',
    up: [...schema, ...up],
    down: [],
    transaction: 'default',
  } as const;
  await project.write({
    'src/migrations/1700000000000-Init.ts': renderMigration(init, readMigrationStyle([])),
  });
  return project;
}

async function migrated(
  project: TestProject,
  plan: string | readonly string[],
  more: { dryRun?: boolean; writeAnyway?: string } = {},
): Promise<MigrationOutcome> {
  if (typeof plan === 'string') await project.write({ 'plan.yaml': plan });
  return runMigrationCommand({
    cwd: project.root,
    words: typeof plan === 'string' ? ['plan.yaml'] : plan,
    dryRun: more.dryRun ?? false,
    writeAnyway: more.writeAnyway,
    typecheck: false,
    tests: false,
    rehearse: true,
    enforce: false,
    say: () => undefined,
  });
}

function draftOf(outcome: MigrationOutcome) {
  if (outcome.status === 'no_changes') throw new Error('the plan did nothing');
  return outcome.draft;
}

/** Everything but the packages, beside which replayed histories are kept. */
function ownFiles({ root }: TestProject): string {
  return treeOf(root)
    .split('\n')
    .filter((line) => !line.startsWith('node_modules'))
    .join('\n');
}

/** Those that ask most of editor and differ; the plain ones go through the pipeline in test/both-orms.test.ts. */
const WHOLE = SCENARIOS.filter(({ title }) =>
  [
    'an integer key to bigint, with its sequence and a key that refers to it',
    'one rename, with a unique, an index and an enum whose names are derived',
    'a rename of the table and of a column, and another column added',
    'an enum value added in its place, to a column with a default',
    'an enum value taken away, and another renamed',
    'a rename, a longer varchar and an enum value in another schema',
  ].includes(title),
);

describe('a plan goes the whole way through a TypeORM project', () => {
  it.each(WHOLE)('$title', async ({ before, plan }: Scenario) => {
    const project = await projectWith(before);
    const { proof, migration, edits } = draftOf(await migrated(project, plan));
    expect(proof.rehearsal).toMatchObject({
      up: 'ok',
      down: 'ok',
      again: 'ok',
      drift: [],
      planFailure: undefined,
    });
    expect(['exact', 'schema-only']).toContain(proof.rehearsal?.rollback);
    expect(migration.tag).toMatch(/^\d{13}-[A-Z]\w*[a-z]$/i);
    expect(edits.some(({ path }) => path.includes('/entities/'))).toBe(true);
    const written = ownFiles(project);
    expect((await migrated(project, plan)).status).toBe('no_changes');
    expect(ownFiles(project)).toBe(written);
  });

  it.each([['1.x'], ['0.3']] as const)(
    'with foreign keys that are checked later, in TypeORM %s',
    async (version) => {
      const project = await projectWith(
        `@Entity('users') export class User {
  @PrimaryGeneratedColumn() id: number;

  @Column('int', { name: 'leader_id', nullable: true }) leaderId: number | null;
}
`,
        version,
      );
      const plan = `migration_type: new_table
table_name: posts
fields:
  - { name: id, type: serial, constraints: [PRIMARY KEY] }
  - { name: author_id, type: integer, constraints: [NOT NULL] }
foreign_keys:
  - { field: author_id, references: users(id), deferrable: initially deferred }
---
migration_type: modify_existing
table_name: users
changes:
  add_foreign_keys: [{ field: leader_id, references: users(id), deferrable: true }]`;
      const { proof, migration } = draftOf(await migrated(project, plan));
      expect(proof.rehearsal).toMatchObject({ up: 'ok', down: 'ok', again: 'ok', drift: [] });
      expect(migration.sql).toMatch(/FOREIGN KEY \("author_id"\) .* DEFERRABLE INITIALLY DEFERRED/);
      expect(migration.sql).toMatch(/FOREIGN KEY \("leader_id"\) .* DEFERRABLE INITIALLY IMMEDIATE/);
      expect((await migrated(project, plan)).status).toBe('no_changes');
    },
  );

  it('with indexes that entities have no words for, by hand', async () => {
    const project = await projectWith(USER);
    const plan = `migration_type: modify_existing
table_name: users
changes:
  add_indexes:
    - { expression: lower(name), raw: true }
    - { fields: [name], opclass: text_pattern_ops, name: users_name_pattern, raw: true }`;
    const refused = migrated(project, plan.replaceAll(', raw: true', ''), { dryRun: true });
    await expect(refused).rejects.toMatchObject({
      code: 'plan-not-supported',
      hint: expect.stringContaining('raw: true') as string,
    });
    const { proof, migration } = draftOf(await migrated(project, plan));
    expect(proof.rehearsal).toMatchObject({ up: 'ok', down: 'ok', again: 'ok', drift: [] });
    expect(migration.sql).toContain('(lower(name))');
    expect((await migrated(project, plan)).status).toBe('no_changes');
  });

  it('with the default that the plan gives a key, beside a neighbour that writes it out', async () => {
    const project = await projectWith(
      "@Entity('users') export class User { @PrimaryColumn('uuid', { default: () => 'gen_random_uuid()' }) id: string; }",
    );
    const plan = `migration_type: new_table
table_name: labels
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY, DEFAULT gen_random_uuid()] }
  - { name: kind, type: varchar(10), constraints: [NOT NULL, "CHECK (kind IN ('a', 'b'))"] }`;
    expect(draftOf(await migrated(project, plan)).proof.stopping).toEqual([]);
    expect((await migrated(project, plan)).status).toBe('no_changes');
  });

  it('of TypeORM 0.3 too', async () => {
    const [scenario] = WHOLE.filter(({ title }) => title.startsWith('an enum value added'));
    const project = await projectWith(scenario!.before, '0.3');
    const { proof } = draftOf(await migrated(project, scenario!.plan));
    expect(proof.rehearsal).toMatchObject({ up: 'ok', down: 'ok', again: 'ok', drift: [] });
  });
});

const USER =
  "@Entity('users') export class User {\n  @PrimaryGeneratedColumn() id: number;\n\n  @Column('text', { nullable: true }) name: string | null;\n}\n";

describe('a TypeORM project', () => {
  it('gets its entity, migration and record from words, and is told how to apply it', async () => {
    const project = await projectWith(USER);
    const outcome = await migrated(project, ['AddAgeToUsers', 'age:int']);
    const draft = draftOf(outcome);
    expect(readFileSync(project.path('src/entities/users.ts'), 'utf8')).toContain('age: number | null;');
    expect(readFileSync(draft.migration.sqlPath, 'utf8')).toContain('ALTER TABLE "users" ADD "age" integer');
    const record = readFileSync(draft.record, 'utf8');
    expect(record).toContain('- [x] Generated by TypeORM; every change of the plan is in it');
    expect(record).toContain('**Rollback**: exact for rows that existed before the migration.');
    expect(record).not.toContain('drizzle');
    expect(renderOutcome(outcome, { color: false, diff: false })).toContain(
      'npx typeorm migration:run -d src/data-source.ts',
    );
    expect(reportOutcome(outcome)).toMatchObject({
      status: 'ok',
      migration: {
        up: ['ALTER TABLE "users" ADD "age" integer'],
        down: ['ALTER TABLE "users" DROP COLUMN "age"'],
      },
    });
  });

  it('is not touched by a dry run', async () => {
    const project = await projectWith(USER);
    await project.write({
      'plan.yaml':
        'migration_type: modify_existing\ntable_name: users\nchanges:\n  rename_columns:\n    - { from: name, to: title }\n',
    });
    const before = ownFiles(project);
    const outcome = await migrated(project, ['plan.yaml'], { dryRun: true });
    expect(outcome.status).toBe('dry-run');
    expect(draftOf(outcome).migration.statements).toEqual([
      'ALTER TABLE "users" RENAME COLUMN "name" TO "title"',
    ]);
    expect(ownFiles(project)).toBe(before);
  });

  it('stops at a dropped column, with the lines that would let it pass', async () => {
    const project = await projectWith(USER);
    const plan = 'migration_type: modify_existing\ntable_name: users\nchanges:\n  drop_columns: [name]\n';
    const outcome = await migrated(project, plan);
    expect(draftOf(outcome).proof.stopping.map(({ rule }) => rule)).toEqual(['drop-column']);
    expect(renderOutcome(outcome, { color: false, diff: false })).toContain('object: users.name');
  });

  it('has its findings at the lines of the file that is written, reasons above them counted', async () => {
    const project = await projectWith(USER);
    const plan = `safety: { allow: [{ rule: create-index-blocking, reason: ten rows only }] }
migration_type: modify_existing
table_name: users
changes:
  add_columns: [{ name: nick, type: text }]
  add_indexes: [{ fields: [nick] }, { fields: [name] }]
  drop_columns: []
`.replace('  drop_columns: []\n', '');
    const { proof, migration } = draftOf(await migrated(project, plan));
    const lines = readFileSync(migration.sqlPath, 'utf8').split('\n');
    const placed = [...proof.findings, ...proof.overridden].filter(({ statement }) => statement !== '');
    expect(placed.map(({ rule }) => rule)).toContain('create-index-blocking');
    for (const { file, line, column, statement } of placed) {
      expect(migration.sqlPath.endsWith(file ?? '?')).toBe(true);
      expect(lines[line - 1]!.slice(column - 1)).toContain(statement.split('\n')[0]);
    }
  });

  it('is left as it was by a plan that does not fit', async () => {
    const project = await projectWith(USER);
    const before = ownFiles(project);
    await expect(migrated(project, ['RemoveNowhereFromUsers', 'nowhere'])).rejects.toMatchObject({
      exitCode: 2,
    });
    expect(ownFiles(project)).toBe(before);
  });

  it('that dropped or renamed something says so when the same words come again', async () => {
    const project = await projectWith(
      "@Entity('users') export class User {\n  @PrimaryGeneratedColumn() id: number;\n\n  @Column('text', { nullable: true }) name: string | null;\n\n  @Column('text', { nullable: true }) oldField: string | null;\n}\n",
    );
    const unused = { writeAnyway: 'nobody reads it' };
    await migrated(project, ['RemoveOldFieldFromUsers', 'oldField'], unused);
    const written = ownFiles(project);
    expect((await migrated(project, ['RemoveOldFieldFromUsers', 'oldField'])).status).toBe('no_changes');
    expect((await migrated(project, ['RemoveOldFieldFromUsers', 'oldField'])).status).toBe('no_changes');
    await expect(migrated(project, ['RemoveOlderFieldFromUsers', 'olderField'])).rejects.toMatchObject({
      exitCode: 2,
    });
    expect(ownFiles(project)).toBe(written);
    await migrated(project, ['DropUsersTable'], unused);
    expect((await migrated(project, ['DropUsersTable'])).status).toBe('no_changes');
  });

  it('has its own database left alone', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const project = await projectWith(USER, '1.x', port);
      await migrated(project, ['users', 'age:int']);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(connections).toBe(0);
  });

  it('is rehearsed on the engine that is named, with the history that TypeORM made', async () => {
    const project = await projectWith(
      "@Entity('users') export class User {\n  @PrimaryGeneratedColumn('uuid') id: string;\n\n  @Column('text', { nullable: true }) name: string | null;\n}\n",
    );
    for (const time of ['first', 'second']) {
      const outcome = await runMigrationCommand({
        cwd: project.root,
        words: ['users', `age${time}:int`],
        dryRun: true,
        typecheck: false,
        tests: false,
        rehearse: true,
        enforce: false,
        engine: 'embedded',
        say: () => undefined,
      });
      const { proof } = draftOf(outcome);
      expect(proof.findings.filter(({ rule }) => rule === 'not-rehearsed')).toEqual([]);
      expect(proof.rehearsal).toMatchObject({
        engine: 'embedded',
        up: 'ok',
        down: 'ok',
        again: 'ok',
        rollback: 'exact',
        drift: [],
        invented: [expect.objectContaining({ table: 'users' })],
      });
    }
  });
});
