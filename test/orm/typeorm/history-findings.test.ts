import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { LoadedDataSource } from '../../../src/orm/typeorm/child/child.ts';
import { historyFindings } from '../../../src/orm/typeorm/history-findings.ts';
import { makeTree } from '../../workspace/tree.ts';

const MIGRATION = 'export class A1700000000000 implements MigrationInterface {}\n';

function find(files: Readonly<Record<string, string>>, history: readonly string[]) {
  const root = makeTree({ 'src/data-source.ts': 'export default new DataSource({});\n', ...files });
  const loaded = {
    history: history.map((file) => ({
      name: `A${/\d+/.exec(file)?.[0]}`,
      className: 'A',
      stamp: Number(/\d+/.exec(file)?.[0]),
      transaction: undefined,
      imports: [],
      file: join(root, file),
    })),
    migrations: { patterns: [], files: [], listed: 0 },
    synchronize: false,
  } as unknown as LoadedDataSource;
  const project = { root, dataSourcePath: join(root, 'src/data-source.ts'), script: undefined };
  return historyFindings(project, loaded).then((findings) =>
    findings.map(({ rule, file }) => [rule, file.slice(root.length + 1)]),
  );
}

it('looks for migrations beside those that run', async () => {
  const files = {
    'src/migrations/1700000000000-A.ts': MIGRATION,
    'src/migrations/1700000000001-B.ts': MIGRATION,
    'src/migrations/helper.ts': 'export const a = 1;\n',
    'old/1600000000000-Old.ts': MIGRATION,
  };
  expect(await find(files, ['src/migrations/1700000000000-A.ts'])).toEqual([
    ['migration-never-runs', 'src/migrations/1700000000001-B.ts'],
  ]);
});

it('looks everywhere where none runs: the glob points at nothing', async () => {
  const files = { 'src/db/migrations/1700000000000-A.ts': MIGRATION, 'dist/1700000000000-A.js': MIGRATION };
  expect(await find(files, [])).toEqual([['migration-never-runs', 'src/db/migrations/1700000000000-A.ts']]);
});

it('finds folders of migrations that no data source loads', async () => {
  const files = {
    'src/migrations/1700000000000-A.ts': MIGRATION,
    'src/old-migrations/1600000000000-Old.ts': MIGRATION,
    'src/old-migrations/1600000000001-Older.ts': MIGRATION,
    'src/migrations-notes/readme.ts': 'export const a = 1;\n',
  };
  const history = ['src/migrations/1700000000000-A.ts'];
  expect(await find(files, history)).toEqual([
    ['migration-never-runs', 'src/old-migrations/1600000000000-Old.ts'],
  ]);
  const second = (migrations: string) => ({
    ...files,
    'src/audit-data-source.ts': `import { DataSource } from 'typeorm';\nexport default new DataSource({ type: 'postgres', migrations: ${migrations} });\n`,
  });
  expect(await find(second("['src/old-migrations/*.ts']"), history)).toEqual([]);
  expect(await find(second('process.env.GLOBS'), history)).toEqual([]);
});

it('says nothing of migrations that the data source loads in another environment', async () => {
  const files = {
    'src/migration/postgres/1700000000000-A.ts': MIGRATION,
    'src/migration/sqlite/1600000000000-Old.ts': MIGRATION,
  };
  const history = ['src/migration/postgres/1700000000000-A.ts'];
  const chosen = (sqlite: string) => `const sqlite = { type: 'sqlite', migrations: ${sqlite} };
const postgres = { type: 'postgres', migrations: ['src/migration/postgres/*.ts'] };
export default new DataSource(process.env.DB_TYPE === 'postgres' ? postgres : sqlite);\n`;
  const found = (text: string) => find({ ...files, 'src/data-source.ts': text }, history);
  expect(await found(chosen("['src/migration/sqlite/*.ts']"))).toEqual([]);
  expect(await found(chosen("[__dirname + '/migration/sqlite/*.ts']"))).toEqual([]);
  // What a function gives, nobody can tell.
  expect(await found(chosen('migrationsOf("sqlite")'))).toEqual([]);
  expect(await found(chosen("['src/migration/mysql/*.ts']"))).toEqual([
    ['migration-never-runs', 'src/migration/sqlite/1600000000000-Old.ts'],
  ]);
});

it('says nothing of sources whose compiled files run', async () => {
  const files = { 'src/migrations/1700000000000-A.ts': MIGRATION, 'build/migrations/1700000000000-A.js': '' };
  expect(await find(files, ['build/migrations/1700000000000-A.js'])).toEqual([]);
});

it('finds other data sources that synchronize', async () => {
  const files = {
    'src/migrations/1700000000000-A.ts': MIGRATION,
    'src/app.module.ts': "TypeOrmModule.forRoot({ type: 'postgres', synchronize: isLocal || true });\n",
    'src/test-data-source.ts': 'new DataSource({ synchronize: true });\n',
    'src/data-source.prod.ts': 'new DataSource({ synchronize: false });\n',
  };
  expect(await find(files, ['src/migrations/1700000000000-A.ts'])).toEqual([
    ['synchronize', 'src/app.module.ts'],
  ]);
});
