import { describe, expect, it } from 'vitest';
import { pickMigration } from '../../../src/orm/typeorm/pick-migration.ts';

const HISTORY = [
  {
    name: 'Init1700000000000',
    className: 'Init1700000000000',
    stamp: 1_700_000_000_000,
    file: '/p/src/migrations/1700000000000-Init.ts',
  },
  {
    name: 'AddTeams1700000000001',
    className: 'AddTeams1700000000001',
    stamp: 1_700_000_000_001,
    file: '/p/src/migrations/two.ts',
  },
  {
    name: 'AddUsers1700000000002',
    className: 'AddUsers1700000000002',
    stamp: 1_700_000_000_002,
    file: '/p/src/migrations/two.ts',
  },
  { name: 'own-name-1700000000003', className: 'Listed', stamp: 1_700_000_000_003, file: undefined },
];

const picked = (wanted?: string): string => pickMigration(HISTORY, wanted, '/p').name;

describe('a migration of TypeORM is meant', () => {
  it.each([
    ['by its name', 'Init1700000000000', 'Init1700000000000'],
    ['by its name without the stamp', 'AddTeams', 'AddTeams1700000000001'],
    ['by its stamp', '1700000000002', 'AddUsers1700000000002'],
    ['by its path', 'src/migrations/1700000000000-Init.ts', 'Init1700000000000'],
    ['by its absolute path', '/p/src/migrations/1700000000000-Init.ts', 'Init1700000000000'],
    ['by the name of its file', '1700000000000-Init', 'Init1700000000000'],
    ['by its class, where it has another name', 'Listed', 'own-name-1700000000003'],
  ])('%s', (_, wanted, name) => {
    expect(picked(wanted)).toBe(name);
  });

  it('by nothing, where it is the newest', () => {
    expect(picked()).toBe('own-name-1700000000003');
  });
});

describe('what is meant cannot be told', () => {
  it('where a name is none, and near ones are listed', () => {
    expect(() => picked('AddTaems')).toThrow(
      expect.objectContaining({ code: 'usage', hint: 'Did you mean AddTeams?' }) as Error,
    );
  });

  it('where a file holds several', () => {
    expect(() => picked('src/migrations/two.ts')).toThrow(
      'src/migrations/two.ts may be AddTeams1700000000001 or AddUsers1700000000002.',
    );
  });

  it('where there is no migration', () => {
    expect(() => pickMigration([], undefined, '/p')).toThrow('The data source has no migration.');
  });
});
