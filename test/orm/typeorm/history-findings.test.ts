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
