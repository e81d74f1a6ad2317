import { describe, expect, it } from 'vitest';
import { after, type Files, notes } from './plan-for-notes.ts';

const USER = `import { Column, Entity } from 'typeorm';
import type { UserDto } from './user.dto';
import { Base } from './base';

@Entity('users')
export class User extends Base<UserDto> {
  @Column()
  name!: string;
}
`;

const TEAM = USER.replaceAll('User', 'Team').replaceAll('user', 'team');

const base = (parameters: string) => `import { PrimaryGeneratedColumn } from 'typeorm';

export abstract class Base<${parameters}> {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  dto?: D;
}
`;

const DTOS: Files = {
  'src/user.dto.ts': 'export interface UserDto { id: string }\n',
  'src/team.dto.ts': 'export interface TeamDto { id: string }\n',
};

describe('the base class of neighbours that each give it a type of their own', () => {
  it('is extended without one where it has a default', async () => {
    const files = { ...DTOS, 'src/user.entity.ts': USER, 'src/team.entity.ts': TEAM };
    const { tree } = await after({ ...files, 'src/base.ts': base('D = unknown') }, notes());
    expect(tree['src/note.entity.ts']).toContain(
      'export class Note extends Base {\n  @Column()\n  text!: string;',
    );
  });

  it('is left where it has none, with its columns written out', async () => {
    const files = { ...DTOS, 'src/user.entity.ts': USER, 'src/team.entity.ts': TEAM };
    const { tree } = await after({ ...files, 'src/base.ts': base('D') }, notes());
    expect(tree['src/note.entity.ts']).toContain("export class Note {\n  @PrimaryGeneratedColumn('uuid')");
  });

  it('is extended with the type that all give it', async () => {
    const files = {
      ...DTOS,
      'src/user.entity.ts': USER,
      'src/team.entity.ts': TEAM.replaceAll(/[Tt]eamDto/g, 'UserDto').replace('team.dto', 'user.dto'),
    };
    const { tree } = await after({ ...files, 'src/base.ts': base('D') }, notes());
    expect(tree['src/note.entity.ts']).toContain("import type { UserDto } from './user.dto';");
    expect(tree['src/note.entity.ts']).toContain('export class Note extends Base<UserDto> {');
  });
});

const KEYED = `import type { UUID } from 'node:crypto';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Author } from './author.entity';

@Entity('books')
export class Book {
  @PrimaryGeneratedColumn('uuid')
  id!: UUID;

  @Column({ nullable: false })
  title!: string;

  @Index()
  @Column({ type: 'uuid', name: 'author_id', nullable: false })
  authorId!: UUID;

  @ManyToOne(() => Author, (authorEntity) => authorEntity.books, { nullable: false })
  @JoinColumn({ name: 'author_id' })
  author!: Author;
}
`;

const AUTHOR = `import { Entity, OneToMany, PrimaryGeneratedColumn } from 'typeorm';
import { Book } from './book.entity';

@Entity('authors')
export class Author {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @OneToMany(() => Book, (book) => book.author)
  books?: Book[];
}
`;

const KEYED_NOTES =
  notes(`  - {name: 'book_id', type: 'uuid', constraints: ['NOT NULL', 'REFERENCES books(id)']}
  - {name: 'external_id', type: 'uuid'}
`);

describe('keys', () => {
  it('have the type that the project gives to keys, imported as there', async () => {
    const { tree } = await after(
      { 'src/book.entity.ts': KEYED, 'src/author.entity.ts': AUTHOR },
      KEYED_NOTES,
    );
    const note = tree['src/note.entity.ts']!;
    expect(note).toContain("import type { UUID } from 'node:crypto';");
    expect(note).toContain('id!: UUID;');
    expect(note).toContain('bookId!: UUID;');
    expect(note).toContain('externalId!: UUID | null;');
  });

  it('have a type that is declared for all files without an import', async () => {
    const declared = KEYED.replace("import type { UUID } from 'node:crypto';\n", '').replaceAll(
      'UUID',
      'Uuid',
    );
    const { tree } = await after(
      {
        'src/book.entity.ts': declared,
        'src/author.entity.ts': AUTHOR,
        'src/global.ts': 'declare global {\n  type Uuid = string;\n}\n\nexport {};\n',
      },
      KEYED_NOTES,
    );
    expect(tree['src/note.entity.ts']).toContain('bookId!: Uuid;');
    expect(tree['src/note.entity.ts']).not.toContain('import type');
  });
});

