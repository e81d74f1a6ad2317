/** A plan with the entities before it and as an editor leaves them, rows in between, and what has to hold of those. */
export interface Scenario {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  readonly plan: string;
  /** Rows, put in before the migration. */
  readonly rows: string;
  /** A query on the migrated rows, and what it gives. */
  readonly check: readonly [query: string, rows: readonly Readonly<Record<string, unknown>>[]];
  /** Run after the migration where the way back would lose or refuse something else than the rows that were there. */
  readonly untilDown?: string;
  /** What `check` asked of the restored rows; `[]` where they cannot come back. */
  readonly restored?: readonly [query: string, rows: readonly Readonly<Record<string, unknown>>[]];
}

const entity = (body: string, head = ''): string => `${head}@Entity('users') export class User {
  @PrimaryGeneratedColumn() id: number;
  ${body}
}`;

const modify = (changes: string): string => `migration_type: modify_existing
table_name: users
changes:
${changes}`;

const NICK = '@Column({ nullable: true }) nick: string;';
const NAME = "@Column({ type: 'varchar', length: 100 }) name: string;";

export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'a new table',
    before: entity(NAME),
    after: `${entity(NAME)}
@Entity('teams') @Index('teams_title_idx', ['title']) export class Team {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('text') title: string;
  @Column({ type: 'numeric', precision: 10, scale: 2, default: 0 }) price: string;
  @Column({ name: 'owner_id' }) ownerId: number;
  @ManyToOne(() => User, { onDelete: 'CASCADE' }) @JoinColumn({ name: 'owner_id' }) owner: User;
}`,
    plan: `migration_type: new_table
table_name: teams
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY, DEFAULT uuid_generate_v4()] }
  - { name: title, type: text, constraints: [NOT NULL] }
  - { name: price, type: 'numeric(10,2)', constraints: [NOT NULL, DEFAULT 0] }
  - { name: owner_id, type: integer, constraints: [NOT NULL] }
indexes:
  - { fields: [title], type: index }
foreign_keys:
  - { field: owner_id, references: users(id), on_delete: CASCADE }`,
    rows: "insert into users (name) values ('a')",
    check: ['select count(*)::int as n from teams', [{ n: 0 }]],
    restored: ['select name from users', [{ name: 'a' }]],
  },
  {
    title: 'a nullable column',
    before: entity(NAME),
    after: entity(`${NAME} ${NICK}`),
    plan: modify('  add_columns: [{ name: nick, type: varchar }]'),
    rows: "insert into users (name) values ('a')",
    check: ['select name, nick from users', [{ name: 'a', nick: null }]],
    restored: ['select name from users', [{ name: 'a' }]],
  },
  {
    title: 'a longer varchar, with an index, a check and a default on it',
    before: entity(
      "@Index() @Column({ type: 'varchar', length: 100, default: 'x' }) name: string;",
      `@Check('users_name_check', "name <> ''") `,
    ),
    after: entity(
      "@Index() @Column({ type: 'varchar', length: 200, default: 'x' }) name: string;",
      `@Check('users_name_check', "name <> ''") `,
    ),
    plan: modify("  modify_columns: [{ name: name, old_type: 'varchar(100)', new_type: 'varchar(200)' }]"),
    rows: "insert into users (name) values ('a')",
    check: ['select name from users', [{ name: 'a' }]],
  },
  {
    title: 'varchar to text',
    before: entity(NAME),
    after: entity("@Column('text') name: string;"),
    plan: modify('  modify_columns: [{ name: name, new_type: text }]'),
    rows: "insert into users (name) values ('a')",
    check: ['select name from users', [{ name: 'a' }]],
  },
  {
    title: 'an integer key to bigint, with its sequence and a key that refers to it',
    before: `${entity(NAME)}
@Entity('posts') export class Post {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => User) @JoinColumn({ name: 'user_id' }) user: User;
}`,
    after: `${entity(NAME).replace('@PrimaryGeneratedColumn()', "@PrimaryGeneratedColumn({ type: 'bigint' })")}
@Entity('posts') export class Post {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => User) @JoinColumn({ name: 'user_id' }) user: User;
}`,
    plan: `${modify('  modify_columns: [{ name: id, new_type: bigint }]')}
---
migration_type: modify_existing
table_name: posts
changes:
  modify_columns: [{ name: user_id, new_type: bigint }]`,
    rows: "insert into users (name) values ('a'); insert into posts (user_id) values (1)",
    check: [
      'select u.id::text as id, p.user_id::text as "by" from users u join posts p on p.user_id = u.id',
      [{ id: '1', by: '1' }],
    ],
  },
  {
    title: 'text to integer with USING and a default',
    before: entity("@Column({ type: 'text', default: '7' }) age: string;"),
    after: entity("@Column({ type: 'integer', default: 7 }) age: number;"),
    plan: modify("  modify_columns: [{ name: age, new_type: integer, using: 'age::integer' }]"),
    rows: "insert into users (age) values ('41'), (default)",
    check: ['select age + 1 as age from users order by id', [{ age: 42 }, { age: 8 }]],
    restored: ['select age from users order by id', [{ age: '41' }, { age: '7' }]],
  },
  {
    title: 'timestamp to timestamptz, with a default and a view on it',
    before: entity("@Column({ type: 'timestamp', default: () => 'now()' }) at: Date;"),
    after: entity("@Column({ type: 'timestamptz', default: () => 'now()' }) at: Date;"),
    plan: modify('  modify_columns: [{ name: at, new_type: timestamptz, using: "at AT TIME ZONE \'UTC\'" }]'),
    rows: "create view latest as select max(at) as at from users; insert into users (at) values ('2020-01-02 03:04')",
    check: ["select (at at time zone 'UTC')::text as at from users", [{ at: '2020-01-02 03:04:00' }]],
    restored: ['select at::text as at from users', [{ at: '2020-01-02 03:04:00' }]],
  },
  {
    title: 'one rename, with a unique, an index and an enum whose names are derived',
    before: entity(
      "@Column({ unique: true }) nick: string; @Index() @Column({ type: 'enum', enum: ['a', 'b'], default: 'a' }) kind: string;",
    ),
    after: entity(
      "@Column({ unique: true }) nick: string; @Index() @Column({ type: 'enum', enum: ['a', 'b'], default: 'a' }) sort: string;",
    ),
    plan: modify('  rename_columns: [{ from: kind, to: sort }]'),
    rows: "insert into users (nick, kind) values ('a', 'b')",
    check: ['select sort from users', [{ sort: 'b' }]],
    restored: ['select kind from users', [{ kind: 'b' }]],
  },
  {
    title: 'two renames',
    before: entity('@Column({ unique: true }) nick: string; @Column() town: string;'),
    after: entity('@Column({ unique: true }) name: string; @Column() city: string;'),
    plan: modify('  rename_columns: [{ from: nick, to: name }, { from: town, to: city }]'),
    rows: "insert into users (nick, town) values ('a', 'b')",
    check: ['select name, city from users', [{ name: 'a', city: 'b' }]],
    restored: ['select nick, town from users', [{ nick: 'a', town: 'b' }]],
  },
  {
    title: 'a rename of the table and of a column, and another column added',
    before: entity('@Index() @Column() nick: string;'),
    after: entity('@Index() @Column() name: string; @Column({ nullable: true }) city: string;').replace(
      "'users'",
      "'people'",
    ),
    plan: modify(`  rename_table: people
  rename_columns: [{ from: nick, to: name }]
  add_columns: [{ name: city, type: varchar }]`),
    rows: "insert into users (nick) values ('a')",
    check: ['select id, name, city from people', [{ id: 1, name: 'a', city: null }]],
    restored: ['select nick from users', [{ nick: 'a' }]],
  },
  {
    title: 'a rename with another type and NOT NULL',
    before: entity(NICK),
    after: entity("@Column('text') name: string;"),
    plan: modify(
      '  rename_columns: [{ from: nick, to: name }]\n  modify_columns: [{ name: name, new_type: text, nullable: false }]',
    ),
    rows: "insert into users (nick) values ('a')",
    check: ['select name from users', [{ name: 'a' }]],
    restored: ['select nick from users', [{ nick: 'a' }]],
  },
  {
    title: 'a drop beside an unrelated column of the same form',
    before: entity(`${NAME} ${NICK}`),
    after: entity(`${NAME} @Column({ nullable: true }) city: string;`),
    plan: `safety: { allow: [{ rule: drop-column, reason: unused }] }
${modify('  add_columns: [{ name: city, type: varchar }]\n  drop_columns: [nick]')}`,
    rows: "insert into users (name, nick) values ('a', 'b')",
    check: ['select name, city from users', [{ name: 'a', city: null }]],
    restored: ['select name, nick from users', [{ name: 'a', nick: null }]],
  },
  {
    title: 'an enum value added in its place, to a column with a default',
    before: entity("@Column({ type: 'enum', enum: ['low', 'high'], default: 'low' }) level: string;"),
    after: entity(
      "@Column({ type: 'enum', enum: ['low', 'middle', 'high'], default: 'low' }) level: string;",
    ),
    plan: `migration_type: modify_enum
enum_name: users_level_enum
changes:
  add_values: [{ value: middle, after: low }]`,
    rows: "insert into users (level) values ('high'), (default)",
    check: [
      'select level::text as level, enum_range(null::users_level_enum)::text as all from users order by id limit 1',
      [{ level: 'high', all: '{low,middle,high}' }],
    ],
    restored: ['select level::text as level from users order by id', [{ level: 'high' }, { level: 'low' }]],
  },
  {
    title: 'an enum value taken away, and another renamed',
    before: entity("@Column({ type: 'enum', enum: ['low', 'mid', 'high'], default: 'mid' }) level: string;"),
    after: entity("@Column({ type: 'enum', enum: ['medium', 'high'], default: 'medium' }) level: string;"),
    plan: `migration_type: modify_enum
enum_name: users_level_enum
changes:
  rename_values: [{ from: mid, to: medium }]
  drop_values: [low]`,
    rows: "insert into users (level) values ('high'), (default)",
    check: ['select level::text as level from users order by id', [{ level: 'high' }, { level: 'medium' }]],
    restored: ['select level::text as level from users order by id', [{ level: 'high' }, { level: 'mid' }]],
  },
  {
    title: 'NOT NULL with a default',
    before: entity(NICK),
    after: entity("@Column({ default: 'x' }) nick: string;"),
    plan: modify('  modify_columns: [{ name: nick, nullable: false, default: "\'x\'" }]'),
    rows: "insert into users (nick) values ('a')",
    check: ['select nick from users', [{ nick: 'a' }]],
  },
  {
    title: 'a foreign key',
    before: `${entity('@Column({ nullable: true, name: "team_id" }) teamId: number;')}
@Entity('teams') export class Team { @PrimaryGeneratedColumn() id: number; }`,
    after: `${entity('@Column({ nullable: true, name: "team_id" }) teamId: number; @ManyToOne(() => Team, { onDelete: "SET NULL" }) @JoinColumn({ name: "team_id" }) team: unknown;')}
@Entity('teams') export class Team { @PrimaryGeneratedColumn() id: number; }`,
    plan: modify('  add_foreign_keys: [{ field: team_id, references: teams(id), on_delete: SET NULL }]'),
    rows: 'insert into teams default values; insert into users (team_id) values (1)',
    check: ['select team_id from users', [{ team_id: 1 }]],
  },
  {
    title: 'a composite unique',
    before: entity(`${NAME} ${NICK}`),
    after: entity(`${NAME} ${NICK}`, "@Unique(['name', 'nick']) "),
    plan: modify('  add_unique: [{ fields: [name, nick] }]'),
    rows: "insert into users (name, nick) values ('a', 'b')",
    check: ['select name from users', [{ name: 'a' }]],
  },
  {
    title: 'a partial unique index',
    before: entity(`${NAME} ${NICK}`),
    after: entity(
      `${NAME} ${NICK}`,
      `@Index('users_nick_idx', ['nick'], { unique: true, where: '"nick" IS NOT NULL' }) `,
    ),
    plan: modify(`  add_indexes: [{ fields: [nick], type: unique, where: 'nick IS NOT NULL' }]`),
    rows: "insert into users (name, nick) values ('a', 'b')",
    check: ['select name from users', [{ name: 'a' }]],
  },
  {
    title: 'a table dropped, with its index and its foreign key',
    before: `${entity(NAME)}
@Entity('posts') export class Post {
  @PrimaryGeneratedColumn() id: number;
  @Index() @Column() title: string;
  @ManyToOne(() => User) @JoinColumn({ name: 'user_id' }) user: User;
}`,
    after: entity(NAME),
    plan: 'migration_type: drop_table\ntable_name: posts',
    rows: "insert into users (name) values ('a'); insert into posts (title, user_id) values ('t', 1)",
    check: ['select name from users', [{ name: 'a' }]],
    restored: ['select count(*)::int as n from posts', [{ n: 0 }]],
  },
  {
    title: 'a table in a schema that is new',
    before: entity(NAME),
    after: `${entity(NAME)}
@Entity('events', { schema: 'audit' }) export class Event {
  @PrimaryGeneratedColumn() id: number;
  @Column({ type: 'enum', enum: ['made', 'gone'], default: 'made' }) kind: string;
}`,
    plan: `migration_type: new_enum
schema: audit
enum_name: events_kind_enum
values: [made, gone]
---
migration_type: new_table
schema: audit
table_name: events
fields:
  - { name: id, type: serial, constraints: [PRIMARY KEY] }
  - { name: kind, type: audit.events_kind_enum, constraints: [NOT NULL, "DEFAULT 'made'"] }`,
    rows: "insert into users (name) values ('a')",
    check: ['select count(*)::int as n from audit.events', [{ n: 0 }]],
    restored: ['select name from users', [{ name: 'a' }]],
  },
  {
    title: 'a rename, a longer varchar and an enum value in another schema',
    before: `@Entity('events', { schema: 'audit' }) export class Event {
  @PrimaryGeneratedColumn() id: number;
  @Index() @Column({ length: 10 }) text: string;
  @Column({ type: 'enum', enum: ['made', 'gone'], default: 'made' }) kind: string;
}`,
    after: `@Entity('events', { schema: 'audit' }) export class Event {
  @PrimaryGeneratedColumn() id: number;
  @Index() @Column({ length: 20 }) message: string;
  @Column({ type: 'enum', enum: ['made', 'gone', 'back'], default: 'made' }) sort: string;
}`,
    plan: `migration_type: modify_existing
schema: audit
table_name: events
changes:
  rename_columns: [{ from: text, to: message }, { from: kind, to: sort }]
  modify_columns: [{ name: message, new_type: 'varchar(20)' }]
---
migration_type: modify_enum
schema: audit
enum_name: events_sort_enum
changes:
  add_values: [{ value: back }]`,
    rows: "insert into audit.events (text, kind) values ('a', 'gone')",
    check: ['select message, sort::text as sort from audit.events', [{ message: 'a', sort: 'gone' }]],
    restored: ['select text, kind::text as kind from audit.events', [{ text: 'a', kind: 'gone' }]],
  },
  {
    title: 'two renames of tables that share a many-to-many relation, whose table and columns are derived',
    before: `${entity('@ManyToMany(() => Tag) @JoinTable() tags: unknown[];')}
@Entity('tags') export class Tag { @PrimaryGeneratedColumn() id: number; }`,
    after: `${entity('@ManyToMany(() => Tag) @JoinTable() tags: unknown[];').replace("'users'", "'people'")}
@Entity('labels') export class Tag { @PrimaryGeneratedColumn() id: number; }`,
    plan: `${modify('  rename_table: people')}
---
migration_type: modify_existing
table_name: tags
changes:
  rename_table: labels`,
    rows: 'insert into users default values; insert into tags default values; insert into users_tags_tags values (1, 1)',
    check: ['select * from people_tags_labels', [{ peopleId: 1, labelsId: 1 }]],
    restored: ['select * from users_tags_tags', [{ usersId: 1, tagsId: 1 }]],
  },
  {
    title: 'a rename of a key, after which a relation and a many-to-many relation name their columns',
    before: `${entity('@ManyToMany(() => Tag) @JoinTable() tags: unknown[];')}
@Entity('tags') export class Tag { @PrimaryGeneratedColumn() id: number; @ManyToOne(() => User) by: unknown; }`,
    after: `${entity('@ManyToMany(() => Tag) @JoinTable() tags: unknown[];').replace(' id:', ' code:')}
@Entity('tags') export class Tag { @PrimaryGeneratedColumn() id: number; @ManyToOne(() => User) by: unknown; }`,
    plan: modify('  rename_columns: [{ from: id, to: code }]'),
    rows: 'insert into users default values; insert into tags ("byId") values (1); insert into users_tags_tags values (1, 1)',
    check: [
      'select "usersCode", "byCode" from users_tags_tags join tags on id = "tagsId"',
      [{ usersCode: 1, byCode: 1 }],
    ],
    restored: [
      'select "usersId", "byId" from users_tags_tags join tags on id = "tagsId"',
      [{ usersId: 1, byId: 1 }],
    ],
  },
  {
    title: 'a rename of a tree with a closure table',
    before: `@Entity('users') @Tree('closure-table') export class User {
  @PrimaryGeneratedColumn() id: number;
  @TreeParent() parent: User;
  @TreeChildren() children: User[];
}`,
    after: `@Entity('people') @Tree('closure-table') export class User {
  @PrimaryGeneratedColumn() id: number;
  @TreeParent() parent: User;
  @TreeChildren() children: User[];
}`,
    plan: modify('  rename_table: people'),
    rows: 'insert into users default values; insert into users_closure values (1, 1)',
    check: ['select id_ancestor as id from people_closure', [{ id: 1 }]],
    restored: ['select id_ancestor as id from users_closure', [{ id: 1 }]],
  },
  {
    title:
      'a drop of NOT NULL columns in indexes and a unique constraint, their columns in another order than the table has them',
    before: entity(
      "@Column() label: string; @Column() room: number; @Column({ type: 'enum', enum: ['a', 'b'] }) kind: string;",
      "@Index(['room', 'label']) @Index('by_hand', ['label', 'room']) @Unique(['room', 'label']) ",
    ),
    after: entity('@Column() label: string;'),
    plan: `safety: { allow: [{ rule: drop-column, reason: unused }] }
${modify('  drop_columns: [room, kind]')}`,
    rows: "insert into users (label, room, kind) values ('a', 1, 'b'), ('b', 1, 'b')",
    check: ['select label from users order by id', [{ label: 'a' }, { label: 'b' }]],
    restored: [
      'select label, room, kind::text as kind from users order by id',
      [
        { label: 'a', room: 0, kind: 'a' },
        { label: 'b', room: 0, kind: 'a' },
      ],
    ],
  },
  {
    title: 'a drop of a column beside a virtual one',
    before: entity("@Column() nick: string; @VirtualColumn({ query: () => 'SELECT 1' }) one: number;"),
    after: entity("@VirtualColumn({ query: () => 'SELECT 1' }) one: number;"),
    plan: `safety: { allow: [{ rule: drop-column, reason: unused }] }
${modify('  drop_columns: [nick]')}`,
    rows: "insert into users (nick) values ('a')",
    check: ['select id from users', [{ id: 1 }]],
    restored: ['select nick from users', [{ nick: '' }]],
  },
];
