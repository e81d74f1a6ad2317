import { expect, it } from 'vitest';
import { registerMigration } from '../../../src/orm/typeorm/register-migration.ts';

const ADDED = { className: 'AddNick1700000000001', path: '/p/src/migrations/1700000000001-AddNick.ts' };
const KNOWN = new Map([
  ['Init1700000000000', '/p/src/migrations/1700000000000-Init.ts'],
  ['First1600000000000', '/p/src/migrations/1600000000000-First.ts'],
]);

function register(path: string, text: string): string | null | undefined {
  return registerMigration(ADDED, KNOWN, [{ path, text }])[0]?.after;
}

it('lists it in an array of the data source, with an import like the others', () => {
  const text = `import { DataSource } from 'typeorm';
import { First1600000000000 } from './migrations/1600000000000-First';
import { Init1700000000000 } from './migrations/1700000000000-Init';

export default new DataSource({ type: 'postgres', migrations: [First1600000000000, Init1700000000000] });
`;
  expect(register('/p/src/data-source.ts', text)).toBe(`import { DataSource } from 'typeorm';
import { First1600000000000 } from './migrations/1600000000000-First';
import { Init1700000000000 } from './migrations/1700000000000-Init';
import { AddNick1700000000001 } from './migrations/1700000000001-AddNick';

export default new DataSource({ type: 'postgres', migrations: [First1600000000000, Init1700000000000, AddNick1700000000001] });
`);
});

it('lists it on a line of its own in an index of several lines, endings kept', () => {
  const text = `import { Init1700000000000 } from "./1700000000000-Init.js";\r
\r
export const migrations = [\r
\tInit1700000000000,\r
];\r
`;
  expect(register('/p/src/migrations/index.ts', text))
    .toBe(`import { Init1700000000000 } from "./1700000000000-Init.js";\r
import { AddNick1700000000001 } from "./1700000000001-AddNick.js";\r
\r
export const migrations = [\r
\tInit1700000000000,\r
\tAddNick1700000000001,\r
];\r
`);
});

it('exports it from a barrel', () => {
  expect(register('/p/src/migrations/index.ts', "export * from './1700000000000-Init';\n")).toBe(
    "export * from './1700000000000-Init';\nexport * from './1700000000001-AddNick';\n",
  );
  expect(
    register('/p/src/migrations/index.ts', "export { Init1700000000000 } from './1700000000000-Init';\n"),
  ).toBe(
    "export { Init1700000000000 } from './1700000000000-Init';\nexport { AddNick1700000000001 } from './1700000000001-AddNick';\n",
  );
});

it('leaves the lists of another database alone, though its migrations have the same names', () => {
  const array = `import { Init1700000000000 } from './1700000000000-Init';
export const mysqlMigrations = [Init1700000000000];
`;
  expect(register('/p/src/migrations/mysql/index.ts', array)).toBeUndefined();
  const barrel = "export * from './1700000000000-Init';\n";
  expect(register('/p/src/migrations/mysql/index.ts', barrel)).toBeUndefined();
  expect(register('/p/src/migrations/index.ts', array)).toContain(
    '[Init1700000000000, AddNick1700000000001]',
  );
});

it('leaves other files alone', () => {
  expect(register('/p/src/entities.ts', 'export const entities = [User, Team];\n')).toBeUndefined();
});
