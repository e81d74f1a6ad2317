import { describe, expect, it } from 'vitest';
import { saidOptions } from '../../../../src/orm/typeorm/source/said-options.ts';

const said = (options: string, head = '') =>
  saidOptions('/p/src/data-source.ts', `${head}\nexport const source = new DataSource(${options});`, '/p');

describe('where migrations are is said in plain words', () => {
  it.each([
    ["[__dirname + '/migrations/*.ts']", '/p/src/migrations/*.ts'],
    ['[`${__dirname}/migrations/*{.ts,.js}`]', '/p/src/migrations/*{.ts,.js}'],
    ["[join(__dirname, 'migrations', '*.ts')]", '/p/src/migrations/*.ts'],
    ["[path.join(import.meta.dirname, '../m/*.ts')]", '/p/m/*.ts'],
    ["['src/migrations/*.ts']", '/p/src/migrations/*.ts'],
    ['[GLOB]', '/p/x/*.ts'],
  ])('%s', (migrations, glob) => {
    expect(said(`{ migrations: ${migrations} }`, "const GLOB = 'x/*.ts';")).toEqual({
      migrations: [glob],
      transactionMode: 'all',
      synchronize: false,
    });
  });

  it('in options that stand by themselves, with transaction mode and synchronize', () => {
    expect(
      said(
        'options',
        "const options: DataSourceOptions = { migrations: ['m/*.ts'], migrationsTransactionMode: 'each', synchronize: true } as const;",
      ),
    ).toEqual({ migrations: ['/p/m/*.ts'], transactionMode: 'each', synchronize: true });
  });
});

describe('only running it tells', () => {
  it.each([
    ['classes', '{ migrations: [Init] }'],
    ['what is spread in', "{ ...base, migrations: ['m/*.ts'] }"],
    ['a computed mode', "{ migrations: ['m/*.ts'], migrationsTransactionMode: mode() }"],
    ['a shorthand', '{ migrations }'],
    ['what is imported', 'options'],
    ['two data sources', "{ migrations: ['m/*.ts'] }); new DataSource({}"],
  ])('%s', (_, options) => {
    expect(said(options)).toBeUndefined();
  });
});
