import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportOutcome } from '../../src/report/json.ts';
import { type CrudFixture, crudFixture } from './project.ts';

type Row = Readonly<Record<string, unknown>>;

const writer =
  (project: CrudFixture) =>
  (path: string, text: string): void => {
    mkdirSync(dirname(join(project.root, path)), { recursive: true });
    writeFileSync(join(project.root, path), text);
  };
const read = (project: CrudFixture, path: string): string => readFileSync(join(project.root, path), 'utf8');

/** What a client tries to write that is not its to write. */
const FORGED = {
  deletedAt: '2020-01-01T00:00:00.000Z',
  createdBy: '00000000-0000-4000-8000-00000000beef',
  lockVersion: 99,
  version: 99,
};

/**
 * A client creates, changes and deletes notes, and tries to write what is the server's. Rows are looked at in the database:
 * `/rows` of the server gives them.
 */
async function lifeOfANote(url: string, rowsUrl: string): Promise<readonly Row[]> {
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}/notes${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Row };
  };
  const rows = async (): Promise<readonly Row[]> => (await (await fetch(rowsUrl)).json()) as Row[];
  const plain = await send('POST', '', { title: 'kept', password: 'hush' });
  expect(plain).toMatchObject({ status: 201, body: { title: 'kept' } });
  for (const hidden of ['deletedAt', 'password', 'deleted_at']) expect(plain.body).not.toHaveProperty(hidden);
  // Unknown fields are left out, or refused; never written.
  const forged = await send('POST', '', { title: 'gone', ...FORGED });
  expect([201, 400]).toContain(forged.status);
  const gone = forged.status === 201 ? forged : await send('POST', '', { title: 'gone' });
  const path = `/${String(gone.body['id'])}`;
  await send('PATCH', path, FORGED);
  expect(await send('PATCH', path, { title: 'still there' })).toMatchObject({ status: 200 });
  const [first, second] = await rows();
  expect(first).toMatchObject({ title: 'kept', password: 'hush', deleted_at: null, created_by: null });
  expect(second).toMatchObject({ title: 'still there', deleted_at: null, created_by: null });

  expect((await send('DELETE', path)).status).toBe(204);
  for (const [method, body] of [
    ['GET', undefined],
    ['PATCH', { title: 'back' }],
    ['DELETE', undefined],
  ] as const)
    expect((await send(method, path, body)).status).toBe(404);
  const { body: page } = await send('GET', '');
  expect(page).toMatchObject({ data: [{ title: 'kept' }], meta: { total: 1 } });
  const after = await rows();
  expect(after).toHaveLength(2);
  expect(after[1]).toMatchObject({
    title: 'still there',
    deleted_at: expect.stringMatching(/^20/) as string,
  });
  return after;
}

