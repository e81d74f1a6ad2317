import { execFileSync } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { drizzleKit, makeProject, migrate } from './round-trip/project.ts';
import { makeTree, treeOf } from './workspace/tree.ts';

let base: string;
beforeAll(() => {
  base = makeProject();
});

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'tableplan pipeline-'));
  cpSync(base, root, { recursive: true, verbatimSymlinks: true });
  return root;
}

function edit(root: string, path: string, change: (text: string) => string): void {
  writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8')));
}

describe('a project in which the migration would be wrong is left untouched', () => {
  const cases: readonly (readonly [string, { code: string; exitCode: number }, (root: string) => void])[] = [
    [
      'a schema change that no migration has, where drizzle-kit asks',
      { code: 'schema-drift', exitCode: 1 },
      (root) =>
        edit(root, 'src/schema.ts', (text) =>
          text.replace(
            "nick: varchar('nick', { length: 50 }),",
            "handle: varchar('handle', { length: 50 }),",
          ),
        ),
    ],
    [
      'a schema change that no migration has, where drizzle-kit does not ask',
      { code: 'schema-drift', exitCode: 1 },
      (root) =>
        edit(root, 'src/schema.ts', (text) =>
          text.replace("line: text('line')", "line: text('line'), level: integer('level')"),
        ),
    ],
    [
      'a schema file that does not run',
      { code: 'generate-failed', exitCode: 4 },
      (root) => edit(root, 'src/schema.ts', (text) => `${text}\nthrow new Error('not today');\n`),
    ],
    [
      'a config for another database',
      { code: 'dialect-not-supported', exitCode: 2 },
      (root) => edit(root, 'drizzle.config.ts', (text) => text.replace('postgresql', 'mysql')),
    ],
    [
      'a config that fails',
      { code: 'config-invalid', exitCode: 2 },
      (root) => edit(root, 'drizzle.config.ts', (text) => `${text}throw new Error('no');\n`),
    ],
    [
      "the prefix 'none', with which drizzle-kit does not find its snapshots",
      { code: 'config-invalid', exitCode: 2 },
      (root) =>
        edit(root, 'package.json', (text) => text.replace('kit generate"', 'kit generate --prefix none"')),
    ],
    [
      'a missing snapshot',
      { code: 'answer-needed', exitCode: 3 },
      (root) => rmSync(join(root, 'drizzle/meta/0000_snapshot.json')),
    ],
    [
      'a journal without entries beside SQL files',
      { code: 'history-broken', exitCode: 2 },
      (root) =>
        edit(root, 'drizzle/meta/_journal.json', (text) =>
          JSON.stringify({ ...JSON.parse(text), entries: [] }),
        ),
    ],
    [
      'tables but no history at all',
      { code: 'history-broken', exitCode: 2 },
      (root) => rmSync(join(root, 'drizzle'), { recursive: true }),
    ],
  ];
  it.each(cases)('%s', async (_, error, damage) => {
    const root = project();
    damage(root);
    const before = treeOf(root);
    await expect(migrate(root, 'people phone:text')).rejects.toMatchObject(error);
    expect(treeOf(root)).toBe(before);
  });
});

describe('a schema that keeps Node alive', () => {
  const alive = (text: string): string => `${text}\nsetInterval(() => undefined, 1000);\n`;

  it('does not keep the run waiting', async () => {
    const root = project();
    edit(root, 'src/schema.ts', alive);
    expect((await migrate(root, 'people phone:text')).status).toBe('done');
  });

  it('does not do so either when drizzle-kit fails, and may print errors of its own', async () => {
    const root = project();
    edit(root, 'src/schema.ts', (text) => `${alive(text)}console.error(new Error('just so'));\n`);
    expect((await migrate(root, 'people phone:text')).status).toBe('done');
    edit(root, 'src/schema.ts', (text) => `${text}throw new Error('not today');\n`);
    await expect(migrate(root, 'people fax:text')).rejects.toMatchObject({
      code: 'generate-failed',
      frame: expect.stringContaining('not today'),
    });
  });
});

