import { join } from 'node:path';
import { expect, it } from 'vitest';
import { locateTypeorm } from '../../../../src/orm/typeorm/locate/locate.ts';
import { makeTree } from '../../../workspace/tree.ts';

const DATA_SOURCE =
  "import { DataSource } from 'typeorm';\nexport default new DataSource({ type: 'postgres' });\n";

function project(files: Readonly<Record<string, string | object>>, version = '1.1.1'): string {
  const texts = Object.entries({
    'node_modules/typeorm/package.json': { name: 'typeorm', version, exports: {} },
    ...files,
  });
  return makeTree(
    Object.fromEntries(
      texts.map(([path, content]) => [path, typeof content === 'string' ? content : JSON.stringify(content)]),
    ),
  );
}

it('takes the data source that the scripts name, with what they load and set', async () => {
  const root = project({
    'package.json': {
      scripts: {
        typeorm:
          'NODE_ENV=dev ts-node -r tsconfig-paths/register -r dotenv/config ./node_modules/typeorm/cli.js',
        'migration:generate': 'npm run typeorm -- migration:generate -d ./src/db/data-source.ts',
        'migration:run': 'npm run typeorm -- migration:run -d ./src/db/data-source.ts',
      },
    },
    'package-lock.json': '{}',
    'tsconfig.json': '{}',
    'src/db/data-source.ts': DATA_SOURCE,
    'src/other-data-source.ts': DATA_SOURCE,
  });
  const located = await locateTypeorm(join(root, 'src'));
  expect(located).toMatchObject({
    root,
    dataSourcePath: join(root, 'src/db/data-source.ts'),
    script: { name: 'migration:generate', env: { NODE_ENV: 'dev' }, preload: ['dotenv/config'] },
    migrateScript: { name: 'migration:run' },
    typeorm: { version: '1.1.1' },
    tsconfigPath: join(root, 'tsconfig.json'),
  });
  expect(located.run('migration:run')).toBe('npm run migration:run');
});

it.each([
  ['typeorm-ts-node-commonjs -d src/data-source.ts migration:run'],
  ['env-cmd -- ts-node ./node_modules/.bin/typeorm migration:run --dataSource=src/data-source.ts'],
  ['tsx ./node_modules/typeorm/cli.js migration:run -d ./src/data-source'],
  ['npm run build && npx typeorm migration:run -d dist/data-source.js'],
  ['npx typeorm-ts-node-esm migration:run -d ./src/data-source.js'],
])('understands `%s`', async (command) => {
  const root = project({
    'package.json': { scripts: { 'migration:run': command } },
    'tsconfig.json': { compilerOptions: { outDir: './dist', rootDir: './src' } },
    'src/data-source.ts': DATA_SOURCE,
  });
  expect((await locateTypeorm(root)).dataSourcePath).toBe(join(root, 'src/data-source.ts'));
});

it('searches where no script says it, in the project and below', async () => {
  const root = project({
    'package.json': { workspaces: ['apps/*'] },
    'apps/api/package.json': { name: 'api' },
    'apps/api/src/database/orm.ts': DATA_SOURCE,
    'apps/api/test/data-source.ts': DATA_SOURCE,
    'apps/api/dist/data-source.js': DATA_SOURCE,
  });
  expect(await locateTypeorm(root)).toMatchObject({
    root: join(root, 'apps/api'),
    repoRoot: root,
    dataSourcePath: join(root, 'apps/api/src/database/orm.ts'),
  });
});

it('names all data sources where there are several, and takes the one that is chosen', async () => {
  const root = project({
    'package.json': {},
    'src/main.data-source.ts': DATA_SOURCE,
    'src/audit.data-source.ts': DATA_SOURCE,
  });
  await expect(locateTypeorm(root)).rejects.toMatchObject({
    code: 'answer-needed',
    exitCode: 3,
    message: 'There are several data sources: src/audit.data-source.ts, src/main.data-source.ts.',
    missing: [
      { supply: '--config src/audit.data-source.ts' },
      { supply: '--config src/main.data-source.ts' },
    ],
  });
  const chosen = await locateTypeorm(root, { config: 'src/audit.data-source.ts' });
  expect(chosen.dataSourcePath).toBe(join(root, 'src/audit.data-source.ts'));
});

it('says what is missing, and what is too old', async () => {
  const files = { 'package.json': { dependencies: { typeorm: '*' } } };
  await expect(locateTypeorm(project(files))).rejects.toMatchObject({
    code: 'project-not-found',
    message: expect.stringContaining('typeorm is installed'),
  });
  const old = project({ 'package.json': {}, 'src/data-source.ts': DATA_SOURCE }, '0.2.45');
  await expect(locateTypeorm(old)).rejects.toMatchObject({ code: 'orm-not-supported' });
  await expect(locateTypeorm(project(files, '0.2.45'))).rejects.toMatchObject({
    code: 'orm-not-supported',
    message: 'typeorm 0.2.45 is installed; tableplan works with 0.3 and 1.x.',
  });
  const none = makeTree({ 'package.json': '{}', 'src/data-source.ts': DATA_SOURCE });
  await expect(locateTypeorm(none)).rejects.toMatchObject({ code: 'orm-not-found' });
});

it('takes the Nest module that configures TypeORM where no file exports a data source', async () => {
  const module = (imports: string): string =>
    `import { TypeOrmModule } from '@nestjs/typeorm';\n@Module({ imports: [${imports}] })\nexport class AnyModule {}\n`;
  const root = project({
    'package.json': {},
    'src/app.module.ts': module("TypeOrmModule.forRootAsync({ useFactory: () => ({ type: 'postgres' }) })"),
    'src/users/users.module.ts': module('TypeOrmModule.forFeature([User])'),
  });
  expect((await locateTypeorm(root)).dataSourcePath).toBe(join(root, 'src/app.module.ts'));
  const both = project({
    'package.json': {},
    'src/app.module.ts': module("TypeOrmModule.forRoot({ type: 'postgres' })"),
    'src/db.ts': DATA_SOURCE,
  });
  expect((await locateTypeorm(both)).dataSourcePath).toBe(join(both, 'src/db.ts'));
});
