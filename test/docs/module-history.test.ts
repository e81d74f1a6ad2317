import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { moduleReadmes, renderHistory } from '../../src/docs/module-history.ts';
import { indexMigrations } from '../../src/docs/migrations-index.ts';
import { readRecord } from '../../src/docs/record-facts.ts';

const names = ['users', 'user_profiles', 'orders', 'order_items'];
const tables = names.map((name) => ({ schema: 'public', name }));
const places = [
  { schema: 'public', name: 'users', file: 'src/db/users/user.schema.ts' },
  { schema: 'public', name: 'orders', file: 'src/db/orders/order.schema.ts' },
  { schema: 'public', name: 'order_items', file: 'src/db/orders/order.schema.ts' },
];
const about = (...readmes: string[]) =>
  Object.fromEntries(
    moduleReadmes(readmes, tables, places).map((readme) => [
      readme.path,
      readme.tables.map(({ name }) => name),
    ]),
  );

it('a README beside a schema file is about its tables', () => {
  expect(about('src/db/orders/README.md')).toEqual({ 'src/db/orders/README.md': ['orders', 'order_items'] });
});

it('a README of a module is about the tables of the domain whose name it bears', () => {
  expect(about('src/modules/order/README.md', 'src/modules/UserProfiles/readme.md')).toEqual({
    'src/modules/order/README.md': ['orders', 'order_items'],
    'src/modules/UserProfiles/readme.md': ['user_profiles'],
  });
});

it('a README may bear the name itself', () => {
  expect(about('docs/modules/order-items-README.md')).toEqual({
    'docs/modules/order-items-README.md': ['order_items'],
  });
});

it('other READMEs, and the one of the project, are about none', () => {
  expect(about('README.md', 'src/README.md', 'src/db/README.md', 'src/payments/README.md')).toEqual({});
});

it('links the records of its tables, seen from its folder', () => {
  const record = readRecord(
    'migration-0002-x.md',
    '### Tables Affected\n\n- `orders`: add column\n- `users`: y\n\n## Rollback Plan\n\n**Rollback**: exact. Yes\n',
  );
  const migration = { tag: '0002_x', number: '0002', name: 'x', made: 0, file: undefined };
  const { rows } = indexMigrations([migration], [record]);
  const template = readFileSync('templates/docs/history.md.hbs', 'utf8');
  const [readme] = moduleReadmes(['src/modules/orders/README.md'], tables, places);
  expect(renderHistory(readme!, { rows, records: 'docs/migrations' }, template).content).toBe(
    '## Migration History\n\n- [0002: X](../../../docs/migrations/migration-0002-x.md): `orders`; rollback exact',
  );
  expect(renderHistory(readme!, { rows: [], records: 'docs/migrations' }, template)).toEqual({
    content: '## Migration History\n\nNothing is recorded yet.',
    count: 0,
  });
});