describe("the prefix of the project's migrations is kept", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['timestamp', /^\d{14}_/],
    ['supabase', /^\d{14}_/],
    ['unix', /^\d{10}_/],
    ['index', /^0001_/],
  ];
  it.each(cases)('where the script says --prefix %s', async (prefix, number) => {
    const root = project();
    edit(root, 'package.json', (text) => text.replace('kit generate"', `kit generate --prefix ${prefix}"`));
    await migrate(root, 'people phone:text');
    const sql = readdirSync(join(root, 'drizzle')).filter((name) => name.endsWith('.sql'));
    const tag = sql.at(-1)!.replace('.sql', '');
    expect(sql).toEqual(['0000_init.sql', expect.stringMatching(number)]);
    expect(readdirSync(join(root, 'drizzle/rollback'))).toEqual([`${tag}.down.sql`]);
    expect(readdirSync(join(root, 'docs/migrations'))).toEqual([`migration-${tag.replaceAll('_', '-')}.md`]);
    expect(readdirSync(join(root, 'drizzle/meta'))).toContain(`${tag.split('_')[0]}_snapshot.json`);
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
  });

  it('where the config says it, and drizzle-kit has nothing to write', async () => {
    const root = project();
    edit(root, 'drizzle.config.ts', (text) =>
      text.replace('dialect:', "migrations: { prefix: 'timestamp' }, dialect:"),
    );
    await migrate(root, 'RenameCityToTownInPeople');
    expect(readdirSync(join(root, 'drizzle')).filter((name) => name.endsWith('.sql'))).toEqual([
      '0000_init.sql',
      expect.stringMatching(/^\d{14}_/),
    ]);
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
  });
});

it('raises the new entry above a predecessor from the future, so that no database skips it', async () => {
  const root = project();
  const future = Date.now() + 1e9;
  edit(root, 'drizzle/meta/_journal.json', (text) => text.replace(/"when": \d+/, `"when": ${future}`));
  await migrate(root, 'people phone:text');
  const { entries } = JSON.parse(readFileSync(join(root, 'drizzle/meta/_journal.json'), 'utf8'));
  expect(entries.map(({ when }: { when: number }) => when)).toEqual([future, future + 1]);
});

it('puts the rollback script where the project keeps such scripts, and calls it as they are called', async () => {
  const root = project();
  cpSync(join(root, 'drizzle/0000_init.sql'), join(root, 'drizzle/rollback/rollback_0000_init.sql'), {
    recursive: true,
  });
  await migrate(root, 'people phone:text');
  expect(readdirSync(join(root, 'drizzle/rollback'))).toEqual([
    'rollback_0000_init.sql',
    'rollback_0001_add_phone_to_people.sql',
  ]);
});

