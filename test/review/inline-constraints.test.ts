import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { withoutConstraints } from '../../src/review/inline-constraints.ts';

beforeAll(loadSqlParser);

it('takes a constraint out of a column with what belongs to it, and without its name', () => {
  const command =
    'ADD COLUMN a int NOT NULL CONSTRAINT "my key" REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED DEFAULT 1';
  expect(withoutConstraints(command, 'CONSTR_FOREIGN')).toEqual({
    column: 'ADD COLUMN a int NOT NULL DEFAULT 1',
    taken: ['REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED'],
  });
});

it('counts characters, not bytes', () => {
  expect(withoutConstraints(`ADD "größe" text DEFAULT 'ü' CHECK ("größe" <> 'ß')`, 'CONSTR_CHECK')).toEqual({
    column: `ADD "größe" text DEFAULT 'ü'`,
    taken: [`CHECK ("größe" <> 'ß')`],
  });
});
