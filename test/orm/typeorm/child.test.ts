import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type LoadedDataSource,
  startTypeormChild,
  type StagedFiles,
  type TypeormChild,
} from '../../../src/orm/typeorm/child/child.ts';
import { asShadow, type Shadow } from '../../../src/orm/typeorm/shadow.ts';
import { type PgliteEngine, startPglite } from '../../../src/postgres/engines/pglite.ts';
import { type TestProject, typeormProject, type Version, VERSIONS } from './project.ts';

let engine: PgliteEngine;
let shadow: Shadow;
beforeAll(async () => {
  engine = await startPglite({ extensions: ['uuid-ossp'] });
  shadow = asShadow(engine);
});
afterAll(() => engine.close());

const open: { project: TestProject; child: TypeormChild }[] = [];
afterEach(async () => {
  for (const { project, child } of open.splice(0)) {
    child.stop();
    await project.remove();
  }
  await engine.exec('drop schema public cascade; create schema public');
  shadow.takeStatements();
});

interface Loaded {
  readonly project: TestProject;
  readonly child: TypeormChild;
  readonly loaded: LoadedDataSource;
}

async function load(
  version: Version,
  files: Readonly<Record<string, string>>,
  options: {
    dataSource?: string;
    staged?: (project: TestProject) => StagedFiles;
    preload?: (project: TestProject) => readonly string[];
    env?: Record<string, string>;
    packages?: readonly string[];
  } = {},
): Promise<Loaded> {
  const project = await typeormProject(version, files, options.packages);
  const child = startTypeormChild({
    root: project.root,
    repoRoot: project.root,
    dataSourcePath: project.path(options.dataSource ?? 'src/data-source.ts'),
    preload: options.preload?.(project) ?? [],
    env: options.env ?? {},
    cache: undefined,
    engine: async () => shadow,
  });
  open.push({ project, child });
  return { project, child, loaded: await child.load(options.staged?.(project) ?? {}) };
}

const NEST = ['@nestjs/common', '@nestjs/config', '@nestjs/core', '@nestjs/typeorm', 'rxjs'];

const USER = `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
@Entity('users')
export class User {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
}
`;

const source = (options: string, before = ''): string => `import 'reflect-metadata';
import { DataSource } from 'typeorm';
${before}export const AppDataSource = new DataSource({ type: 'postgres', ${options} });
`;

const GLOB = source("entities: [__dirname + '/**/*.entity.ts']");