it('records a small change in 40 lines, with its author as git knows them', async () => {
  const root = project();
  execFileSync('git', ['init', '-q'], { cwd: root });
  execFileSync('git', ['config', 'user.name', 'Kim Lee'], { cwd: root });
  await migrate(root, 'people phone:text', { rehearse: true });
  const record = readFileSync(join(root, 'docs/migrations/migration-0001-add-phone-to-people.md'), 'utf8');
  expect(record.split('\n').length).toBeLessThanOrEqual(41);
  expect(record).toMatch(/\*\*Migration Author\*\*: Kim Lee, \d{4}-\d\d-\d\d\n/);
  expect(record).toContain('blocks reads and writes on `people` (ACCESS EXCLUSIVE)');
  expect(record).toContain('**Rollback**: exact for rows that existed before the migration.');
  expect(record).toContain('- [x] Rehearsed up, down and up again with rows (pglite, PostgreSQL ');
  const sentences = record.match(/[A-Z`][^.\n|]{20,}[.\n]/g) ?? [];
  expect(new Set(sentences).size).toBe(sentences.length);
});

it("writes the record after the project's own template", async () => {
  const root = project();
  cpSync(resolve('templates/record/migration.md.hbs'), join(root, 'tableplan/record/migration.md.hbs'), {
    recursive: true,
  });
  edit(root, 'tableplan/record/migration.md.hbs', (text) =>
    text.replace('## Rollback Plan', '## What our team calls a rollback plan'),
  );
  await migrate(root, 'people phone:text');
  expect(readFileSync(join(root, 'docs/migrations/migration-0001-add-phone-to-people.md'), 'utf8')).toContain(
    '## What our team calls a rollback plan',
  );
});

it('reads a config that insists on variables, and gives drizzle-kit new files that only a glob finds', async () => {
  const root = makeTree(
    {
      'package.json': '{"name":"env","private":true,"type":"module"}',
      'drizzle.config.ts': `if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL is missing');
if (!('AUTH_SECRET_KEY' in process.env)) throw new Error('AUTH_SECRET_KEY is missing');
export default { dialect: 'postgresql', schema: './schema/*.ts', out: './drizzle' };
`,
      'schema/teams.ts':
        "import { pgTable, uuid } from 'drizzle-orm/pg-core';\n\nexport const teams = pgTable('teams', { id: uuid('id').primaryKey() });\n",
    },
    'tableplan env-',
  );
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  Object.assign(process.env, { DATABASE_URL: 'postgres://x/y', AUTH_SECRET_KEY: 'x' });
  drizzleKit(root, 'generate', '--name', 'init');
  delete process.env.DATABASE_URL;
  delete process.env.AUTH_SECRET_KEY;
  const outcome = await migrate(root, 'CreateUsersTable id:uuid:pk');
  expect(outcome.status).toBe('done');
  expect(readdirSync(join(root, 'schema'))).toEqual(['teams.ts', 'users.ts']);
  expect(readFileSync(join(root, 'drizzle/0001_create_users_table.sql'), 'utf8')).toContain(
    'CREATE TABLE "users"',
  );
});

it('makes the first migration of a project that has no table yet', async () => {
  const root = makeTree({
    'package.json': '{"name":"first","private":true,"type":"module"}',
    'drizzle.config.ts':
      "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };\n",
    'schema.ts': '// tables go here\n',
  });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  await migrate(root, 'CreateUsersTable id:uuid:pk name:text!');
  expect(readFileSync(join(root, 'drizzle/0000_create_users_table.sql'), 'utf8')).toContain(
    'CREATE TABLE "users"',
  );
  expect(drizzleKit(root, 'generate')).toContain('No schema changes');
});

const USERS =
  "import { pgTable, uuid } from 'drizzle-orm/pg-core';\n\nexport const users = pgTable('users', { id: uuid('id').primaryKey() });\n";

/** A project with this schema and its first migration; `links` are made before that. */
function small(
  schema: unknown,
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {},
): string {
  const root = makeTree(
    {
      'package.json': '{"name":"small","private":true,"type":"module"}',
      'drizzle.config.ts': `export default { dialect: 'postgresql', schema: ${JSON.stringify(schema)}, out: './drizzle' };\n`,
      ...files,
    },
    'tableplan small-',
  );
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
  drizzleKit(root, 'generate', '--name', 'init');
  return root;
}

const TEAMS = USERS.replaceAll('users', 'teams');

describe('a config that loads the schema itself has it loaded again, edited', () => {
  const config = (imports: string, schema: string): string =>
    `${imports}\nexport default { dialect: 'postgresql', schema: ${schema}, out: './drizzle' };\n`;

  it.each([
    ['directly', { 'drizzle.config.ts': config("import './db/users';", "'./db/users.ts'") }],
    [
      'through the module of its database',
      {
        'drizzle.config.ts': config(
          "import { url } from './db';\nif (!url) throw new Error();",
          "'./db/users.ts'",
        ),
        'db/index.ts':
          "import * as schema from './users';\nexport const url = 'postgres://db/shop';\nexport { schema };\n",
      },
    ],
    [
      'by a name that comes from another file',
      {
        'drizzle.config.ts': config("import { paths } from './db/paths';", 'paths.schema'),
        'db/paths.ts':
          "import { users } from './users';\nexport const paths = { schema: users ? './db/users.ts' : '' };\n",
      },
    ],
  ])('%s', async (_how, files) => {
    const root = small('', { 'db/users.ts': USERS, ...files });
    await migrate(root, 'users name:text');
    expect(readFileSync(join(root, 'drizzle/0001_add_name_to_users.sql'), 'utf8')).toContain(
      'ALTER TABLE "users" ADD COLUMN "name" text',
    );
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
  });
});

it.each([
  ['node’s own modules', { module: 'nodenext' }, './place.schema.js'],
  ['TypeScript’s own endings', { module: 'nodenext', allowImportingTsExtensions: true }, './place.schema.ts'],
  ['a bundler', { module: 'esnext', moduleResolution: 'bundler' }, './place.schema'],
])('the first files of a schema are named as the compiler asks for: %s', async (_, options, specifier) => {
  const compilerOptions = { ...options, strict: true, skipLibCheck: true, noEmit: true, types: [] };
  const root = small('./schema.ts', {
    'schema.ts': '',
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'], exclude: ['drizzle.config.ts'] }),
  });
  const outcome = await migrate(root, 'CreatePlacesTable id:uuid:pk', { typecheck: true });
  expect(readFileSync(join(root, 'schema.ts'), 'utf8')).toContain(`export * from '${specifier}';`);
  expect(outcome).toMatchObject({ status: 'done', verification: { ok: true } });
  const second = await migrate(root, 'streets place:ref(places)', { typecheck: true });
  expect(second).toMatchObject({ status: 'done', verification: { ok: true } });
});

it('leaves a file that the config names in place when its last table goes', async () => {
  const root = small(['./users.ts', './teams.ts'], { 'users.ts': USERS, 'teams.ts': TEAMS });
  await migrate(root, 'DropTeamsTable', { writeAnyway: 'nobody uses it' });
  expect(readFileSync(join(root, 'teams.ts'), 'utf8')).toBe('export {};\n');
  await migrate(root, 'users phone:text');
  expect(drizzleKit(root, 'generate')).toContain('No schema changes');
});

it('empties the one file of a schema, and fills it again', async () => {
  const root = small('./schema.ts', { 'schema.ts': USERS });
  await migrate(root, 'DropUsersTable', { writeAnyway: 'nobody uses it' });
  await migrate(root, 'CreatePlacesTable id:uuid:pk');
  expect(drizzleKit(root, 'generate')).toContain('No schema changes');
});

it('takes a file away that only a glob finds, but never the last one', async () => {
  const root = small('./db/*.ts', { 'db/users.ts': USERS, 'db/teams.ts': TEAMS });
  await migrate(root, 'DropTeamsTable', { writeAnyway: 'nobody uses it' });
  expect(readdirSync(join(root, 'db'))).toEqual(['users.ts']);
  await migrate(root, 'DropUsersTable', { writeAnyway: 'nobody uses it' });
  expect(readFileSync(join(root, 'db/users.ts'), 'utf8')).toBe('export {};\n');
  await migrate(root, 'CreatePlacesTable id:uuid:pk');
  expect(drizzleKit(root, 'generate')).toContain('No schema changes');
});

describe('a schema that is reached through links is edited where it really is', () => {
  it('a file', async () => {
    const root = small(
      './src/schema.ts',
      { 'shared/schema.ts': USERS, 'src/x.ts': '' },
      {
        'src/schema.ts': '../shared/schema.ts',
      },
    );
    await migrate(root, 'users phone:text');
    expect(lstatSync(join(root, 'src/schema.ts')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, 'shared/schema.ts'), 'utf8')).toContain("phone: text('phone')");
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
  });

  it('a folder of files, one of them new', async () => {
    const root = small(
      './src/db/*.ts',
      { 'shared/users.ts': USERS, 'shared/teams.ts': TEAMS, 'src/x.ts': '' },
      {
        'src/db': '../shared',
      },
    );
    await migrate(root, 'users phone:text');
    await migrate(root, 'CreatePlacesTable id:uuid:pk team_id:uuid:ref(teams)');
    expect(lstatSync(join(root, 'src/db')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(root, 'shared'))).toEqual(['places.ts', 'teams.ts', 'users.ts']);
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
  });

  it('a file that a barrel names through a linked folder, beside which a new one is made', async () => {
    const root = small(
      './src/schema.ts',
      {
        'shared/users.ts': USERS,
        'shared/teams.ts': TEAMS,
        'src/schema.ts': "export * from './db/users';\nexport * from './db/teams';\n",
      },
      { 'src/db': '../shared' },
    );
    await migrate(root, 'users phone:text');
    await migrate(root, 'CreatePlacesTable id:uuid:pk');
    expect(readdirSync(join(root, 'shared'))).toEqual(['places.ts', 'teams.ts', 'users.ts']);
    expect(drizzleKit(root, 'generate')).toContain('No schema changes');
  });
});

it('clears away what a killed run left, though the next plan is wrong, and leaves a run that lives alone', async () => {
  const root = project();
  const before = treeOf(root);
  const lock = (pid: number): string => JSON.stringify({ pid, host: hostname(), id: 'other' });
  mkdirSync(join(root, '.tableplan'));
  writeFileSync(join(root, '.tableplan/.gitignore'), '*\n');
  writeFileSync(join(root, '.tableplan/lock'), lock(process.pid));
  await expect(migrate(root, 'missing.yaml')).rejects.toMatchObject({ code: 'plan-not-found' });
  expect(readdirSync(join(root, '.tableplan'))).toEqual(['.gitignore', 'lock']);
  writeFileSync(join(root, '.tableplan/lock'), lock(-1));
  await expect(migrate(root, 'missing.yaml')).rejects.toMatchObject({ code: 'plan-not-found' });
  expect(treeOf(root)).toBe(before);
});
