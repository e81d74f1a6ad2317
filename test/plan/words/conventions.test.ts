import { beforeAll, describe, expect, it } from 'vitest';
import type { ColumnDef, DatabaseSchema, TableDef } from '../../../src/plan/database-schema.ts';
import { printWords } from '../../../src/plan/print-words.ts';
import { tableConventions } from '../../../src/plan/table-conventions.ts';
import { readWords } from '../../../src/plan/words.ts';
import { wordsContext } from '../../../src/plan/words/context.ts';
import { loadSqlParser } from '../../../src/postgres/sql.ts';

beforeAll(() => loadSqlParser());

function table(name: string, columns: readonly ColumnDef[], more: Partial<TableDef> = {}): TableDef {
  return {
    schema: 'public',
    name,
    columns,
    primaryKey: { name: `${name}_pkey`, named: false, columns: [columns[0]?.name ?? ''] },
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
    ...more,
  };
}

function schemaOf(...tables: readonly TableDef[]): DatabaseSchema {
  return { tables, enums: [], schemas: [], views: [] };
}

const SERIAL: ColumnDef = { name: 'id', type: 'serial', notNull: true };
const IDENTITY: ColumnDef = { name: 'id', type: 'bigint', notNull: true, identity: { always: true } };
const UUID: ColumnDef = { name: 'id', type: 'uuid', notNull: true, default: 'uuid_generate_v4()' };
const stamp = (name: string, type = 'timestamp with time zone'): ColumnDef => ({
  name,
  type,
  notNull: true,
  default: 'now()',
});

function fieldsOf(schema: DatabaseSchema, words: string, options?: { bare: boolean }) {
  const { plan, notices } = readWords(words.split(' '), wordsContext(schema, undefined, options));
  const [document] = plan.documents;
  if (document === undefined || !('fields' in document)) throw new Error('no table');
  return { fields: document.fields, indexes: document.indexes, notices };
}

describe('a new table of words', () => {
  it('has the key and the timestamps that most tables have, and says so', () => {
    const schema = schemaOf(
      table('users', [SERIAL, stamp('created_at', 'timestamp'), stamp('updated_at', 'timestamp')]),
      table('teams', [SERIAL, stamp('created_at', 'timestamp'), stamp('updated_at', 'timestamp')]),
      table('links', [UUID]),
    );
    const { fields, notices } = fieldsOf(schema, 'tags label:text!');
    expect(fields).toEqual([
      { name: 'id', type: 'serial', constraints: ['PRIMARY KEY'] },
      { name: 'label', type: 'text', constraints: ['NOT NULL'] },
      { name: 'created_at', type: 'timestamp', constraints: ['NOT NULL', 'DEFAULT now()'] },
      { name: 'updated_at', type: 'timestamp', constraints: ['NOT NULL', 'DEFAULT now()'] },
    ]);
    expect(notices).toContainEqual({
      severity: 'info',
      rule: 'words-conventions',
      message:
        'added id (serial, primary key), created_at and updated_at, as the tables of this project have; --bare leaves them out',
    });
  });

  it('has the usual key and timestamps where no table shows any, and says that', () => {
    const said = (schema: DatabaseSchema): string | undefined =>
      fieldsOf(schema, 'tags label:text!').notices.find(({ rule }) => rule === 'words-conventions')?.message;
    const added = 'added id (uuid, primary key), created_at and updated_at, the usual ones, as';
    expect(said(schemaOf())).toBe(`${added} this project has no tables yet; --bare leaves them out`);
    expect(said(schemaOf({ ...table('links', [UUID]), primaryKey: undefined }))).toBe(
      `${added} no table of this project has a key of its own; --bare leaves them out`,
    );
  });

  it('has what is said alone with --bare, and no second key', () => {
    const schema = schemaOf(table('users', [SERIAL, stamp('created_at')]));
    expect(fieldsOf(schema, 'tags label:text', { bare: true }).fields).toHaveLength(1);
    expect(fieldsOf(schema, 'tags slug:text:pk').fields.map(({ name }) => name)).toEqual([
      'slug',
      'created_at',
    ]);
    expect(fieldsOf(schema, 'tags id:uuid created_at:date').fields.map(({ type }) => type)).toEqual([
      'uuid',
      'date',
    ]);
  });

  it('names the word of what is wrong, whatever stands before it', () => {
    const schema = schemaOf(table('users', [SERIAL]));
    const { at } = readWords(['tags', 'label:text', 'rank:int'], wordsContext(schema));
    expect(at([0, 'fields', 2, 'type'])).toMatchObject({ column: 17 });
  });

  it.each([
    ['an identity', schemaOf(table('users', [IDENTITY])), ['PRIMARY KEY', 'GENERATED ALWAYS AS IDENTITY']],
    [
      'a uuid of an extension',
      schemaOf(table('users', [UUID])),
      ['PRIMARY KEY', 'DEFAULT uuid_generate_v4()'],
    ],
    ['the usual one where there are no tables', schemaOf(), ['PRIMARY KEY', 'DEFAULT gen_random_uuid()']],
  ])('has %s as its key', (_, schema, constraints) => {
    expect(tableConventions(schema).key.constraints).toEqual(constraints);
  });

  it('has no timestamps where the others have none, and those of the house where it has its own names', () => {
    expect(tableConventions(schemaOf(table('users', [SERIAL]))).timestamps).toEqual([]);
    const own = schemaOf(table('users', [SERIAL, stamp('createdDate'), stamp('modified_on', 'date')]));
    expect(tableConventions(own).timestamps.map(({ name }) => name)).toEqual(['createdDate', 'modified_on']);
  });

  it('marks deleted rows where all tables do, and only there', () => {
    const marked = (name: string) =>
      table(name, [SERIAL, { name: 'deleted_at', type: 'timestamp with time zone', notNull: false }]);
    const fields = (...tables: readonly TableDef[]) => tableConventions(schemaOf(...tables)).timestamps;
    expect(fields(marked('users'), marked('posts'))).toEqual([
      { name: 'deleted_at', type: 'timestamp with time zone', constraints: [] },
    ]);
    expect(fields(marked('users'), table('posts', [SERIAL]))).toEqual([]);
  });

  it('does not take its key from a table that only belongs to another', () => {
    const key = {
      name: 'fk',
      named: false,
      columns: ['user_id'],
      onDelete: 'cascade',
      onUpdate: 'no action',
    } as const;
    const profile = table('profiles', [{ name: 'user_id', type: 'integer', notNull: true }], {
      foreignKeys: [{ ...key, references: { schema: 'public', name: 'users', columns: ['id'] } }],
    });
    expect(tableConventions(schemaOf(profile, table('users', [SERIAL]))).key.name).toBe('id');
  });

  it('is printed as words that come to the same', () => {
    const context = wordsContext(schemaOf(table('users', [SERIAL, stamp('created_at')])));
    const { plan } = readWords(['tags', 'label:text!'], context);
    expect(printWords(plan, context)).toBe("CreateTagsTable 'label:text!'");
  });
});

