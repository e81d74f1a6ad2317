import { expect, it } from 'vitest';
import { configFault } from '../../../../src/orm/drizzle/kit/config-faults.ts';

it.each([
  [[], 'it is no object'],
  [{ out: 5 }, 'out is no string'],
  [{ casing: {} }, 'casing is no string'],
  [{ schema: { users: './users.ts' } }, 'schema is neither a string nor a list of strings'],
  [{ schema: ['./a.ts', 5] }, 'schema is neither a string nor a list of strings'],
  [{ tablesFilter: true }, 'tablesFilter is neither a string nor a list of strings'],
  [{ migrations: 'drizzle' }, 'migrations is no object'],
  [{ migrations: { table: ['x'] } }, 'migrations.table is no string'],
])('a config of another form is not used: %j', (config, fault) => expect(configFault(config)).toBe(fault));

it.each([
  {},
  { dialect: 'postgresql', schema: ['./a.ts'], out: './drizzle', migrations: { prefix: 'index' } },
  { schema: './a.ts', out: null, migrations: null, verbose: true },
])('a config as drizzle-kit has it is: %j', (config) => expect(configFault(config)).toBeUndefined());
