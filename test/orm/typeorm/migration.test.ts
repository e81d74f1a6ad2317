import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkTypeormMigration } from '../../../src/orm/typeorm/check-migration.ts';
import { generateTypeormMigration } from '../../../src/orm/typeorm/generate.ts';
import { replayTypeormHistory } from '../../../src/orm/typeorm/history.ts';
import { resolveForTypeorm } from '../../../src/orm/typeorm/resolve-for.ts';
import { locateTypeorm } from '../../../src/orm/typeorm/locate/locate.ts';
import { type StartedTypeorm, startTypeorm } from '../../../src/orm/typeorm/start.ts';
import { writeTypeormMigration } from '../../../src/orm/typeorm/write-migration.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { diffCatalogs, readCatalog } from '../../../src/postgres/catalog.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';
import { type TestProject, typeormProject, type Version, VERSIONS } from './project.ts';

const FILES = {
  'package.json': JSON.stringify({
    name: 'shop',
    scripts: { 'migration:run': 'typeorm-ts-node-commonjs migration:run -d src/data-source.ts' },
  }),
  'src/data-source.ts': `import { DataSource } from 'typeorm';
import { migrations } from './migrations';

export const AppDataSource = new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL!,
  entities: [__dirname + '/entities/*.entity.ts'],
  migrations,
});
`,
  'src/migrations/index.ts': `import { Init1700000000000 } from './1700000000000-Init';
import { AddTeams1700000000001 } from './1700000000001-AddTeams';

export const migrations = [
  Init1700000000000,
  AddTeams1700000000001,
];
`,
  'src/migrations/1700000000000-Init.ts': `import { MigrationInterface, QueryRunner } from 'typeorm';

export class Init1700000000000 implements MigrationInterface {
  name = 'Init1700000000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`CREATE TABLE "users" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "nick" character varying(20) NOT NULL, CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" PRIMARY KEY ("id"))\`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "users"');
  }
}
`,
  'src/migrations/1700000000001-AddTeams.ts': `import { MigrationInterface, QueryRunner, Table } from 'typeorm';

export class AddTeams1700000000001 implements MigrationInterface {
  name = 'AddTeams1700000000001';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({ name: 'teams', columns: [{ name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' }] }),
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('teams');
  }
}
`,
  'src/entities/user.entity.ts': `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
@Entity('users')
export class User {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ length: 20 }) nick: string;
}
`,
  'src/entities/team.entity.ts': `import { Entity, PrimaryGeneratedColumn } from 'typeorm';
@Entity('teams')
export class Team {
  @PrimaryGeneratedColumn() id: number;
}
`,
};

const AFTER = `import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Team } from './team.entity';
@Entity('users')
export class User {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('text') name: string;
  @Column({ name: 'team_id', nullable: true }) teamId: number;
  @ManyToOne(() => Team) @JoinColumn({ name: 'team_id' }) team: Team;
}
`;

const PLAN = `migration_type: modify_existing
table_name: users
changes:
  rename_columns: [{ from: nick, to: name }]
  modify_columns: [{ name: name, new_type: text }]
  add_columns: [{ name: team_id, type: integer, constraints: ['REFERENCES teams(id)'] }]
