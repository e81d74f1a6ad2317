import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LoadedDataSource, Query } from '../../../src/orm/typeorm/child/child.ts';
import { startTypeormChild, type TypeormChild } from '../../../src/orm/typeorm/child/child.ts';
import { checkTypeormMigration } from '../../../src/orm/typeorm/check-migration.ts';
import { generateTypeormMigration } from '../../../src/orm/typeorm/generate.ts';
import { plannedDdl } from '../../../src/orm/typeorm/planned-ddl.ts';
import { readTypeormSchema } from '../../../src/orm/typeorm/history.ts';
import { resolveForTypeorm } from '../../../src/orm/typeorm/resolve-for.ts';
import { asShadow, type Shadow } from '../../../src/orm/typeorm/shadow.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { type Catalog, diffCatalogs, readCatalog } from '../../../src/postgres/catalog.ts';
import { type PgliteEngine, startPglite } from '../../../src/postgres/engines/pglite.ts';
import { realDifferences } from '../../../src/rehearse/drift.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { type TestProject, typeormProject, type Version, VERSIONS } from './project.ts';
import { type Scenario, SCENARIOS } from './scenarios.ts';

const IMPORTS = `import { Check, Column, Entity, Index, JoinColumn, JoinTable, ManyToMany, ManyToOne, PrimaryGeneratedColumn, Tree, TreeChildren, TreeParent, Unique, VirtualColumn } from 'typeorm';
void [Check, Index, JoinColumn, JoinTable, ManyToMany, ManyToOne, Tree, TreeChildren, TreeParent, Unique, VirtualColumn, Column];
`;

type Loaded = TypeormChild & Pick<LoadedDataSource, 'models'>;

const OWN_TABLES = {
  migrationsTable: { schema: undefined, name: 'migrations' },
  metadataTable: 'typeorm_metadata',
  schema: undefined,
};

let engine: PgliteEngine;
let cacheFolder: string;
beforeAll(async () => {
  await loadSqlParser();
  cacheFolder = await mkdtemp(join(tmpdir(), 'tableplan compiled-'));
  engine = await startPglite({ extensions: ['uuid-ossp'] });
  await engine.exec('create extension "uuid-ossp"');
});
afterAll(async () => {
  await engine.close();
  await rm(cacheFolder, { recursive: true, force: true });
});