describe.each(Object.keys(VERSIONS) as Version[])('TypeORM %s', (version) => {
  it('describes entities by their names in the database, types of columns read from the source', async () => {
    const { loaded, project } = await load(version, {
      'src/data-source.ts': GLOB,
      'src/base.ts': `import { Column, PrimaryGeneratedColumn } from 'typeorm';
export abstract class BaseRecord { @PrimaryGeneratedColumn('uuid') id: string; @Column({ name: 'created_at' }) createdAt: Date; }`,
      'src/user.entity.ts': `import { Check, Column, Entity, Index, OneToMany, Unique } from 'typeorm';
import { BaseRecord } from './base';
import { Post } from './post.entity';
export enum Role { admin = 'admin', user = 'user' }
@Entity('users') @Unique(['email', 'name']) @Check('users_name_check', "name <> ''")
export class User extends BaseRecord {
  @Column() name: string;
  @Index('users_email_idx', { unique: true, where: 'active' }) @Column() email: string;
  @Column() active: boolean;
  @Column({ type: 'enum', enum: Role, default: Role.user }) role: Role;
  @OneToMany(() => Post, (post) => post.author) posts: Post[];
}`,
      'src/post.entity.ts': `import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { User } from './user.entity';
@Entity() export class Post {
  @PrimaryColumn() slug: string;
  @ManyToOne(() => User, (user) => user.posts) @JoinColumn({ name: 'author_id' }) author: User;
}`,
    });
    const user = loaded.models.find(({ name }) => name === 'User');
    expect(user).toMatchObject({
      form: 'class',
      table: { schema: 'public', name: 'users' },
      file: project.path('src/user.entity.ts'),
      parents: ['BaseRecord'],
      indices: [{ name: 'users_email_idx', columns: ['email'], isUnique: true, where: 'active' }],
      uniques: [{ columns: ['email', 'name'] }],
      checks: [{ name: 'users_name_check', expression: "name <> ''" }],
    });
    const columns = user?.columns.map(({ column, type, declaredIn }) => [column, type, declaredIn]);
    expect(columns?.toSorted()).toEqual([
      ['active', 'boolean', 'User'],
      ['created_at', 'timestamp without time zone', 'BaseRecord'],
      ['email', 'character varying', 'User'],
      ['id', 'uuid', 'BaseRecord'],
      ['name', 'character varying', 'User'],
      ['role', 'enum', 'User'],
    ]);
    expect(user?.columns.find(({ column }) => column === 'role')?.enumName).toBe('users_role_enum');
    const post = loaded.models.find(({ name }) => name === 'Post');
    expect(post?.relations).toMatchObject([
      {
        property: 'author',
        kind: 'many-to-one',
        target: 'User',
        inverse: 'posts',
        joinColumns: ['author_id'],
      },
    ]);
    expect(post?.columns).toContainEqual(
      expect.objectContaining({
        property: 'author',
        column: 'author_id',
        isVirtual: true,
        declaredIn: 'Post',
      }),
    );
    expect(loaded.modules).toContain(project.path('src/base.ts'));
  });

  describe('types of columns that only the compiler knows', () => {
    const withColumns = (imports: string, columns: readonly string[]): Record<string, string> => ({
      'src/data-source.ts': GLOB,
      'src/kinds.ts': `export type Level = 'low' | 'high';
export type Amount = 1 | 2 | null;
export type Slug = string & { readonly brand: 'slug' };
export enum Size { small = 'small', large = 'large' }
export enum Rank { first, second }
export interface Shape { readonly sides: number }
export type When = Date | undefined;
export type Picked = Exclude<Level | 'none', 'none'>;
`,
      'src/thing.entity.ts': `import { Column, Entity, PrimaryColumn } from 'typeorm';
${imports}
@Entity('things') export class Thing {
  @PrimaryColumn() key: string;
  ${columns.join('\n  ')}
}`,
    });

    it('aliases, branded strings, enums and unions of other files', async () => {
      const imports = `import type { UUID } from 'node:crypto';
import type { Level } from './kinds';
import { type Amount, Picked, Size, When } from './kinds';
import { Slug } from './kinds.js';
import * as kinds from './kinds';`;
      const { loaded } = await load(
        version,
        withColumns(imports, [
          '@Column() uuid: UUID;',
          '@Column() level: Level;',
          '@Column({ nullable: true }) amount: Amount;',
          '@Column() slug: Slug;',
          '@Column() size: Size;',
          '@Column() rank: kinds.Rank;',
          '@Column({ nullable: true }) at: When;',
          '@Column() picked?: Picked;',
          "@Column('jsonb') shape: kinds.Shape;",
        ]),
      );
      const types = loaded.models[0]?.columns.map(({ column, type }) => [column, type]);
      expect(Object.fromEntries(types ?? [])).toEqual({
        key: 'character varying',
        uuid: 'character varying',
        level: 'character varying',
        amount: 'integer',
        slug: 'character varying',
        size: 'character varying',
        rank: 'integer',
        at: 'timestamp without time zone',
        picked: 'character varying',
        shape: 'jsonb',
      });
    });

    it('an interface is no type of a column, as TypeORM says', async () => {
      await expect(
        load(version, withColumns("import { Shape } from './kinds';", ['@Column() it: Shape;'])),
      ).rejects.toThrow('"Object" in "Thing.it" is not supported');
    });
  });

  it('finds entities whose glob names compiled files, though nothing says where these would be', async () => {
    const { loaded, project } = await load(version, {
      'src/data-source.ts': source(
        "entities: [join(__dirname, '*.entity.js')], migrations: [join(__dirname, 'migrations/*{.js}')]",
        "import { join } from 'node:path';\n",
      ),
      'src/user.entity.ts': USER,
    });
    expect(loaded.models.map(({ file }) => file)).toEqual([project.path('src/user.entity.ts')]);
    expect(loaded.entities.patterns).toEqual([project.path('src/*.entity.{ts,js}')]);
  });

  it('finds entities whose glob names what a build config alone says to write', async () => {
    const { loaded, project } = await load(version, {
      'tsconfig.build.json':
        '{ "extends": "./tsconfig.json", "compilerOptions": { "outDir": "lib", "rootDir": "src" } }',
      'src/data-source.ts': source("entities: ['lib/**/*.entity.js']"),
      'src/user.entity.ts': USER,
    });
    expect(loaded.models.map(({ file }) => file)).toEqual([project.path('src/user.entity.ts')]);
  });

  describe('what ES modules do', () => {
    const own = async (before: string, files: Record<string, string> = {}): Promise<string[]> => {
      const { loaded, project } = await load(version, {
        'src/data-source.ts': source("entities: [here + '/**/*.entity.ts']", before),
        'src/user.entity.ts': USER,
        ...files,
      });
      return loaded.models.map(({ file }) => file?.replace(`${project.root}/`, '') ?? '');
    };

    it('names of CommonJS made by hand', async () => {
      const before = `import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
const __filename = fileURLToPath(import.meta.url);
const __dirname = dirname(__filename);
const here = __dirname;
`;
      expect(await own(before)).toEqual(['src/user.entity.ts']);
    });

    it('a require made by hand, and a JSON file read with it', async () => {
      const before = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { folder } = require('./settings.json') as { folder: string };
const here = new URL(folder, import.meta.url).pathname.replaceAll('%20', ' ');
`;
      expect(await own(before, { 'src/settings.json': '{ "folder": "." }' })).toEqual(['src/user.entity.ts']);
    });

    it('names made by hand beside an await at the top level, imports with their ending', async () => {
      const before = `import { place } from './place.ts';
const __dirname = import.meta.dirname;
const here = await Promise.resolve(place(__dirname));
`;
      expect(
        await own(before, {
          'src/place.ts': `const module = 'place';
export function place(folder: string): string { return module === 'place' ? folder : ''; }`,
        }),
      ).toEqual(['src/user.entity.ts']);
    });
  });

  it('sends a module that connects on import to the disposable database, and nowhere else', async () => {
    let connections = 0;
    const server: Server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    try {
      const { loaded, child } = await load(version, {
        'src/data-source.ts': `${source(
          `host: '127.0.0.1', port: ${port}, synchronize: true, dropSchema: true, migrationsRun: true, entities: [__dirname + '/*.entity.ts']`,
          `import net from 'node:net';
net.connect(${port}, '127.0.0.1').on('error', () => undefined);
`,
        )}
export const ready = AppDataSource.initialize();
await ready;
`,
        'src/user.entity.ts': USER,
      });
      await child.connect();
      expect(loaded).toMatchObject({ synchronize: true, migrationsRun: true });
      expect((await child.log()).up[0]?.sql).toContain('CREATE TABLE "users"');
      expect(connections).toBe(0);
    } finally {
      server.close();
    }
  });

  it('loads an ES module project: import.meta, .js for .ts, top-level await, ES packages that import pg', async () => {
    const { loaded, child } = await load(version, {
      'package.json': '{ "name": "shop", "type": "module" }',
      'node_modules/pg-helper/package.json':
        '{ "name": "pg-helper", "type": "module", "exports": "./index.mjs" }',
      'node_modules/pg-helper/index.mjs':
        "import pg, { Pool } from 'pg';\nexport const answer = async () => (await new Pool({ host: 'real' }).query('select 41 + $1::int as n', [1])).rows[0].n + (pg.Pool === Pool ? 0 : 1);\n",
      'src/data-source.ts': `import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataSource } from 'typeorm';
import { answer } from 'pg-helper';
import { entities } from './entities.js';
const here = dirname(fileURLToPath(import.meta.url));
const n = await answer();
export default new DataSource({ type: 'postgres', entities: { ...entities }, migrations: [here + '/migrations/*.ts'], migrationsTableName: 'done_' + n });
`,
      'src/entities.ts': "import { User } from './user.entity.js';\nexport const entities = { User };\n",
      'src/user.entity.ts': USER,
      'src/migrations/1700000000000-Init.ts': MIGRATION,
    });
    expect(loaded).toMatchObject({
      migrationsTable: { name: 'done_42' },
      entities: { listed: 1 },
      models: [{ name: 'User' }],
      history: [{ name: 'Init1700000000000', stamp: 1_700_000_000_000 }],
    });
    await child.connect();
    expect(await child.run({ name: 'Init1700000000000', direction: 'up', inTransaction: true })).toEqual({});
    expect(await engine.query('select * from made')).toEqual([{ id: 1 }]);
  });

  it('sees staged files: changed, new and deleted', async () => {
    const { loaded } = await load(
      version,
      {
        'src/data-source.ts': GLOB,
        'src/user.entity.ts': USER,
        'src/old.entity.ts': USER.replaceAll('User', 'Old').replace('users', 'old'),
      },
      {
        staged: (project) => ({
          [project.path('src/user.entity.ts')]: USER.replace('name: string', 'nickname: string'),
          [project.path('src/old.entity.ts')]: null,
          [project.path('src/teams/team.entity.ts')]: USER.replaceAll('User', 'Team').replace(
            'users',
            'teams',
          ),
        }),
      },
    );
    expect(loaded.models.map(({ table, columns }) => [table.name, columns[1]?.column])).toEqual([
      ['teams', 'name'],
      ['users', 'nickname'],
    ]);
  });

  it('runs hand-written migrations and notes their SQL, extensions that are not there passed over', async () => {
    const { child } = await load(version, {
      'src/data-source.ts': source("entities: [], migrations: [__dirname + '/migrations/*.ts']"),
      'src/migrations/1700000000000-Init.ts': `import { MigrationInterface, QueryRunner, Table } from 'typeorm';
export class Init1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query('CREATE EXTENSION IF NOT EXISTS "postgis"');
    await runner.createTable(new Table({ name: 'teams', columns: [{ name: 'id', type: 'int', isPrimary: true }] }));
    await runner.query('INSERT INTO teams VALUES ($1)', [7]);
    const [{ count }] = await runner.query('SELECT count(*) FROM teams');
    if (count !== '1') throw new Error(typeof count);
  }
  async down(runner: QueryRunner) { await runner.dropTable('teams'); }
}`,
      'src/migrations/1700000000001-Concurrent.ts': `export class Concurrent1700000000001 {
  async up(runner: any) { await runner.query('CREATE INDEX CONCURRENTLY teams_idx ON teams (id)'); }
  async down(runner: any) { await runner.query('SELECT 1 / 0'); }
}`,
      'src/migrations/1700000000002-Reads.ts': `export class Reads1700000000002 {
  async up(runner: any) {
    const [row] = await runner.query(
      "SELECT true AS yes, '{\\"a\\": [1]}'::jsonb AS doc, date '2026-01-02' AS day, 9007199254740993::int8 AS big, '{t,f}'::bool[] AS flags"
    );
    if (row.yes !== true || row.doc.a[0] !== 1 || !(row.day instanceof Date) || row.big !== '9007199254740993' || row.flags[1] !== false)
      throw new Error(JSON.stringify(row));
    const found = await runner.hasTable('nowhere');
    if (found) throw new Error('hasTable');
  }
  async down() {}
}`,
    });
    await child.connect();
    shadow.takeStatements();
    expect(await child.run({ name: 'Init1700000000000', direction: 'up', inTransaction: true })).toEqual({});
    const statements = shadow.takeStatements();
    expect(statements.map(({ sql }) => sql.replace(/"PK_\w+"/, 'PK'))).toEqual([
      'CREATE EXTENSION IF NOT EXISTS "postgis"',
      'CREATE TABLE "teams" ("id" int NOT NULL, CONSTRAINT PK PRIMARY KEY ("id"))',
      'INSERT INTO teams VALUES ($1)',
      'SELECT count(*) FROM teams',
    ]);
    expect(statements[2]?.parameters).toEqual(['7']);
    // Where the calls stand, for those that TypeORM makes the SQL of too.
    expect(statements.map(({ at }) => [at?.line, at?.column])).toEqual([
      [4, 5],
      [5, 5],
      [6, 5],
      [7, 25],
    ]);
    expect(shadow.notTested.at(-1)).toContain('postgis');
    expect(
      await child.run({ name: 'Concurrent1700000000001', direction: 'up', inTransaction: false }),
    ).toEqual({});
    expect(
      await child.run({ name: 'Concurrent1700000000001', direction: 'down', inTransaction: true }),
    ).toMatchObject({
      failure: { message: 'division by zero', sqlstate: '22012' },
    });
    expect(await child.run({ name: 'Reads1700000000002', direction: 'up', inTransaction: true })).toEqual({});
  });

  it('knows the files that a migration consists of, helpers of helpers too, but not all that entities lead to', async () => {
    const { loaded, project } = await load(version, {
      'src/data-source.ts': source("entities: [], migrations: [__dirname + '/migrations/*.ts']"),
      'src/helper.ts': "export { deep } from './deep';\n",
      'src/deep.ts': 'export const deep = 1;\n',
      'src/user.ts': `import './far';\n${USER}`,
      'src/far.ts': 'export const far = 1;\n',
      'src/migrations/1700000000000-Init.ts': `import { deep } from '../helper';
import { User } from '../user';
export class Init1700000000000 { async up() { console.log(deep, User); } async down() {} }
`,
    });
    expect(loaded.history[0]?.imports).toEqual(
      ['src/helper.ts', 'src/deep.ts', 'src/user.ts'].map((file) => project.path(file)),
    );
  });

  it('keeps what the module does to the driver, and asks its own naming strategy', async () => {
    const { child } = await load(version, {
      'src/data-source.ts': `import { DefaultNamingStrategy } from 'typeorm';
class Snake extends DefaultNamingStrategy {
  columnName(property: string, custom: string) { return custom ?? property.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase()); }
  uniqueConstraintName(table: any, columns: string[]) { return 'uq_' + (table.name ?? table) + '_' + columns.join('_'); }
}
${source('entities: [__dirname + "/*.entity.ts"], namingStrategy: new Snake()')}
AppDataSource.driver.supportedDataTypes.push('tsquery2' as any);
`,
      'src/user.entity.ts': USER.replace('@Column() name', "@Column('tsquery2' as any) firstName"),
    });
    expect(
      await child.names([
        { kind: 'unique', table: 'users', columns: ['a', 'b'] },
        { kind: 'foreign-key', table: 'users', columns: ['team_id'], target: 'teams', targetColumns: ['id'] },
      ]),
    ).toEqual(['uq_users_a_b', expect.stringMatching(/^FK_[0-9a-f]{27}$/)]);
    await child.connect();
    expect((await child.log()).up[0]?.sql).toContain('"first_name" tsquery2 NOT NULL');
  });
});

const MIGRATION = `import type { MigrationInterface, QueryRunner } from 'typeorm';
export class Init1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner) { await runner.query('CREATE TABLE made AS SELECT 1 AS id'); }
  async down(runner: QueryRunner) { await runner.query('DROP TABLE made'); }
}
`;

it('reads entities and paths that the tsconfig maps, from globs of compiled files', async () => {
  const { loaded } = await load('1.x', {
    'tsconfig.json': JSON.stringify({
      compilerOptions: { baseUrl: '.', paths: { '@/*': ['src/*'] }, outDir: 'dist', rootDir: 'src' },
    }),
    'src/data-source.ts': source("entities: ['dist/**/*.entity.js']"),
    'src/user.entity.ts': `import { NAME } from '@/names';\n${USER.replace("'users'", 'NAME')}`,
    'src/names.ts': "export const NAME = 'people';\n",
  });
  expect(loaded.models.map(({ table }) => table.name)).toEqual(['people']);
});

it('reads EntitySchema objects', async () => {
  const { loaded, project } = await load('1.x', {
    'src/data-source.ts': source("entities: [__dirname + '/schemas/*.ts']"),
    'src/schemas/user.ts': `import { EntitySchema } from 'typeorm';
