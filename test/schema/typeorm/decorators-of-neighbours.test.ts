import { describe, expect, it } from 'vitest';
import { after, type Files, notes } from './plan-for-notes.ts';

const BELOW: Files = {
  'src/login.entity.ts': `import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('logins')
export class Login {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid')
  @Index()
  userId!: string;

  @Column({ type: 'timestamptz', nullable: true })
  endedAt?: Date;

  @Column({ type: 'inet', nullable: true })
  address?: string;
}
`,
  'src/visit.entity.ts': `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('visits')
export class Visit {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('jsonb', { default: {} })
  facts!: object;

  @Column({ type: 'text' })
  page!: string;

  @Column({ type: 'text' })
  origin!: string;
}
`,
};

describe('a class that writes some types as arguments and others as options', () => {
  const changed = async (table: string, column: string, more = '') => {
    const { tree } = await after(
      BELOW,
      `migration_type: 'modify_existing'\ntable_name: '${table}'\nchanges:\n  add_columns: [${column}]\n${more}`,
    );
    return `${tree['src/login.entity.ts']}${tree['src/visit.entity.ts']}`;
  };

  it('has a new column as its others of that type', async () => {
    expect(await changed('logins', "{name: 'invitedBy', type: 'uuid'}")).toContain(
      "  @Column('uuid', { nullable: true })\n  invitedBy?: string;",
    );
    expect(await changed('logins', "{name: 'seenAt', type: 'timestamptz'}")).toContain(
      "  @Column({ type: 'timestamptz', nullable: true })\n  seenAt?: Date;",
    );
  });

  it('has one of a type that only its neighbours have as these do', async () => {
    expect(await changed('logins', "{name: 'facts', type: 'jsonb'}")).toContain(
      "  @Column('jsonb', { nullable: true })\n  facts?: ",
    );
    expect(await changed('visits', "{name: 'endedAt', type: 'timestamptz'}")).toContain(
      "  @Column({ type: 'timestamptz', nullable: true })\n  endedAt",
    );
  });
});

describe('@Index below @Column', () => {
  it('is where that of a new column stands', async () => {
    const { tree } = await after(
      BELOW,
      notes(`  - {name: 'owner', type: 'uuid', constraints: ['NOT NULL']}
indexes:
  - {fields: ['owner']}
`),
    );
    expect(tree['src/note.entity.ts']).toContain("  @Column('uuid')\n  @Index()\n  owner!: string;");
  });

  it('is where that of a column that is there goes', async () => {
    const { tree } = await after(
      BELOW,
      "migration_type: 'modify_existing'\ntable_name: 'logins'\nchanges:\n  add_indexes: [{fields: ['endedAt']}]\n",
    );
    expect(tree['src/login.entity.ts']).toContain(
      "  @Column({ type: 'timestamptz', nullable: true })\n  @Index()\n  endedAt?: Date;",
    );
  });
});

describe('an index file', () => {
  const listed = (line: string): Files => ({
    ...BELOW,
    'src/user.entity.ts': `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export enum UserRole {
  ADMIN = 'admin',
}

@Entity('users')
export class User {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ type: 'enum', enum: UserRole })
  role!: UserRole;
}
`,
    'src/index.ts': `export { Login } from './login.entity';\n${line}export { Visit } from './visit.entity';\n`,
  });
  const plan = notes(`  - {name: 'kind', type: 'note_kind', constraints: ['NOT NULL']}
---
migration_type: 'new_enum'
enum_name: 'note_kind'
values: ['long', 'short']
`);

  it('names the enum beside a new entity where it names those of others', async () => {
    const { tree } = await after(listed("export { User, UserRole } from './user.entity';\n"), plan);
    expect(tree['src/index.ts']).toContain("export { Note, NoteKind } from './note.entity';");
  });

  it('names the class alone where it does so for others', async () => {
    const { tree } = await after(listed("export { User } from './user.entity';\n"), plan);
    expect(tree['src/index.ts']).toContain("export { Note } from './note.entity';");
  });
});

describe('decorators of a GraphQL package', () => {
  const typed = (
    name: string,
    more: string,
  ) => `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { Directive, Field, ID, ObjectType } from './graphql';

@ObjectType()
@Directive('@key(fields: "id")')
@Entity('${name.toLowerCase()}s')
export class ${name} {
  @Field(() => ID)
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Field()
  @Column()
  name!: string;
${more}}
`;
  const secret = '\n  @Column()\n  passwordHash!: string;\n';
  const graphql: Files = {
    'src/graphql.ts': `export const ID = 'ID';
const none = (): void => undefined;
export const ObjectType = (): ClassDecorator => none;
export const Directive = (sdl: string): ClassDecorator => (sdl === '' ? none : none);
export const Field = (type?: () => unknown): PropertyDecorator => (type === undefined ? none : none);
`,
  };

  it('are left out, and said, where some columns are not to be seen', async () => {
    const { tree, notices } = await after(
      { ...graphql, 'src/user.entity.ts': typed('User', secret), 'src/team.entity.ts': typed('Team', '') },
      notes(),
    );
    expect(tree['src/note.entity.ts']).toMatch(/;\n\n@Entity\('notes'\)\nexport class Note \{/);
    expect(tree['src/note.entity.ts']).not.toContain('./graphql');
    expect(notices).toContainEqual(
      expect.objectContaining({
        rule: 'decorator-left-out',
        message: expect.stringContaining('every entity around has @ObjectType and @Directive'),
      }),
    );
  });

  it('are written where every column is one of the type', async () => {
    const { tree } = await after(
      { ...graphql, 'src/user.entity.ts': typed('User', ''), 'src/team.entity.ts': typed('Team', '') },
      notes(),
    );
    expect(tree['src/note.entity.ts']).toContain(
      `@ObjectType()\n@Directive('@key(fields: "id")')\n@Entity('notes')`,
    );
    expect(tree['src/note.entity.ts']).toContain('@Field()\n  @Column()\n  text!: string;');
    expect(tree['src/note.entity.ts']).toMatch(/import \{ [^}]*ObjectType[^}]* \} from '\.\/graphql';/);
  });

  it('of classes that need none on columns are written as neighbours have them', async () => {
    const audited = (text: string) =>
      text
        .replace("from './graphql'", "from './audit'")
        .replace(/ObjectType/g, 'Audited')
        .replace(/@Directive.*\n/, '');
    const { tree } = await after(
      {
        'src/audit.ts': graphql['src/graphql.ts']!.replace('ObjectType', 'Audited'),
        'src/user.entity.ts': audited(typed('User', secret)),
        'src/team.entity.ts': audited(typed('Team', '')),
      },
      notes(),
    );
    expect(tree['src/note.entity.ts']).toContain("@Audited()\n@Entity('notes')");
  });
});