describe('a reference without a type', () => {
  const schema = schemaOf(
    table('users', [SERIAL]),
    table('posts', [UUID, { name: 'owner_id', type: 'integer', notNull: true }]),
  );

  it('is a column for the key of its table, with an index', () => {
    const { fields, indexes } = fieldsOf(schema, 'comments author:ref(user) post_id:ref(posts,cascade)', {
      bare: true,
    });
    expect(fields).toEqual([
      { name: 'author_id', type: 'integer', references: 'users(id)' },
      { name: 'post_id', type: 'uuid', references: 'posts(id)', on_delete: 'cascade' },
    ]);
    expect(indexes).toEqual([
      { fields: ['author_id'], type: 'index' },
      { fields: ['post_id'], type: 'index' },
    ]);
  });

  it('is required where its name bears the sign', () => {
    const { fields } = fieldsOf(schema, 'comments author!:ref(user,cascade)', { bare: true });
    expect(fields).toEqual([
      {
        name: 'author_id',
        type: 'integer',
        constraints: ['NOT NULL'],
        references: 'users(id)',
        on_delete: 'cascade',
      },
    ]);
  });

  it('is so for a column that is added', () => {
    const { plan } = readWords(['posts', 'editor:ref(users)'], wordsContext(schema));
    expect(plan.documents[0]).toMatchObject({
      changes: {
        add_columns: [{ name: 'editor_id', type: 'integer', references: 'users(id)' }],
        add_indexes: [{ fields: ['editor_id'] }],
      },
    });
  });

  it('is called as the neighbours are', () => {
    const camel = schemaOf(table('users', [SERIAL, stamp('createdAt'), stamp('updatedAt')]));
    expect(fieldsOf(camel, 'posts author:ref(users)', { bare: true }).fields[0]?.name).toBe('authorId');
  });

  it('asks for the type where no such table is there', () => {
    expect(() => fieldsOf(schema, 'comments author:ref(writers)')).toThrow('author needs a type');
  });
});