export const UserSchema = new EntitySchema({ name: 'User', tableName: 'users', columns: { id: { type: Number, primary: true, generated: true } } });
`,
  });
  expect(loaded.models).toMatchObject([
    { name: 'User', form: 'schema', table: { name: 'users' }, file: project.path('src/schemas/user.ts') },
  ]);
});

it.each([
  ['a url', "if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL is missing');\n"],
  ['a process that ends itself', 'if (!process.env.APP_SECRET_KEY) process.exit(1);\n'],
])('stands in for variables that the module insists on: %s', async (_, insisting) => {
  const { loaded } = await load('1.x', { 'src/data-source.ts': source('entities: []', insisting) });
  expect(loaded.type).toBe('postgres');
});

it("loads first what the project's script does, with its variables", async () => {
  const { loaded } = await load(
    '1.x',
    {
      'src/data-source.ts': source(
        'entities: [], migrationsTableName: process.env.FROM_FILE! + process.env.FROM_SCRIPT',
      ),
      'src/env.ts': "process.env.FROM_FILE = 'done';\nexport {};\n",
    },
    { preload: (project) => [project.path('src/env.ts')], env: { FROM_SCRIPT: '_here' } },
  );
  expect(loaded.migrationsTable.name).toBe('done_here');
});

it('says why a data source cannot be used', async () => {
  const broken = load('1.x', {
    'src/data-source.ts': source('entities: []', "throw new Error('no luck');\n"),
  });
  await expect(broken).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringMatching(/data-source\.ts cannot be used: no luck/),
    frame: expect.stringContaining('data-source.ts'),
  });
  const one = source('entities: []');
  const two = load('1.x', {
    'src/data-source.ts': `${one}export const Second = new DataSource({ type: 'postgres' });\n`,
  });
  await expect(two).rejects.toThrow(/exports several data sources/);
  await expect(load('1.x', { 'src/data-source.ts': 'export const a = 1;\n' })).rejects.toThrow(
    /exports no DataSource/,
  );
});

describe('Nest projects that export no data source', () => {
  const nest = async (files: Readonly<Record<string, string>>, env: Record<string, string> = {}) => {
    const loading = load(
      '1.x',
      {
        'src/user.entity.ts': USER,
        'src/users/users.module.ts': `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { User } from '../user.entity';
