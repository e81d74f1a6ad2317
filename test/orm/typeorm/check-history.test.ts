import { describe, expect, it } from 'vitest';
import { checkTypeormHistory } from '../../../src/orm/typeorm/check-history.ts';
import type { TypeormMigration } from '../../../src/orm/typeorm/child/child.ts';
import { nextStamp, transactionOf } from '../../../src/orm/typeorm/next-migration.ts';

function migration(name: string, file = `/p/migrations/${name.slice(-13)}-X.ts`): TypeormMigration {
  const stamp = Number.parseInt(name.slice(-13), 10) || undefined;
  return { name, className: name, stamp, transaction: undefined, file, imports: [] };
}

function check(
  history: readonly TypeormMigration[],
  more: { files?: string[]; synchronize?: boolean; path?: string; env?: Record<string, string> } = {},
) {
  const findings = checkTypeormHistory({
    loaded: {
      history,
      migrations: { patterns: [], files: [], listed: history.length },
      synchronize: more.synchronize ?? false,
    },
    dataSource: {
      path: more.path ?? '/p/src/data-source.ts',
      text: "new DataSource({\n  type: 'postgres',\n  synchronize: true,\n});\n",
    },
    files: more.files ?? [],
    others: [],
    unloaded: [],
    env: more.env ?? {},
  });
  return findings.map(({ rule, severity, file, line }) => ({ rule, severity, file, ...(line && { line }) }));
}

it('has nothing to say of an orderly history', () => {
  expect(check([migration('Init1600000000000'), migration('Add1700000000000')])).toEqual([]);
});

it('names stamps that TypeORM reads otherwise than people', () => {
  const rule = { rule: 'migration-stamp', severity: 'warning' };
  expect(check([migration('Init20250925120000', '/p/m/0250925120000-Init.ts')])).toEqual([
    { ...rule, file: '/p/m/0250925120000-Init.ts' },
  ]);
  expect(check([migration('A1234567890123'), migration('B1234567890123')])).toHaveLength(1);
  expect(check([migration('Init1700000000000', '/p/m/1600000000000-Init.ts')])).toEqual([
    { ...rule, file: '/p/m/1600000000000-Init.ts' },
  ]);
});

it('refuses what TypeORM cannot run', () => {
  expect(() => check([migration('Init1600000000')])).toThrow(/has no stamp/);
  expect(() => check([migration('Init1600000000000'), migration('Init1600000000000')])).toThrow(
    /There are two/,
  );
});

it('names migrations that never run', () => {
  const init = migration('Init1600000000000');
  expect(check([init], { files: [init.file!, '/p/migrations/1700000000000-Lost.ts'] })).toEqual([
    { rule: 'migration-never-runs', severity: 'warning', file: '/p/migrations/1700000000000-Lost.ts' },
  ]);
});

describe('synchronize', () => {
  const found = (severity: string, file: string) => [{ rule: 'synchronize', severity, file, line: 3 }];
  it.each([
    ['/p/src/data-source.ts', {}, found('warning', '/p/src/data-source.ts')],
    ['/p/src/prod.data-source.ts', {}, found('error', '/p/src/prod.data-source.ts')],
    ['/p/src/data-source.ts', { NODE_ENV: 'production' }, found('error', '/p/src/data-source.ts')],
    ['/p/test/data-source.ts', {}, []],
    ['/p/src/data-source.test.ts', {}, []],
  ])('in %s with %o', (path, env, expected) => {
    expect(check([], { synchronize: true, path, env })).toEqual(expected);
  });
});

it('stamps a migration above all others', () => {
  expect(nextStamp({ history: [] }, 1_700_000_000_000)).toBe(1_700_000_000_000);
  expect(nextStamp({ history: [migration('Init1800000000000')] }, 1_700_000_000_000)).toBe(1_800_000_000_001);
  expect(() => nextStamp({ history: [migration('Init9999999999999')] }, 1)).toThrow(/No stamp is left/);
});

it('leaves the transaction only where a statement needs it, and the project lets it', () => {
  const plain = [{ sql: "INSERT INTO a VALUES ('create index concurrently')" }];
  const index = [{ sql: 'CREATE INDEX CONCURRENTLY a ON b (c)' }];
  expect(transactionOf(plain, { transactionMode: 'all' })).toBe('default');
  expect(transactionOf(index, { transactionMode: 'each' })).toBe('none');
  expect(transactionOf(index, { transactionMode: 'none' })).toBe('default');
  expect(() => transactionOf(index, { transactionMode: 'all' })).toThrow(/cannot run in a transaction/);
});