describe("TypeORM: what decorators make the server's", () => {
  const note = (columns: string) => `import { Exclude } from 'class-transformer';
import { Column, CreateDateColumn, DeleteDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';

export abstract class BaseRecord {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @CreateDateColumn({ name: 'inserted', type: 'timestamptz' })
  inserted!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

${columns}

  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy?: string | null;
}

@Entity('notes')
export class NoteRecord extends BaseRecord {
  @Column({ type: 'text' })
  title!: string;

  @Exclude()
  @Column({ type: 'text', nullable: true })
  password?: string | null;

  @Column({ type: 'text', nullable: true, select: false })
  draft?: string | null;
}
`;
  const BY_ORM = `  @Exclude()
  @DeleteDateColumn({ name: 'deleted_at', type: 'timestamptz' })
  deletedAt?: Date | null;

  @VersionColumn()
  version!: number;`;
  const BY_NAME = `  @Column({ name: 'deleted_at', type: 'timestamptz', nullable: true })
  deletedAt?: Date | null;

  @VersionColumn()
  version!: number;`;
  const LISTEN = `import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { startOnPglite } from './common/testing/pglite-app.js';
import { NotesModule } from './notes/notes.module.js';
import { AppModule } from './app.module.js';

async function listen(): Promise<void> {
  const { database } = await startOnPglite([NotesModule]);
  const module = await Test.createTestingModule({ imports: [AppModule] }).overrideProvider(DataSource).useValue(database).compile();
  const app = module.createNestApplication({ logger: false });
  app.use('/rows', (_request: unknown, response: { json(rows: unknown): void }) => {
    void database.query('SELECT * FROM notes ORDER BY inserted').then((rows: unknown) => response.json(rows));
  });
  await app.listen(0, '127.0.0.1');
  console.log('listening on ' + new URL(await app.getUrl()).port);
}

void [ValidationPipe, NestFactory, listen()];
`;

  it.each([
    ['@DeleteDateColumn of the base class', BY_ORM],
    ['a column that is only called so', BY_NAME],
  ])('%s', async (what, columns) => {
    const project = crudFixture('nestjs');
    const write = writer(project);
    write('src/notes/infrastructure/persistence/note.record.ts', note(columns));
    write(
      'src/migrations/1700000000001-CreateNotes.ts',
      `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateNotes1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE TABLE "notes" ("id" uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY, "inserted" timestamptz NOT NULL DEFAULT now(), "updated_at" timestamptz NOT NULL DEFAULT now(), "deleted_at" timestamptz, "version" integer NOT NULL, "created_by" uuid, "title" text NOT NULL, "password" text, "draft" text)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "notes"');
  }
}
`,
    );
    const outcome = await project.crud('notes', { typecheck: true });
    expect(outcome).toMatchObject({ verification: { ok: true } });
    expect(JSON.stringify(reportOutcome(outcome)['findings'])).toMatch(
      /notes: password, draft can be written.*deleted rows stay, marked in deleted_at.*created_by are never taken/,
    );
    expect(read(project, 'src/notes/presenters/http/dto/create-note.dto.ts')).not.toMatch(
      /deletedAt|createdBy|version|inserted/,
    );
    const { url, stop } = await project.serve(LISTEN);
    try {
      const [, deleted] = await lifeOfANote(url, `${url}/rows`);
      expect(deleted).toMatchObject({ version: 3 });
    } finally {
      stop();
    }
    if (what.startsWith('@'))
      expect(await project.run('npx', 'vitest', 'run', 'src/notes')).toMatchObject({ code: 0 });
  });
});