@Module({ imports: [TypeOrmModule.forFeature([User])] })
export class UsersModule {}
`,
        ...files,
      },
      { dataSource: 'src/app.module.ts', env, packages: NEST },
    );
    return (await loading).loaded;
  };
  const module = (imports: string, before = ''): string => `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { User } from './user.entity';
${before}
@Module({ imports: [${imports}] })
export class AppModule {}
export const entities = [User];
`;

  it('have what forRoot is given', async () => {
    const { models, synchronize, connection } = await nest({
      'src/app.module.ts': module(
        "TypeOrmModule.forRoot({ type: 'postgres', host: 'db', synchronize: true, entities: [User] })",
      ),
    });
    expect([models.map(({ name }) => name), synchronize, connection.host]).toEqual([['User'], true, 'db']);
  });

  it('have what the factory of forRootAsync makes of what Nest injects, and what other modules name', async () => {
    const { models, connection } = await nest(
      {
        'src/app.module.ts': module(
          `TypeOrmModule.forRootAsync({
  inject: [ConfigService, { token: 'CONFIGURATION(database)', optional: true }],
  useFactory: async (config: ConfigService, database: { name: string }) => ({
    type: 'postgres', host: config.getOrThrow('DB_HOST'), database: database.name, autoLoadEntities: true,
  }),
}), ConfigModule.forRoot({ load: [database] })`,
          `import { ConfigModule, ConfigService, registerAs } from '@nestjs/config';