describe('relations and columns', () => {
  it('say NOT NULL, name the other side and mark the many as neighbours do', async () => {
    const { tree } = await after(
      { 'src/book.entity.ts': KEYED, 'src/author.entity.ts': AUTHOR },
      KEYED_NOTES,
    );
    expect(tree['src/note.entity.ts']).toContain('@Column({ nullable: false })\n  text!: string;');
    expect(tree['src/note.entity.ts']).toContain(
      '@ManyToOne(() => Book, (book) => book.notes, { nullable: false })',
    );
    expect(tree['src/book.entity.ts']).toContain('notes?: Note[];');
  });

  it('name the other side after the whole class where the others do', async () => {
    const entity = (text: string) =>
      text
        .replaceAll(/\bBook\b/g, 'BookEntity')
        .replaceAll(/\bAuthor\b/g, 'AuthorEntity')
        .replaceAll('(book) => book.', '(bookEntity) => bookEntity.');
    const { tree } = await after(
      { 'src/book.entity.ts': entity(KEYED), 'src/author.entity.ts': entity(AUTHOR) },
      KEYED_NOTES,
    );
    expect(tree['src/note.entity.ts']).toContain('(bookEntity) => bookEntity.notes');
    expect(tree['src/book.entity.ts']).toContain('(noteEntity) => noteEntity.book)');
  });

  it('stand before the dates that a class ends with', async () => {
    const dated = `import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';

@Entity('notes')
export class Note {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column()
  text!: string;

  @CreateDateColumn()
  createdAt!: Date;

  @UpdateDateColumn()
  updatedAt!: Date;
}
`;
    const { tree } = await after(
      { 'src/note.entity.ts': dated },
      "migration_type: 'modify_existing'\ntable_name: 'notes'\nchanges:\n  add_columns: [{name: 'title', type: 'varchar', constraints: ['NOT NULL']}]\n",
    );
    expect(tree['src/note.entity.ts']).toContain(
      'text!: string;\n\n  @Column()\n  title!: string;\n\n  @CreateDateColumn()',
    );
  });
});

describe('imports', () => {
  it('of types stand alone, and packages apart from files, where they do so next door', async () => {
    const apart = (text: string) => text.replace("} from 'typeorm';\n", "} from 'typeorm';\n\n");
    const book = apart(KEYED)
      .replace("import type { UUID } from 'node:crypto';", "import type { Relation } from 'typeorm';")
      .replaceAll('UUID', 'string')
      .replace('author!: Author', 'author!: Relation<Author>');
    const { tree } = await after(
      { 'src/book.entity.ts': book, 'src/author.entity.ts': apart(AUTHOR) },
      KEYED_NOTES,
    );
    expect(tree['src/note.entity.ts']).toMatch(
      /^import type \{ Relation \} from 'typeorm';\nimport \{ [^}]* \} from 'typeorm';\n\nimport \{ Book \} from '\.\/book\.entity';\n\n@Entity/,
    );
  });

  it('of files go to their place among sorted ones', async () => {
    const { tree } = await after(
      {
        'src/book.entity.ts': KEYED.replace(
          "import { Author } from './author.entity';",
          "import { Author } from './author.entity';\nimport { Shelf } from './shelf';",
        )
          .replace('export class', 'void Shelf;\n\nexport class')
          .replace("@Entity('books')\nvoid Shelf;\n\n", "void Shelf;\n\n@Entity('books')\n"),
        'src/shelf.ts': 'export const Shelf = 1;\n',
        'src/author.entity.ts': AUTHOR,
      },
      KEYED_NOTES,
    );
    expect(tree['src/book.entity.ts']).toContain(
      "import { Author } from './author.entity';\nimport { Note } from './note.entity';\nimport { Shelf } from './shelf';\n",
    );
  });
});

describe('a decorator of the project', () => {
  it('that every class has with other arguments is left out, and reported', async () => {
    const tagged = (text: string, tag: string) =>
      `import { Tag } from './tag';\n${text.replace('@Entity(', `@Tag('${tag}')\n@Entity(`)}`;
    const { tree, notices } = await after(
      {
        ...DTOS,
        'src/base.ts': base('D = unknown'),
        'src/tag.ts': 'export const Tag = (name: string): ClassDecorator => () => void name;\n',
        'src/user.entity.ts': tagged(USER, 'a'),
        'src/team.entity.ts': tagged(TEAM, 'b'),
      },
      notes(),
    );
    expect(tree['src/note.entity.ts']).not.toContain('@Tag');
    expect(notices).toContainEqual(
      expect.objectContaining({
        rule: 'decorator-left-out',
        message: 'every entity around has @Tag, with other arguments each time: add it to Note',
      }),
    );
  });
});

const LAYERED: Files = {
  'src/domain/users/infrastructure/schema/user.entity.ts': `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { UserRole } from '../../values/user-role.enum';

@Entity('users')
export class User {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ type: 'enum', enum: UserRole })
  role!: UserRole;
}
`,
  'src/domain/users/values/user-role.enum.ts':
    "export enum UserRole {\n  ADMIN = 'ADMIN',\n  USER = 'USER',\n}\n",
  'src/iam/teams/schema/team.entity.ts': `import { Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('teams')
export class Team {
  @PrimaryGeneratedColumn('uuid')
  id!: string;
}
`,
};

describe('where layers have folders of their own', () => {
  const plan = notes(`  - {name: 'user_id', type: 'uuid', constraints: ['NOT NULL', 'REFERENCES users(id)']}
  - {name: 'kind', type: 'note_kind', constraints: ['NOT NULL']}
---
migration_type: 'new_enum'
enum_name: 'note_kind'
values: ['LONG', 'SHORT']
`);

  it('a new entity lies as the one that it refers to, and its enum lies to it as theirs do', async () => {
    const { tree } = await after(LAYERED, plan);
    expect(Object.keys(tree)).toEqual(
      expect.arrayContaining([
        'src/domain/notes/infrastructure/schema/note.entity.ts',
        'src/domain/notes/values/note-kind.enum.ts',
      ]),
    );
  });

  it('members in capitals that are their values stay so', async () => {
    const { tree } = await after(LAYERED, plan);
    expect(tree['src/domain/notes/values/note-kind.enum.ts']).toContain("LONG = 'LONG',\n  SHORT = 'SHORT',");
  });
});
