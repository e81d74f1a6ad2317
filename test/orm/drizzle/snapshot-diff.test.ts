import { readFileSync } from 'node:fs';
import { integer, pgSchema, pgTable, text, uuid, varchar } from 'drizzle-orm/pg-core';
import { generateDrizzleJson } from 'drizzle-kit/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { unexplained } from '../../../src/orm/drizzle/snapshot-diff.ts';
import type { Change } from '../../../src/plan/change.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';

const users = { schema: 'public', name: 'users' };
const before = generateDrizzleJson({
  users: pgTable('users', { id: uuid().primaryKey(), name: varchar({ length: 10 }), age: integer() }),
});
const after = generateDrizzleJson({
  users: pgTable('users', { id: uuid().primaryKey(), name: varchar({ length: 20 }).unique(), nick: text() }),
  logs: pgTable('logs', { line: text() }),
});

const column = { name: 'nick', type: 'text', notNull: false };
const changes: Record<string, Change> = {
  nick: { kind: 'add-column', table: users, column },
  age: { kind: 'drop-column', table: users, column: 'age' },
  name: {
    kind: 'alter-column',
    table: users,
    column: { ...column, name: 'name' },
    type: { to: 'varchar(20)' },
  },
  unique: {
    kind: 'add-unique',
    table: users,
    unique: { name: 'users_name_unique', named: false, columns: ['name'], nullsNotDistinct: false },
  },
  logs: {
    kind: 'create-table',
    table: {
      schema: 'public',
      name: 'logs',
      columns: [],
      uniques: [],
      indexes: [],
      foreignKeys: [],
      checks: [],
    },
    domain: undefined,
  },
};

beforeAll(() => loadSqlParser());

describe('what two snapshots differ in and no change explains', () => {
  it('is nothing when the changes ask for all of it', () => {
    expect(unexplained(before, after, Object.values(changes))).toEqual([]);
  });

  it('is named object by object', () => {
    expect(unexplained(before, after, [])).toEqual([
      { object: 'column users.name', what: 'changed', detail: 'type: varchar(10) → varchar(20)' },
      { object: 'column users.age', what: 'removed' },
      { object: 'column users.nick', what: 'added' },
      { object: 'unique users.users_name_unique', what: 'added' },
      { object: 'table logs', what: 'added' },
      { object: 'column logs.line', what: 'added' },
    ]);
  });

  it.each(Object.keys(changes))('holds what only the change of %s would explain', (left) => {
    const others = Object.entries(changes).flatMap(([key, change]) => (key === left ? [] : [change]));
    expect(unexplained(before, after, others)).not.toEqual([]);
  });

  it('is not the Postgres schema that the first table in it brings along', () => {
    const audit = pgSchema('audit');
    const next = generateDrizzleJson({ audit, events: audit.table('events', { id: uuid() }) });
    const empty = generateDrizzleJson({});
    const { logs } = changes as { logs: Extract<Change, { kind: 'create-table' }> };
    const create = (schema: string): Change => ({
      ...logs,
      table: { ...logs.table, schema, name: 'events' },
    });
    expect(unexplained(empty, next, [create('audit')])).toEqual([]);
    expect(unexplained(empty, next, [create('other')])[0]).toEqual({ object: 'schema audit', what: 'added' });
  });

  it('is everything before the first migration', () => {
    expect(unexplained(undefined, before, []).map(({ object }) => object)).toEqual([
      'table users',
      'column users.id',
      'column users.name',
      'column users.age',
    ]);
  });

  it('is nothing between a real snapshot and the same with its SQL written otherwise', () => {
    const text = readFileSync(
      new URL('../../fixtures/unresolvable-plans/snapshot.json', import.meta.url),
      'utf8',
    );
    const rewritten = text
      .replace('\\"products\\".\\"price\\" >= 0', '(price >= 0)')
      .replace('"default": "now()"', '"default": "CURRENT_TIMESTAMP"');
    expect(rewritten).not.toBe(text);
    expect(unexplained(JSON.parse(text), JSON.parse(rewritten), [])).toEqual([]);
  });
});
