import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/pipeline/types.ts';
import { treeOf } from '../workspace/tree.ts';
import { lifeOfARow } from './life-of-a-row.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const plan = (name: string): string => resolve('test/fixtures/crud/nestjs/plans', `${name}.yaml`);

const APP = `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions } from './data-source.js';

@Module({ imports: [TypeOrmModule.forRoot({ ...dataSourceOptions, autoLoadEntities: true })] })
export class AppModule {}
`;

/** The whole application as main.ts makes it, on the database that the generated tests use. */
const LISTEN = `import { ValidationPipe } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { startOnPglite } from './common/testing/pglite-app.js';
import { CategoriesModule } from './categories/categories.module.js';
import { OrderItemsModule } from './order-items/order-items.module.js';

async function listen(): Promise<void> {
  const { database } = await startOnPglite([CategoriesModule, OrderItemsModule]);
  const testing = Test.createTestingModule({ imports: [AppModule] });
  const module = await testing.overrideProvider(DataSource).useValue(database).compile();
  const app = module.createNestApplication({ logger: false });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  await app.listen(0, '127.0.0.1');
  console.log('listening on ' + new URL(await app.getUrl()).port);
}

void listen();
`;

/** The fixture of the other layout, without its one module: a new application. */
function newApplication(): CrudFixture & {
  write(path: string, text: string): void;
  read(path: string): string;
} {
  const project = crudFixture('nestjs');
  const at = (path: string): string => join(project.root, path);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  const read = (path: string): string => readFileSync(at(path), 'utf8');
  rmSync(at('src/users'), { recursive: true });
  rmSync(at('src/migrations/1700000000000-CreateUsers.ts'));
  write('src/app.module.ts', APP);
  write('src/data-source.ts', read('src/data-source.ts').replace('record.{ts,js}', 'entity.{ts,js}'));
  return { ...project, write, read };
}

describe('two domains in a new NestJS application', () => {
  let project: ReturnType<typeof newApplication>;
  let outcomes: RunOutcome[];
  beforeAll(async () => {
    project = newApplication();
    outcomes = [
      await project.crud(plan('categories')),
      await project.crud(plan('order-items'), { typecheck: true }),
    ];
  });

  it('are laid out as the generator of Nest does it, and compile with the strictest settings', () => {
    expect(outcomes[1]).toMatchObject({
      status: 'done',
      verification: { ok: true },
      draft: { code: { stack: 'nestjs', byHand: [], install: [] } },
    });
    expect(readdirSync(join(project.root, 'src/categories')).toSorted()).toEqual([
      'categories.controller.spec.ts',
      'categories.controller.ts',
      'categories.module.ts',
      'categories.service.ts',
      'dto',
    ]);
  });

  it.each(['order-items.controller.ts', 'order-items.service.ts', 'dto/create-order-item.dto.ts'])(
    'read as if a person had written %s',
    async (path) => {
      const golden = resolve('test/fixtures/crud/nestjs/golden/standard', path.replace('dto/', ''));
      await expect(project.read(`src/order-items/${path}`)).toMatchFileSnapshot(golden);
    },
  );

  it('are small', () => {
    const lines = (folder: string): number =>
      readdirSync(join(project.root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .reduce((sum, path) => sum + project.read(join(folder, path)).split('\n').length - 1, 0);
    expect(lines('src/categories')).toBeLessThanOrEqual(350);
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
    expect(await project.crud(plan('order-items'))).toMatchObject({ status: 'no_changes' });
    expect(treeOf(project.root)).toBe(before);
  });
});
