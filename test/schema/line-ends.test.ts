import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser } from '../../src/postgres/sql.ts';
import { applyEdits } from '../../src/schema/text-edit.ts';
import { column, edit, EMPTY, foreignKey, table } from './drizzle/memory-project.ts';
import { runPlan } from './typeorm/style-fixture.ts';

describe('edits in a file that mixes its line ends', () => {
  const insert = (text: string, before: string, added: string): string => {
    const at = text.indexOf(before);
    return applyEdits(text, [{ start: at, end: at, text: added }]);
  };

  it('end new lines as the line before, and touch no other', () => {
    const text = 'a\r\nb\nc\nd\r\ne\r\n';
    expect(insert(text, 'c', 'new\r\n')).toBe('a\r\nb\nnew\nc\nd\r\ne\r\n');
    expect(insert(text, 'e', 'new\n')).toBe('a\r\nb\nc\nd\r\nnew\r\ne\r\n');
    expect(insert(text, 'a', 'new\n')).toBe('new\r\na\r\nb\nc\nd\r\ne\r\n');
  });

  it('leave each line of a replaced span its own end', () => {
    const text = 'x = {\n  a,\r\n  b,\n};\r\n';
    const edit = { start: 0, end: text.indexOf(';'), text: 'x = {\r\n  a,\r\n  new,\r\n  b,\r\n}' };
    expect(applyEdits(text, [edit])).toBe('x = {\n  a,\r\n  new,\r\n  b,\n};\r\n');
  });

  it('write no line feed into a file of carriage returns', () => {
    expect(insert('a\rb\rc\r', 'b', 'new\n')).toBe('a\rnew\rb\rc\r');
  });

  it('leave a file of one kind as the editor wrote it', () => {
    expect(insert('a\nb\n', 'b', 'new\n')).toBe('a\nnew\nb\n');
    expect(insert('a\r\nb\r\n', 'b', 'new\r\n')).toBe('a\r\nnew\r\nb\r\n');
  });
});

describe('a file whose lines end in carriage returns alone', () => {
  beforeAll(loadSqlParser);

  const schema = [
    "import { pgTable, uuid } from 'drizzle-orm/pg-core';",
    '',
    '// people',
    "export const users = pgTable('users', {",
    "  id: uuid('id').primaryKey(), // the key",
    '});',
    '',
  ];

  it('is edited in its place, comments and imports too, and keeps them', () => {
    const users = { schema: 'public', name: 'users' };
    const id = column('id', 'uuid', { notNull: true });
    const notes = table('notes', [id, column('user', 'uuid')], {
      primaryKey: { name: 'notes_pkey', named: false, columns: ['id'] },
      foreignKeys: [foreignKey('notes', 'users', 'user')],
    });
    const { edits } = edit(
      { '/p/schema.ts': schema.join('\r') },
      [
        { kind: 'add-column', table: users, column: column('nick', 'text') },
        { kind: 'create-table', table: notes, domain: undefined },
      ],
      { before: { ...EMPTY, tables: [table('users', [id])] } },
    );
    expect(edits).toEqual([
      {
        path: '/p/schema.ts',
        before: schema.join('\r'),
        after: [
          "import { pgTable, text, uuid } from 'drizzle-orm/pg-core';",
          '',
          '// people',
          "export const users = pgTable('users', {",
          "  id: uuid('id').primaryKey(), // the key",
          "  nick: text('nick'),",
          '});',
          '',
          "export const notes = pgTable('notes', {",
          "  id: uuid('id').primaryKey(),",
          "  user: uuid('user').references(() => users.id),",
          '});',
          '',
        ].join('\r'),
      },
    ]);
  });

  it('is edited as one of line feeds is: an entity', async () => {
    const source =
      "import { DataSource } from 'typeorm';\n\nexport const source = new DataSource({ type: 'postgres', entities: ['src/**/*.entity.ts'] });\n";
    const entity = [
      "import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';",
      '',
      '// people',
      "@Entity('users')",
      'export class User {',
      "  @PrimaryGeneratedColumn('uuid')",
      '  id!: string; // the key',
      '',
      '  @Column()',
      '  name!: string;',
      '}',
      '',
    ];
    const plan =
      'migration_type: modify_existing\ntable_name: users\nchanges:\n  add_columns: [{ name: nick, type: varchar, constraints: [NOT NULL] }]\n';
    const edited = async (eol: string) => {
      const files = { 'src/data-source.ts': source, 'src/user.entity.ts': entity.join(eol) };
      return (await runPlan(files, plan)).tree['src/user.entity.ts'];
    };
    const plain = await edited('\n');
    expect(plain).toContain('  @Column()\n  nick!: string;\n');
    expect(await edited('\r')).toBe(plain?.replaceAll('\n', '\r'));
  });
});