`;

beforeAll(() => loadSqlParser());

const open: (StartedTypeorm | TestProject)[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await ('stop' in each ? each.stop() : each.remove());
});

async function replayed(project: TestProject) {
  const started = await startTypeorm(await locateTypeorm(project.root), { keep: true });
  open.push(started);
  const loaded = await started.loaded;
  const history = await replayTypeormHistory({
    host: started.host,
    child: started.current,
    loaded,
    typeormVersion: started.project.typeorm.version,
    cacheFolder: started.cacheFolder,
    keep: true,
  });
  await history.kept;
  return { started, loaded, history };
}

describe.each(Object.keys(VERSIONS) as Version[])('TypeORM %s', (version) => {
  it('makes a migration that the project itself runs, both ways', async () => {
    const project = await typeormProject(version, FILES);
    open.push(project);
    const { started, loaded, history } = await replayed(project);
    expect([...history.statements.keys()]).toEqual(['Init1700000000000', 'AddTeams1700000000001']);
    expect(history.statements.get('AddTeams1700000000001')?.[0]?.sql).toContain('CREATE TABLE "teams"');
    expect(history.schema.tables.map(({ name, primaryKey }) => [name, primaryKey?.named])).toEqual([
      ['teams', false],
      ['users', false],
    ]);

    const plan = await parsePlan(PLAN, { file: 'plan.yaml' });
    const resolving = {
      ask: started.current.names,
      version: started.project.typeorm.version,
      migrations: Object.entries(FILES).flatMap(([path, text]) =>
        path.includes('migrations/') ? [text] : [],
      ),
      conventions: history.schema,
    };
    const resolved = await resolveForTypeorm(plan, history.schema, resolving);
    const edited = await started.staged.load({ [project.path('src/entities/user.entity.ts')]: AFTER });
    const statements = await generateTypeormMigration({
      ...started,
      loaded,
      models: { current: loaded.models, staged: edited.models },
      shadow: history.shadow,
      changes: resolved.changes,
      before: history.schema,
      after: resolved.schema,
    });
    await checkTypeormMigration(
      plan,
      statements.schema,
      resolving,
      statements.up.map(({ sql }) => sql).join(';'),
    );
    const written = await writeTypeormMigration({
      root: started.project.root,
      loaded,
      dataSourcePath: started.project.dataSourcePath,
      name: 'give_users_a_team',
      up: statements.up,
      down: statements.down,
      now: 1_600_000_000_000,
    });
    expect(written).toMatchObject({
      className: 'GiveUsersATeam1700000000002',
      number: '1700000000002',
      notices: [],
    });
    expect(written.edits.map(({ path }) => basename(path))).toEqual([
      '1700000000002-GiveUsersATeam.ts',
      'index.ts',
    ]);
    expect(written.edits[0]?.after).toBe(MIGRATION);
    await started.stop();

    for (const { path, after } of written.edits) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, after ?? '');
    }
    await project.write({ 'src/entities/user.entity.ts': AFTER });
    const next = await replayed(project);
    // What the first run has kept is not run again.
    expect([...next.history.statements.keys()]).toEqual(['GiveUsersATeam1700000000002']);
    const { current } = next.started;
    expect((await current.log()).up).toEqual([]);
    const { engine } = next.history.shadow;
    const reached = await readCatalog(engine);
    for (const direction of ['down', 'up'] as const)
      expect(
        await current.run({ name: 'GiveUsersATeam1700000000002', direction, inTransaction: true }),
      ).toEqual({});
    expect(diffCatalogs(reached, await readCatalog(engine))).toEqual([]);
  });
});

const MIGRATION = `import { MigrationInterface, QueryRunner } from 'typeorm';

export class GiveUsersATeam1700000000002 implements MigrationInterface {
  name = 'GiveUsersATeam1700000000002';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`ALTER TABLE "users" RENAME COLUMN "nick" TO "name"\`);
    await queryRunner.query(\`ALTER TABLE "users" ALTER COLUMN "name" TYPE text\`);
    await queryRunner.query(\`ALTER TABLE "users" ADD "team_id" integer\`);
    await queryRunner.query(\`ALTER TABLE "users" ADD CONSTRAINT "FK_1208ee1db5ddb64b48a86b46a61" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE NO ACTION ON UPDATE NO ACTION\`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`ALTER TABLE "users" DROP CONSTRAINT "FK_1208ee1db5ddb64b48a86b46a61"\`);
    await queryRunner.query(\`ALTER TABLE "users" DROP COLUMN "team_id"\`);
    await queryRunner.query(\`ALTER TABLE "users" ALTER COLUMN "name" TYPE character varying(20)\`);
    await queryRunner.query(\`ALTER TABLE "users" RENAME COLUMN "name" TO "nick"\`);
  }
}
`;

it('says which migration does not run on an empty database', async () => {
  const init = FILES['src/migrations/1700000000000-Init.ts'];
  const project = await typeormProject('1.x', {
    ...FILES,
    'src/migrations/1700000000000-Init.ts': init.replace(/CREATE TABLE[^`]*/, 'ALTER TABLE teams ADD x int'),
  });
  open.push(project);
  await expect(replayed(project)).rejects.toMatchObject({
    code: 'history-broken',
    message:
      'The migration Init1700000000000 fails on an empty database: relation "teams" does not exist (42P01).',
    at: { file: project.path('src/migrations/1700000000000-Init.ts') },
  });
});

it('works on PostgreSQL only', async () => {
  const project = await typeormProject('1.x', {
    'src/data-source.ts':
      "import { DataSource } from 'typeorm';\nexport default new DataSource({ type: 'cockroachdb' });\n",
  });
  open.push(project);
  const started = await startTypeorm(await locateTypeorm(project.root), { keep: false });
  open.push(started);
  await expect(started.loaded).rejects.toMatchObject({
    code: 'dialect-not-supported',
    message: 'The data source is of type cockroachdb.',
  });
});