describe("Drizzle: what names make the server's", () => {
  const NOTES = `import { integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const notes = pgTable('notes', {
  id: uuid('id').primaryKey().defaultRandom(),
  title: text('title').notNull(),
  password: text('password'),
  lockVersion: integer('lock_version').notNull().default(1),
  createdBy: uuid('created_by'),
  createdAt: timestamp('created_at').notNull().defaultNow(),
  deletedAt: timestamp('deleted_at'),
});
`;

  it('soft deletes in a Hono application', async () => {
    const project = crudFixture('hono');
    const write = writer(project);
    write('src/db/notes.ts', NOTES);
    write(
      'drizzle.config.ts',
      read(project, 'drizzle.config.ts').replace(
        "'./src/db/schema.ts'",
        "['./src/db/schema.ts', './src/db/notes.ts']",
      ),
    );
    await project.run(process.execPath, 'node_modules/drizzle-kit/bin.cjs', 'generate', '--name', 'notes');
    const outcome = await project.crud('notes', { typecheck: true });
    expect(outcome).toMatchObject({ verification: { ok: true } });
    expect(JSON.stringify(reportOutcome(outcome)['findings'])).toMatch(
      /password can be written.*marked in deleted_at.*lock_version, created_by, deleted_at are never taken/,
    );
    const { url, stop } = await project.serve(`import { serve } from '@hono/node-server';
import { sql } from 'drizzle-orm';
import { createApp } from './app.js';
import { testDatabase } from './lib/crud/test-database.js';

const { db } = await testDatabase();
const app = createApp(db).get('/rows', async (c) => c.json((await db.execute(sql\`SELECT * FROM notes ORDER BY created_at\`)).rows));
serve({ fetch: app.fetch, port: 0 }, ({ port }) => console.log(\`listening on \${port}\`));
`);
    try {
      const [kept, deleted] = await lifeOfANote(`${url}/api`, `${url}/rows`);
      expect(kept).toMatchObject({ lock_version: 1 });
      expect(Number(deleted?.['lock_version'])).toBeLessThan(10);
      expect(Number(deleted?.['lock_version'])).toBeGreaterThan(2);
    } finally {
      stop();
    }
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
    expect(await project.crud('notes')).toMatchObject({ status: 'no_changes' });
  });

  it('soft deletes in an Elysia application of plugins', async () => {
    const project = crudFixture('elysia-plugins');
    const write = writer(project);
    write('src/db/notes.ts', NOTES);
    write(
      'drizzle.config.ts',
      read(project, 'drizzle.config.ts').replace(
        "'./src/db/schema.ts'",
        "['./src/db/schema.ts', './src/db/notes.ts']",
      ),
    );
    await project.run(process.execPath, 'node_modules/drizzle-kit/bin.cjs', 'generate', '--name', 'notes');
    const outcome = await project.crud('notes', { typecheck: true });
    expect(outcome).toMatchObject({ verification: { ok: true } });
    expect(JSON.stringify(reportOutcome(outcome)['findings'])).toMatch(
      /password can be written.*marked in deleted_at.*lock_version, created_by, deleted_at are never taken/,
    );
    write(
      'src/db/client.ts',
      "import { testDatabase } from '../utils/crud/test-database';\n\nexport const { db } = await testDatabase();\n",
    );
    const { url, stop } = await project.serve(`import { serve } from '@hono/node-server';
import { sql } from 'drizzle-orm';
import { Elysia } from 'elysia';
import { app } from './app';
import { db } from './db/client';

const whole = new Elysia().use(app).get('/rows', async () => (await db.execute(sql\`SELECT * FROM notes ORDER BY created_at\`)).rows);
serve({ fetch: whole.fetch, port: 0 }, ({ port }) => console.log(\`listening on \${port}\`));
`);
    try {
      const [kept, deleted] = await lifeOfANote(url, `${url}/rows`);
      expect(kept).toMatchObject({ lock_version: 1 });
      expect(Number(deleted?.['lock_version'])).toBeLessThan(10);
      expect(Number(deleted?.['lock_version'])).toBeGreaterThan(2);
    } finally {
      stop();
    }
  });

  it('and in an Elysia application, with a flag too', async () => {
    const project = crudFixture('elysia');
    await project.crud(
      'notes id:uuid=gen_random_uuid():pk title:text! is_deleted:boolean!=false updated_by:uuid',
    );
    const adapter = read(project, 'src/external/drizzle/notes/note.drizzle.repository.ts');
    expect(adapter).toContain('.set({ isDeleted: true })');
    expect(adapter).toContain('and(eq(notes.id, id), eq(notes.isDeleted, false))');
    expect(adapter).not.toContain('.delete(notes)');
    expect(read(project, 'src/adapters/notes/dtos/note.dto.ts')).not.toMatch(
      /isDeleted|updatedBy: (?!t\.Union|t\.Nullable|nullable)/,
    );
    expect(await project.run('npx', 'vitest', 'run', 'src/adapters', 'src/core')).toMatchObject({ code: 0 });
  });

  it('refuses what no client may give and nothing else fills', async () => {
    const project = crudFixture('hono');
    for (const [column, says] of [
      ['tenant_id', 'says whose row it is'],
      ['created_by', 'says who has written a row'],
    ] as const)
      await expect(
        project.crud(`notes id:uuid=gen_random_uuid():pk ${column}:uuid! title:text!`),
      ).rejects.toMatchObject({
        code: 'crud-not-possible',
        exitCode: 2,
        message: expect.stringContaining(says) as string,
        hint: expect.stringContaining(`current_setting('app.${column}')::uuid`) as string,
      });
  });

  it('tells of parents that cannot be deleted any more, and of policies that a new table has not', async () => {
    const project = crudFixture('hono');
    const write = writer(project);
    write(
      'src/db/schema.ts',
      read(project, 'src/db/schema.ts')
        .replace('import { pgTable,', "import { sql } from 'drizzle-orm';\nimport { pgPolicy, pgTable,")
        .replace(
          /\n\}\);/,
          "\n}, () => [pgPolicy('own', { using: sql`id = current_setting('app.user')::uuid` })]);",
        ),
    );
    await project.run(process.execPath, 'node_modules/drizzle-kit/bin.cjs', 'generate', '--name', 'policies');
    const outcome = await project.crud('pets id:int:pk user_id:uuid!:ref(users) name:text!', {
      dryRun: true,
    });
    expect(JSON.stringify(reportOutcome(outcome)['findings'])).toMatch(
      /pets has no row level security.*users: a row that pets refer to can no longer be deleted/,
    );
  });
});
