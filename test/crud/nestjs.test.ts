import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/pipeline/types.ts';
import { treeOf } from '../workspace/tree.ts';
import { lifeOfARow } from './life-of-a-row.ts';
import { type CrudFixture, crudFixture } from './project.ts';

/** The whole application as main.ts makes it, on the database that the generated tests use. */
const LISTEN = `import { ValidationPipe } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { startOnPglite } from './common/testing/pglite-app.js';
import { CategoriesModule } from './categories/categories.module.js';
import { OrderItemsModule } from './order-items/order-items.module.js';
import { UsersModule } from './users/users.module.js';

async function listen(): Promise<void> {
  const { database } = await startOnPglite([CategoriesModule, OrderItemsModule, UsersModule]);
  const testing = Test.createTestingModule({ imports: [AppModule] });
  const module = await testing.overrideProvider(DataSource).useValue(database).compile();
  const app = module.createNestApplication({ logger: false });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  await app.listen(0, '127.0.0.1');
  console.log('listening on ' + new URL(await app.getUrl()).port);
}

void listen();
`;

describe('two domains in a NestJS project', () => {
  let project: CrudFixture;
  let outcomes: RunOutcome[];
  beforeAll(async () => {
    project = crudFixture('nestjs');
    outcomes = [
      await project.crud('categories'),
      await project.crud('order-items', { typecheck: true, rehearse: true }),
    ];
  });

  it('compile with the strictest settings, the migration rehearsed', () => {
    expect(outcomes[1]).toMatchObject({
      status: 'done',
      verification: { ok: true },
      draft: {
        proof: { rehearsal: { up: 'ok', down: 'ok', again: 'ok' } },
        code: { stack: 'nestjs', byHand: [], install: [] },
      },
    });
  });

  it('are imported where the other modules are', () => {
    expect(readFileSync(join(project.root, 'src/app.module.ts'), 'utf8')).toContain(`  imports: [
    TypeOrmModule.forRoot({ ...dataSourceOptions, autoLoadEntities: true }),
    UsersModule, // who may sign in
    CategoriesModule,
    OrderItemsModule,
  ],
`);
  });

  it.each([
    'src/common/testing/pglite-app.ts',
    'src/order-items/domain/order-item.ts',
    'src/order-items/infrastructure/persistence/typeorm-order-item.repository.ts',
    'src/order-items/presenters/http/dto/create-order-item.dto.ts',
    'src/order-items/presenters/http/order-items.controller.ts',
    'src/order-items/presenters/http/order-items.http.spec.ts',
  ])('read as if a person had written %s', async (path) => {
    const golden = resolve('test/fixtures/crud/nestjs/golden', basename(path));
    await expect(readFileSync(join(project.root, path), 'utf8')).toMatchFileSnapshot(golden);
  });

  it('pass their own tests', async () => {
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it('serve rows through their whole life', async () => {
    const { url, stop } = await project.serve(LISTEN);
    try {
      await lifeOfARow(url);
    } finally {
      stop();
    }
  });

  it('are left as they are the second time', async () => {
    const before = treeOf(project.root);
    expect(await project.crud('order-items')).toMatchObject({ status: 'no_changes' });
    expect(treeOf(project.root)).toBe(before);
  });

  it('are not overwritten where somebody has edited them, save what all domains share', async () => {
    const [own, shared] = ['src/order-items/domain/order-item.ts', 'src/common/page.ts'].map((path) =>
      join(project.root, path),
    );
    const text = readFileSync(own!, 'utf8');
    writeFileSync(own!, `${text}// mine\n`);
    writeFileSync(shared!, `${readFileSync(shared!, 'utf8')}// mine\n`);
    await expect(project.crud('order-items')).rejects.toMatchObject({ code: 'code-conflict', exitCode: 1 });
    writeFileSync(own!, text);
    expect(await project.crud('order-items')).toMatchObject({ status: 'no_changes' });
  });
});