const database = registerAs('database', () => ({ name: 'shop' }));`,
        ),
      },
      { DB_HOST: 'db.internal' },
    );
    expect(models.map(({ name }) => name)).toEqual(['User']);
    expect(connection).toMatchObject({ host: 'db.internal', database: 'shop' });
  });

  it('have what a class of options makes', async () => {
    const { models } = await nest({
      'src/app.module.ts': module(
        'TypeOrmModule.forRootAsync({ useClass: Options })',
        `import { ConfigService } from '@nestjs/config';
import { Injectable } from '@nestjs/common';
@Injectable() class Options {
  constructor(private readonly config: ConfigService) {}
  createTypeOrmOptions() { return { type: 'postgres' as const, host: this.config.get('DB_HOST', 'none'), entities: [User] }; }
}`,
      ),
    });
    expect(models.map(({ name }) => name)).toEqual(['User']);
  });

  it('are told apart where they configure several', async () => {
    const two =
      "TypeOrmModule.forRoot({ type: 'postgres' }), TypeOrmModule.forRoot({ name: 'audit', type: 'postgres' })";
    await expect(nest({ 'src/app.module.ts': module(two) })).rejects.toThrow(
      'configure several connections (default, audit)',
    );
  });
});

it('says which variables are not set where the data source cannot be had', async () => {
  const loading = load('1.x', {
    'src/data-source.ts': source(
      '',
      "if (process.env.SHOP_REGION?.length !== 2) throw new Error('no region');\n",
    ),
  });
  await expect(loading).rejects.toThrow(
    /no region\nIt reads environment variables that are not set: SHOP_REGION\./,
  );
});

it('names the variables that an error speaks of, and not seventy others', async () => {
  const others = Array.from({ length: 30 }, (_, index) => `process.env.SHOP_${index};\n`).join('');
  const loading = load('1.x', {
    'src/data-source.ts': source(
      '',
      `${others}if (!process.env.SHOP_REGION?.startsWith('eu-')) throw new Error('SHOP_REGION is required');\n`,
    ),
  });
  await expect(loading).rejects.toMatchObject({
    message: expect.stringMatching(
      /required\nIt reads environment variables that are not set: SHOP_REGION\.$/,
    ),
    // It is said once.
    frame: expect.not.stringContaining('SHOP_REGION is required'),
  });
  const silent = load('1.x', { 'src/data-source.ts': source('', `${others}throw new Error('no');\n`) });
  await expect(silent).rejects.toThrow(/SHOP_0, (?:SHOP_\d+, ){10}SHOP_\d+ and 18 more\.$/);
});

it.each([
  ['a package that is not there', "import 'no-such-package';\n"],
  ['a package that was not built', "import './dist/enums.js';\n"],
  [
    'an entity that refers to none',
    "import { Entity, ManyToOne, PrimaryColumn } from 'typeorm';\nconst Gone: any = undefined;\n@Entity() class Post { @PrimaryColumn() id!: number; @ManyToOne(() => Gone) gone: any; }\n",
  ],
])('runs no code with stand-ins where they cannot help: %s', async (_, failing) => {
  const logging =
    "import { mkdirSync } from 'node:fs';\nmkdirSync(`${process.env.LOG_FOLDER ?? 'node_modules'}/logs`, { recursive: true });\n";
  const isEntity = failing.includes('class Post');
  const text = source(`entities: [${isEntity ? 'Post' : ''}]`, logging + failing);
  await expect(load('1.x', { 'src/data-source.ts': text })).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.not.stringContaining('LOG_FOLDER'),
  });
  const { root } = open.at(-1)!.project;
  expect(readdirSync(root)).not.toContain('tableplan');
  expect(readdirSync(join(root, 'node_modules'))).toContain('logs');
});