describe.each(Object.keys(VERSIONS) as Version[])('TypeORM %s', (version) => {
  let project: TestProject;
  let shadow: Shadow;
  const children: TypeormChild[] = [];
  const start = async (entities: string): Promise<Loaded> => {
    const child = startTypeormChild({
      root: project.root,
      repoRoot: project.root,
      dataSourcePath: project.path('src/data-source.ts'),
      preload: [],
      env: {},
      cache: { folder: cacheFolder, keep: true },
      engine: async () => shadow,
    });
    children.push(child);
    const { models } = await child.load({ [project.path('src/entities.ts')]: IMPORTS + entities });
    return Object.assign(child, { models });
  };

  beforeAll(async () => {
    project = await typeormProject(version, {
      'src/data-source.ts': `import 'reflect-metadata';
import { DataSource } from 'typeorm';
import * as entities from './entities';
export default new DataSource({ type: 'postgres', entities });
`,
      'src/entities.ts': '',
    });
  });
  beforeEach(async () => {
    shadow = asShadow(engine);
    await engine.exec('create schema if not exists public');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.stop();
    await engine.exec(
      'rollback; drop schema public cascade; drop schema if exists audit cascade; create schema public; create extension if not exists "uuid-ossp"',
    );
  });
  afterAll(() => project.remove());

  async function generate(
    { before, after, plan }: Pick<Scenario, 'before' | 'after' | 'plan'>,
    prepare = '',
  ) {
    const [current, staged] = await Promise.all([start(before), start(after)]);
    await current.connect();
    await current.prepareReplay();
    if (before.includes("'audit'")) await engine.exec('create schema audit');
    await run(engine, (await current.log()).up);
    if (prepare !== '') await engine.exec(prepare);
    const schema = await readTypeormSchema(shadow, current, OWN_TABLES);
    const parsed = await parsePlan(plan, { file: 'plan.yaml' });
    const resolving = { ask: current.names, version: '1.1.1', migrations: [], conventions: schema };
    const resolved = await resolveForTypeorm(parsed, schema, resolving);
    const statements = await generateTypeormMigration({
      current,
      staged,
      shadow,
      changes: resolved.changes,
      before: schema,
      after: resolved.schema,
      loaded: OWN_TABLES,
      models: { current: current.models, staged: staged.models },
    });
    const sql = [...statements.down, ...statements.up].map((query) => query.sql).join(';\n');
    await checkTypeormMigration(parsed, statements.schema, resolving, sql);
    const planned = await plannedDdl({
      changes: resolved.changes,
      before: schema,
      told: statements.told,
      ask: current.names,
    });
    return { statements, staged, planned };
  }

  it.each(SCENARIOS)('$title', async (scenario) => {
    const [first = '', ...others] = scenario.rows.split('; ');
    const isView = first.startsWith('create view');
    const { statements, staged, planned } = await generate(scenario, isView ? first : '');
    expect(statements.baseline).toEqual([]);
    expect(statements.endless).toEqual([]);

    await engine.exec((isView ? others : [first, ...others]).join(';'));
    const atStart = await catalog();
    const asPlanned = await outcomeOf(isView ? [] : planned);
    await inTransaction(statements.up);
    expect(await engine.query(scenario.check[0])).toEqual(scenario.check[1]);
    expect((await staged.log()).up).toEqual([]);
    // Postgres refuses the plan's own DDL where a view reads the column.
    if (!isView) expect(realDifferences(diffCatalogs(asPlanned, await catalog()))).toEqual([]);

    await inTransaction(statements.down);
    expect(diffCatalogs(atStart, await catalog())).toEqual([]);
    const [query, rows] = scenario.restored ?? scenario.check;
    expect(await engine.query(query)).toEqual(rows);

    // Another time up: the names that the way back gave are the ones that were there.
    await inTransaction(statements.up);
    expect((await staged.log()).up).toEqual([]);
  });

  const KEPT = ({ users = 'users', code = 'code', team = 'team_id' }): string => `
@Entity('teams') export class Team { @PrimaryGeneratedColumn() id: number; }
@Entity('${users}') @Unique(['${code}', 'town']) @Index(['${code}']) @Check('"town" <> 1') export class User {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'integer', unique: true }) ${code}: number;
  @Column('integer') town: number;
  @Column({ name: '${team}', nullable: true }) @Index() ${team}: number;
  @ManyToOne(() => Team) @JoinColumn({ name: '${team}' }) team: Team;
}
@Entity('notes') export class Note {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => User) @JoinColumn({ name: 'user_id' }) user: User;
}`;

  it.each([
    ['of a table', KEPT({ users: 'people' }), '  rename_table: people'],
    ['of a column', KEPT({ code: 'number' }), '  rename_columns: [{ from: code, to: number }]'],
    ['of a key', KEPT({ team: 'crew_id' }), '  rename_columns: [{ from: team_id, to: crew_id }]'],
  ])('derived names follow the rename %s, and nothing is made anew for them', async (_, after, changes) => {
    const plan = `migration_type: modify_existing\ntable_name: users\nchanges:\n${changes}`;
    const { statements, staged } = await generate({ before: KEPT({}), after, plan });
    const sql = [...statements.up, ...statements.down].map((query) => query.sql);
    expect(sql.filter((text) => !/\bRENAME\b/.test(text))).toEqual([]);
    await inTransaction(statements.up);
    expect((await staged.log()).up).toEqual([]);
  });

  const USERS = (body: string): string =>
    `@Entity('users') export class User { @PrimaryGeneratedColumn() id: number; ${body} }`;
  const NICK =
    'migration_type: modify_existing\ntable_name: users\nchanges:\n  add_columns: [{ name: nick, type: varchar }]';

  it.each([
    [
      'a column that the plan does not name',
      '@Column({ nullable: true }) nick: string; @Column() more: string;',
      'schema-drift',
      /users\.more is in the entities but in no migration/,
    ],
    [
      'a column that is gone from the entity',
      '@Column({ nullable: true }) nick: string;',
      'schema-drift',
      /users\.name is in the database but not in the entities/,
      '@Column() name: string;',
    ],
    [
      'a column of another type than the plan says',
      "@Column({ nullable: true }) nick: string; @Column('text') name: string;",
      'generate-failed',
      /drop users\.name and add it again/,
      '@Column() name: string;',
    ],
    ['a column that is not there', '', 'generate-failed', /leaves out what the plan asks for: users: .*nick/],
  ])('refuses %s', async (_, after, code, message, before = '') => {
    const refused = generate({ before: USERS(before), after: USERS(after), plan: NICK });
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await engine.query("select to_regclass('users')::text as t")).toEqual([{ t: 'users' }]);
  });

  it('leaves out and reports what TypeORM would write into every migration', async () => {
    const spurious = `@Column({ type: 'timestamp', default: () => "now() + interval '15 days'" }) until: Date;`;
    const { statements } = await generate({
      before: USERS(spurious),
      after: USERS(`${spurious} @Column({ nullable: true }) nick: string;`),
      plan: NICK,
    });
    expect(statements.baseline.map(({ sql }) => sql)).toEqual([
      expect.stringMatching(/^ALTER TABLE "users" ALTER COLUMN "until" SET DEFAULT now\(\)/),
    ]);
    expect(statements.up.map(({ sql }) => sql)).toEqual(['ALTER TABLE "users" ADD "nick" character varying']);
    expect(statements.down).toHaveLength(1);
    expect(statements.endless).toEqual([]);
  });

  it.each([
    [
      'index',
      '@Index() @Column() nick: string;',
      'alter index %I rename to by_hand',
      "indexname from pg_indexes where indexname like 'IDX_%'",
    ],
    [
      'foreign key',
      "@Column({ nullable: true }) nick: number; @ManyToOne(() => User) @JoinColumn({ name: 'nick' }) by: unknown;",
      'alter table users rename constraint %I to by_hand',
      "conname from pg_constraint where conname like 'FK_%'",
    ],
  ])('carries through a rename what a migration named by hand: %s', async (_, body, rename, named) => {
    const { statements } = await generate(
      {
        before: USERS(body),
        after: USERS(body.replaceAll('nick', 'name')),
        plan: 'migration_type: modify_existing\ntable_name: users\nchanges:\n  rename_columns: [{ from: nick, to: name }]',
      },
      `do $$ begin execute format('${rename}', (select ${named})); end $$`,
    );
    expect(statements.baseline).toHaveLength(2);
    expect(statements.up.map(({ sql }) => sql)).toEqual([
      'ALTER TABLE "users" RENAME COLUMN "nick" TO "name"',
    ]);
    expect(statements.down).toHaveLength(1);
    expect(statements.endless).toEqual([]);
  });

  it('brings an index back that a migration made by hand on a column that the plan drops', async () => {
    const { statements } = await generate(
      {
        before: USERS('@Column({ nullable: true }) nick: string;'),
        after: USERS(''),
        plan: 'safety: { allow: [{ rule: drop-column, reason: unused }] }\nmigration_type: modify_existing\ntable_name: users\nchanges:\n  drop_columns: [nick]',
      },
      'create index by_hand on users (nick, lower(nick))',
    );
    const atStart = await catalog();
    await inTransaction(statements.up);
    await inTransaction(statements.down);
    expect(diffCatalogs(atStart, await catalog())).toEqual([]);
  });

  it('keeps the parameters of a query', async () => {
    const body = '@Column() price: number;';
    const { statements, staged } = await generate({
      before: USERS(body),
      after: USERS(
        `${body} @Column({ generatedType: 'STORED', asExpression: 'price * 2', type: 'integer', nullable: true }) twice: number;`,
      ),
      plan: NICK.replace(
        '{ name: nick, type: varchar }',
        "{ name: twice, type: integer, constraints: ['GENERATED ALWAYS AS (price * 2) STORED'] }",
      ),
    });
    expect(statements.up.find(({ parameters }) => parameters)?.sql).toContain(
      'INSERT INTO "typeorm_metadata"',
    );
    const atStart = await catalog();
    await inTransaction(statements.up);
    expect((await staged.log()).up).toEqual([]);
    await inTransaction(statements.down);
    expect(diffCatalogs(atStart, await catalog())).toEqual([]);
  });

  async function inTransaction(queries: readonly Query[]): Promise<void> {
    await engine.exec('begin');
    await run(engine, queries);
    await engine.exec('commit');
  }
});

async function run(target: PgliteEngine, queries: readonly Query[]): Promise<void> {
  for (const { sql, parameters } of queries) await target.query(sql, parameters);
}

/** The catalog that statements lead to; nothing of them stays. */
async function outcomeOf(statements: readonly string[]): Promise<Catalog> {
  await engine.exec('begin');
  for (const sql of statements) await engine.exec(sql);
  const reached = await catalog();
  await engine.exec('rollback');
  return reached;
}

function catalog(): Promise<Catalog> {
  return readCatalog(engine);
}
