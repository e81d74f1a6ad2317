import { beforeAll, describe, expect, it } from 'vitest';
import {
  readAction,
  readDefault,
  readField,
  readIndexOrder,
  readReference,
} from '../../src/plan/fragments.ts';
import { PlanProblem } from '../../src/plan/problem.ts';
import { loadSqlParser } from '../../src/postgres/sql.ts';

beforeAll(() => loadSqlParser());

function problem(read: () => unknown) {
  try {
    read();
  } catch (error) {
    if (error instanceof PlanProblem)
      return { path: error.path, message: error.message, offset: error.details.offset };
    throw error;
  }
  return undefined;
}

describe('a field', () => {
  it('is a column with what its constraints say', () => {
    const field = { name: 'id', type: 'UUID', constraints: ['PRIMARY KEY', 'DEFAULT gen_random_uuid()'] };
    expect(readField(field)).toEqual({
      column: { name: 'id', type: 'uuid', notNull: true, default: 'gen_random_uuid()' },
      primaryKey: {},
      checks: [],
    });
  });

  it('says by keys what it can say by constraints', () => {
    const keys = {
      name: 'a',
      type: 'int',
      nullable: false,
      default: 1,
      unique: true,
      check: 'a > 0',
      references: 'b(c)',
      on_delete: 'Set Null',
    };
    const words = {
      name: 'a',
      type: 'int',
      constraints: ['NOT NULL DEFAULT 1', 'UNIQUE', 'CHECK (a > 0)', 'REFERENCES b(c) ON DELETE SET NULL'],
    };
    expect(readField(keys)).toEqual(readField(words));
    expect(readField(keys)).toEqual({
      column: { name: 'a', type: 'integer', notNull: true, default: '1' },
      unique: { nullsNotDistinct: false },
      references: {
        table: { schema: 'public', name: 'b' },
        columns: ['c'],
        onDelete: 'set null',
        onUpdate: 'no action',
      },
      checks: [{ expression: 'a > 0' }],
    });
  });

  it('is NOT NULL as serial, identity or primary key', () => {
    for (const constraints of [['PRIMARY KEY'], ['GENERATED ALWAYS AS IDENTITY'], ['NOT NULL']]) {
      expect(readField({ name: 'a', type: 'int', constraints }).column.notNull).toBe(true);
    }
    expect(readField({ name: 'a', type: 'bigserial' }).column).toEqual({
      name: 'a',
      type: 'bigserial',
      notNull: true,
    });
    expect(readField({ name: 'a', type: 'int', constraints: ['NULL'] }).column.notNull).toBe(false);
  });

  it('keeps names, collation, deferral, description and the schema of the plan', () => {
    const constraints = [
      'CONSTRAINT u UNIQUE NULLS NOT DISTINCT',
      'COLLATE "C"',
      'CONSTRAINT f REFERENCES t DEFERRABLE INITIALLY DEFERRED',
      'CONSTRAINT k CHECK (a > 0)',
    ];
    expect(readField({ name: 'a', type: 'text', constraints, description: 'why' }, [], 'app')).toEqual({
      column: { name: 'a', type: 'text', notNull: false, description: 'why' },
      unique: { name: 'u', nullsNotDistinct: true },
      references: {
        table: { schema: 'app', name: 't' },
        columns: [],
        onDelete: 'no action',
        onUpdate: 'no action',
        name: 'f',
        deferrable: 'initially deferred',
      },
      checks: [{ name: 'k', expression: 'a > 0' }],
      collate: 'C',
    });
  });

  it.each([
    [{ constraints: ['NULL', 'NOT NULL'] }, ['constraints', 1], /NULL and NOT NULL contradict/],
    [{ constraints: ['NOT NULL'], nullable: true }, ['nullable'], /contradict/],
    [{ constraints: ['DEFAULT 1', 'DEFAULT 2'] }, ['constraints', 1], /a second DEFAULT/],
    [{ constraints: ['DEFAULT 1'], default: 1 }, ['default'], /a second DEFAULT/],
    [{ constraints: ['PRIMARY KEY', 'NULL'] }, ['constraints', 1], /PRIMARY KEY contradict/],
    [{ constraints: ['GENERATED ALWAYS AS IDENTITY'], default: 1 }, ['default'], /DEFAULT and an identity/],
    [{ constraints: ['REFERENCES b'], references: 'c' }, ['references'], /a second REFERENCES/],
    [{ type: 'serial', default: 1 }, ['default'], /DEFAULT contradicts the type serial/],
    [{ type: 'serial', nullable: true }, ['nullable'], /NULL contradicts the type serial/],
    [{ type: 'serial[]' }, ['type'], /makes no array/],
    [{ default: '1 NOT NULL' }, ['default'], /more than an expression/],
    [{ default: 'a b' }, ['default'], /syntax error/],
    [{ on_delete: 'cascade' }, ['on_delete'], /without references/],
    [{ references: 'b', on_delete: 'cascadee' }, ['on_delete'], /no action/],
    [{ check: 'a >' }, ['check'], /check: syntax error at the end/],
    [{ type: 'int, b int' }, ['type'], /type: more than one column/],
  ])('that contradicts itself is refused at the later entry: %j', (keys, path, message) => {
    const refused = problem(() => readField({ name: 'a', type: 'int', ...keys }));
    expect(refused?.message).toMatch(message);
    expect(refused?.path).toEqual(path);
  });

  it('tells where in the fragment', () => {
    expect(problem(() => readField({ name: 'a', type: 'int', constraints: ['NOT NUL'] }))?.offset).toBe(4);
    expect(problem(() => readDefault("'a' || ("))?.offset).toBe(8);
  });
});

it('a reference takes the schema of the plan unless it has one', () => {
  expect(readReference('users(id)', [], 'app')).toEqual({
    table: { schema: 'app', name: 'users' },
    columns: ['id'],
  });
  expect(readReference('Chat(chatId, user)')).toEqual({
    table: { schema: 'public', name: 'Chat' },
    columns: ['chatId', 'user'],
  });
  expect(readReference('user')).toEqual({ table: { schema: 'public', name: 'user' }, columns: [] });
  expect(readReference('"odd name"("a b")')).toEqual({
    table: { schema: 'public', name: 'odd name' },
    columns: ['a b'],
  });
  expect(readReference('auth.users')).toEqual({ table: { schema: 'auth', name: 'users' }, columns: [] });
});

it('an action is read in any case', () => {
  expect(readAction(' SET  null ')).toBe('set null');
  expect(readAction(undefined)).toBe('no action');
});

it('the order of an index is one for all or one for each', () => {
  expect(readIndexOrder(undefined, 1)).toEqual([{ order: 'asc', nulls: 'last' }]);
  expect(readIndexOrder('DESC', 2)).toEqual([
    { order: 'desc', nulls: 'first' },
    { order: 'desc', nulls: 'first' },
  ]);
  expect(readIndexOrder(['asc nulls first', 'desc nulls last'], 2)).toEqual([
    { order: 'asc', nulls: 'first' },
    { order: 'desc', nulls: 'last' },
  ]);
  expect(() => readIndexOrder(['asc'], 2)).toThrow(/1 entries for 2 fields/);
  expect(() => readIndexOrder('ascnulls first', 1)).toThrow(/no order/);
  expect(() => readIndexOrder('upwards', 1)).toThrow(/no order/);
});
