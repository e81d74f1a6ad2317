export interface Scenario {
  readonly name: string;
  readonly plan: string;
  /** The migration's statements, white space folded. */
  readonly up: readonly string[];
  /** SQLSTATE of a way down that rows stand against. */
  readonly downFailsWith?: string;
}

const modify = (table: string, changes: string): string =>
  `migration_type: modify_existing\ntable_name: ${table}\nchanges:\n${changes.replaceAll(/^/gm, '  ')}\n`;

export const scenarios: readonly Scenario[] = [
  {
    name: 'a new table with every kind of constraint',
    plan: `
migration_type: new_table
table_name: shares
fields:
  - { name: id, type: bigint, constraints: [GENERATED ALWAYS AS IDENTITY, PRIMARY KEY] }
  - { name: person_id, type: uuid, constraints: [NOT NULL, REFERENCES people(id) ON DELETE CASCADE] }
  - { name: kind, type: mood, default: "'ok'" }
  - { name: amount, type: 'numeric(10, 2)', constraints: [NOT NULL, DEFAULT 0, CHECK (amount >= 0)] }
  - { name: tags, type: 'text[]', default: "'{}'" }
unique:
  - { fields: [person_id, kind], name: shares_once }
indexes:
  - { fields: [amount], order: desc, where: amount > 0 }
`,
    up: [
      `CREATE TABLE "shares" ( "id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "shares_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1), "person_id" uuid NOT NULL, "kind" "mood" DEFAULT 'ok', "amount" numeric(10, 2) DEFAULT '0' NOT NULL, "tags" text[] DEFAULT '{}', CONSTRAINT "shares_once" UNIQUE("person_id","kind"), CONSTRAINT "shares_amount_check" CHECK (amount >= 0) );`,
      'ALTER TABLE "shares" ADD CONSTRAINT "shares_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;',
      'CREATE INDEX "shares_amount_idx" ON "shares" USING btree ("amount" DESC NULLS FIRST) WHERE amount > 0;',
    ],
  },
  {
    name: 'tables that refer to each other',
    plan: `
migration_type: new_table
table_name: clubs
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY] }
  - { name: captain_id, type: uuid }
---
migration_type: new_table
table_name: members
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY] }
  - { name: club_id, type: uuid, references: clubs }
---
migration_type: modify_existing
table_name: clubs
changes:
  add_foreign_keys: [{ field: captain_id, references: members(id) }]
`,
    up: [
      'CREATE TABLE "clubs" ( "id" uuid PRIMARY KEY NOT NULL, "captain_id" uuid );',
      'CREATE TABLE "members" ( "id" uuid PRIMARY KEY NOT NULL, "club_id" uuid );',
      'ALTER TABLE "clubs" ADD CONSTRAINT "clubs_captain_id_members_id_fk" FOREIGN KEY ("captain_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;',
      'ALTER TABLE "members" ADD CONSTRAINT "members_club_id_clubs_id_fk" FOREIGN KEY ("club_id") REFERENCES "public"."clubs"("id") ON DELETE no action ON UPDATE no action;',
    ],
  },
  {
    name: 'the first table of a Postgres schema',
    plan: `
migration_type: new_table
schema: audit
table_name: events
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY] }
  - { name: person_id, type: uuid, constraints: [REFERENCES public.people(id)] }
`,
    up: [
      'CREATE SCHEMA "audit";',
      'CREATE TABLE "audit"."events" ( "id" uuid PRIMARY KEY NOT NULL, "person_id" uuid );',
      'ALTER TABLE "audit"."events" ADD CONSTRAINT "events_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;',
    ],
  },
  {
    name: 'an added column',
    plan: modify('people', 'add_columns:\n  - { name: phone, type: varchar(20) }'),
    up: ['ALTER TABLE "people" ADD COLUMN "phone" varchar(20);'],
  },
  {
    name: 'an added column with default, check and foreign key',
    plan: modify(
      'people',
      "add_columns:\n  - { name: home_id, type: uuid, constraints: ['REFERENCES teams(id) ON DELETE SET NULL'] }\n  - { name: level, type: int, constraints: [NOT NULL, DEFAULT 1] }",
    ),
    up: [
      'ALTER TABLE "people" ADD COLUMN "home_id" uuid;',
      'ALTER TABLE "people" ADD COLUMN "level" integer DEFAULT 1 NOT NULL;',
      'ALTER TABLE "people" ADD CONSTRAINT "people_home_id_teams_id_fk" FOREIGN KEY ("home_id") REFERENCES "public"."teams"("id") ON DELETE set null ON UPDATE no action;',
    ],
  },
  {
    name: 'a longer varchar',
    plan: modify(
      'people',
      'modify_columns:\n  - { name: email, old_type: varchar(255), new_type: varchar(300) }',
    ),
    up: ['ALTER TABLE "people" ALTER COLUMN "email" SET DATA TYPE varchar(300);'],
  },
  {
    name: 'a type change with USING and a default',
    plan: modify(
      'people',
      "modify_columns:\n  - { name: score, new_type: integer, using: 'score::integer', default: 1 }",
    ),
    up: [
      'ALTER TABLE "people" ALTER COLUMN "score" DROP DEFAULT;',
      'ALTER TABLE "people" ALTER COLUMN "score" SET DATA TYPE integer USING score::integer;',
      'ALTER TABLE "people" ALTER COLUMN "score" SET DEFAULT 1;',
    ],
  },
  {
    name: 'NOT NULL set',
    plan: modify('people', 'modify_columns:\n  - { name: nick, nullable: false }'),
    up: ['ALTER TABLE "people" ALTER COLUMN "nick" SET NOT NULL;'],
  },
  {
    name: 'NOT NULL dropped',
    plan: modify('people', 'modify_columns:\n  - { name: email, nullable: true }'),
    up: ['ALTER TABLE "people" ALTER COLUMN "email" DROP NOT NULL;'],
  },
  {
    name: 'a default set',
    plan: modify('people', `modify_columns:\n  - { name: nick, default: "'nobody'" }`),
    up: [`ALTER TABLE "people" ALTER COLUMN "nick" SET DEFAULT 'nobody';`],
  },
  {
    name: 'a default dropped',
    plan: modify('people', 'modify_columns:\n  - { name: age, drop_default: true }'),
    up: ['ALTER TABLE "people" ALTER COLUMN "age" DROP DEFAULT;'],
  },
  {
    name: 'a dropped column',
    plan: modify('people', 'drop_columns: [nick]'),
    up: ['ALTER TABLE "people" DROP COLUMN "nick";'],
  },
  {
    name: 'a renamed column',
    plan: modify('people', 'rename_columns:\n  - { from: nick, to: nickname }'),
    up: ['ALTER TABLE "people" RENAME COLUMN "nick" TO "nickname";'],
  },
  {
    name: 'two renamed columns, one added, one dropped',
    plan: modify(
      'people',
      'rename_columns:\n  - { from: nick, to: nickname }\n  - { from: street, to: road }\nadd_columns:\n  - { name: zip, type: text }\ndrop_columns: [score]',
    ),
    up: [
      'ALTER TABLE "people" RENAME COLUMN "nick" TO "nickname";',
      'ALTER TABLE "people" RENAME COLUMN "street" TO "road";',
      'ALTER TABLE "people" ADD COLUMN "zip" text;',
      'ALTER TABLE "people" DROP COLUMN "score";',
    ],
  },
  {
    name: 'a column renamed and altered at once',
    plan: modify(
      'people',
      'modify_columns:\n  - { name: nick, new_type: varchar(80), rename_to: nickname, nullable: false }',
    ),
    up: [
      'ALTER TABLE "people" RENAME COLUMN "nick" TO "nickname";',
      'ALTER TABLE "people" ALTER COLUMN "nickname" SET DATA TYPE varchar(80);',
      'ALTER TABLE "people" ALTER COLUMN "nickname" SET NOT NULL;',
    ],
  },
  {
    name: 'a renamed column whose new type is made of its old name',
    plan: modify(
      'people',
      'modify_columns:\n  - { name: age, rename_to: years, new_type: bigint, using: "people.age::bigint" }',
    ),
    up: [
      'ALTER TABLE "people" RENAME COLUMN "age" TO "years";',
      'ALTER TABLE "people" ALTER COLUMN "years" DROP DEFAULT;',
      'ALTER TABLE "people" ALTER COLUMN "years" SET DATA TYPE bigint USING people.years::bigint;',
      'ALTER TABLE "people" ALTER COLUMN "years" SET DEFAULT 0;',
    ],
  },
  {
    name: 'a column renamed and made the key at once',
    plan: modify('logs', 'rename_columns:\n  - { from: line, to: entry }\nprimary_key: [entry]'),
    up: [
      'ALTER TABLE "logs" RENAME COLUMN "line" TO "entry";',
      'ALTER TABLE "logs" ADD PRIMARY KEY ("entry");',
      'ALTER TABLE "logs" ALTER COLUMN "entry" SET NOT NULL;',
    ],
  },
  {
    name: 'a table renamed and altered at once',
    plan: modify('teams', 'rename_table: groups\nmodify_columns:\n  - { name: name, new_type: text }'),
    up: [
      'ALTER TABLE "teams" RENAME TO "groups";',
      'ALTER TABLE "people" RENAME CONSTRAINT "people_team_id_teams_id_fk" TO "people_team_id_groups_id_fk";',
      'ALTER TABLE "groups" ALTER COLUMN "name" SET DATA TYPE text;',
    ],
  },
  {
    name: 'a table renamed, old names dropped',
    plan: modify(
      'people',
      'rename_table: persons\ndrop_foreign_keys: [people_team_id_teams_id_fk]\ndrop_unique: [people_email_unique]',
    ),
    up: [
      'ALTER TABLE "people" RENAME TO "persons";',
      'ALTER TABLE "persons" DROP CONSTRAINT "people_email_unique";',
      'ALTER TABLE "persons" RENAME CONSTRAINT "people_boss_id_people_id_fk" TO "persons_boss_id_persons_id_fk";',
      'ALTER TABLE "persons" DROP CONSTRAINT "people_team_id_teams_id_fk";',
    ],
  },
  {
    name: 'a table renamed, a column dropped',
    plan: modify('people', 'rename_table: persons\ndrop_columns: [team_id]'),
    up: [
      'ALTER TABLE "people" RENAME TO "persons";',
      'ALTER TABLE "persons" RENAME CONSTRAINT "people_email_unique" TO "persons_email_unique";',
      'ALTER TABLE "persons" RENAME CONSTRAINT "people_boss_id_people_id_fk" TO "persons_boss_id_persons_id_fk";',
      'ALTER TABLE "persons" DROP CONSTRAINT "people_team_id_teams_id_fk";',
      'DROP INDEX "people_team_id_idx";',
      'ALTER TABLE "persons" DROP COLUMN "team_id";',
    ],
  },
  {
    name: 'a table renamed, a key changed',
    plan: modify(
      'people',
      'rename_table: persons\nmodify_foreign_keys: [{ field: team_id, on_delete: cascade }]',
    ),
    up: [
      'ALTER TABLE "people" RENAME TO "persons";',
      'ALTER TABLE "persons" RENAME CONSTRAINT "people_email_unique" TO "persons_email_unique";',
      'ALTER TABLE "persons" RENAME CONSTRAINT "people_boss_id_people_id_fk" TO "persons_boss_id_persons_id_fk";',
      'ALTER TABLE "persons" DROP CONSTRAINT "people_team_id_teams_id_fk";',
      'ALTER TABLE "persons" ADD CONSTRAINT "persons_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;',
    ],
  },
  {
    name: 'a renamed table',
    plan: 'migration_type: rename_table\ntable_name: teams\nnew_name: groups\n',
    up: [
      'ALTER TABLE "teams" RENAME TO "groups";',
      'ALTER TABLE "people" RENAME CONSTRAINT "people_team_id_teams_id_fk" TO "people_team_id_groups_id_fk";',
    ],
  },
  {
    name: 'a dropped table',
    plan: 'migration_type: drop_table\ntable_name: seats\n',
    up: ['DROP TABLE "seats" CASCADE;'],
  },
  {
    name: 'a table dropped and another made',
    plan: 'migration_type: drop_table\ntable_name: seats\n---\nmigration_type: new_table\ntable_name: chairs\nfields:\n  - { name: id, type: int, constraints: [PRIMARY KEY] }\n',
    up: ['CREATE TABLE "chairs" ( "id" integer PRIMARY KEY NOT NULL );', 'DROP TABLE "seats" CASCADE;'],
  },
  {
    name: 'an added index',
    plan: modify('people', 'add_indexes:\n  - { fields: [city, nick], type: index }'),
    up: ['CREATE INDEX "people_city_nick_idx" ON "people" USING btree ("city","nick");'],
  },
  {
    name: 'a partial unique index on an expression',
    plan: modify(
      'people',
      "add_indexes:\n  - { expression: 'lower(nick)', name: people_nick_lower, type: unique, where: nick is not null }",
    ),
    up: [
      'CREATE UNIQUE INDEX "people_nick_lower" ON "people" USING btree (lower(nick)) WHERE nick is not null;',
    ],
  },
  {
    name: 'an index with an operator class',
    plan: modify('people', 'add_indexes:\n  - { fields: [city, nick], opclass: text_pattern_ops }'),
    up: [
      'CREATE INDEX "people_city_nick_idx" ON "people" USING btree ("city" text_pattern_ops,"nick" text_pattern_ops);',
    ],
  },
  {
    name: 'indexes on expressions with an operator class and an order',
    plan: modify(
      'people',
      'add_indexes:\n  - { expression: lower(nick), opclass: text_pattern_ops }\n  - { expression: length(nick), order: desc nulls last }',
    ),
    up: [
      'CREATE INDEX "people_lower_nick_idx" ON "people" USING btree (lower(nick) text_pattern_ops);',
      'CREATE INDEX "people_length_nick_idx" ON "people" USING btree (length(nick) desc nulls last);',
    ],
  },
  {
    name: 'a dropped index',
    plan: modify('people', 'drop_indexes: [people_team_id_idx]'),
    up: ['DROP INDEX "people_team_id_idx";'],
  },
  {
    name: 'an added foreign key',
    plan: modify('people', "add_foreign_keys:\n  - { field: city, references: 'places(name)' }").replace(
      'migration_type',
      'migration_type: new_table\ntable_name: places\nfields:\n  - { name: name, type: text, constraints: [PRIMARY KEY] }\n---\nmigration_type',
    ),
    up: [
      'CREATE TABLE "places" ( "name" text PRIMARY KEY NOT NULL );',
      'ALTER TABLE "people" ADD CONSTRAINT "people_city_places_name_fk" FOREIGN KEY ("city") REFERENCES "public"."places"("name") ON DELETE no action ON UPDATE no action;',
    ],
  },
  {
    name: 'a foreign key that cascades from now on',
    plan: modify('people', 'modify_foreign_keys:\n  - { field: team_id, on_delete: CASCADE }'),
    up: [
      'ALTER TABLE "people" DROP CONSTRAINT "people_team_id_teams_id_fk";',
      'ALTER TABLE "people" ADD CONSTRAINT "people_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;',
    ],
  },
  {
    name: 'a dropped foreign key',
    plan: modify('people', 'drop_foreign_keys: [people_team_id_teams_id_fk]'),
    up: ['ALTER TABLE "people" DROP CONSTRAINT "people_team_id_teams_id_fk";'],
  },
  {
    name: 'an added unique constraint',
    plan: modify('people', 'add_unique:\n  - { fields: [nick, city], nulls_not_distinct: true }'),
    up: [
      'ALTER TABLE "people" ADD CONSTRAINT "people_nick_city_unique" UNIQUE NULLS NOT DISTINCT("nick","city");',
    ],
  },
  {
    name: 'a dropped unique constraint',
    plan: modify('people', 'drop_unique: [people_place]'),
    up: ['ALTER TABLE "people" DROP CONSTRAINT "people_place";'],
  },
  {
    name: 'an added check',
    plan: modify('people', "add_checks:\n  - { name: people_nick_short, expression: 'length(nick) < 40' }"),
    up: ['ALTER TABLE "people" ADD CONSTRAINT "people_nick_short" CHECK (length(nick) < 40);'],
  },
  {
    name: 'a dropped check',
    plan: modify('people', 'drop_checks: [people_age_positive]'),
    up: ['ALTER TABLE "people" DROP CONSTRAINT "people_age_positive";'],
  },
  {
    name: 'a primary key',
    plan: modify('logs', 'primary_key: [id]'),
    up: ['ALTER TABLE "logs" ADD PRIMARY KEY ("id");'],
  },
  {
    name: 'a new enum',
    plan: 'migration_type: new_enum\nenum_name: status\nvalues: [open, done]\n',
    up: [`CREATE TYPE "public"."status" AS ENUM('open', 'done');`],
  },
  {
    name: 'an enum value added before another',
    plan: 'migration_type: modify_enum\nenum_name: mood\nchanges:\n  add_values:\n    - { value: meh, before: ok }\n',
    up: [`ALTER TYPE "public"."mood" ADD VALUE 'meh' BEFORE 'ok';`],
  },
  {
    name: 'an enum value renamed',
    plan: 'migration_type: modify_enum\nenum_name: mood\nchanges:\n  rename_values:\n    - { from: ok, to: fine }\n',
    up: [`ALTER TYPE "public"."mood" RENAME VALUE 'ok' TO 'fine';`],
  },
  {
    name: 'an enum value, and a column of that enum',
    plan: `migration_type: modify_enum
enum_name: mood
changes:
  add_values:
    - { value: meh, before: ok }
---
${modify('people', 'add_columns:\n  - { name: wish, type: mood }')}`,
    up: [
      `ALTER TYPE "public"."mood" ADD VALUE 'meh' BEFORE 'ok';`,
      'ALTER TABLE "people" ADD COLUMN "wish" "mood";',
    ],
  },
  {
    name: 'an enum value dropped',
    plan: 'migration_type: modify_enum\nenum_name: mood\nchanges:\n  drop_values: [sad]\n',
    up: [
      'ALTER TABLE "people" ALTER COLUMN "mood" SET DATA TYPE text;',
      `ALTER TABLE "people" ALTER COLUMN "mood" SET DEFAULT 'ok'::text;`,
      'DROP TYPE "public"."mood";',
      `CREATE TYPE "public"."mood" AS ENUM('ok', 'happy');`,
      `ALTER TABLE "people" ALTER COLUMN "mood" SET DEFAULT 'ok'::"public"."mood";`,
      'ALTER TABLE "people" ALTER COLUMN "mood" SET DATA TYPE "public"."mood" USING "mood"::"public"."mood";',
    ],
  },
  {
    name: 'a dropped enum',
    plan: 'migration_type: drop_enum\nenum_name: unused_kind\n',
    up: ['DROP TYPE "public"."unused_kind";'],
  },
  {
    name: 'a foreign key dropped with the table that it refers to',
    plan: `${modify('people', 'drop_foreign_keys: [people_team_id_teams_id_fk]')}---\nmigration_type: drop_table\ntable_name: teams\n`,
    up: [
      'ALTER TABLE "teams" DISABLE ROW LEVEL SECURITY;',
      'ALTER TABLE "people" DROP CONSTRAINT "people_team_id_teams_id_fk";',
      'DROP TABLE "teams" CASCADE;',
    ],
    // The rows of people still name teams that are lost.
    downFailsWith: '23503',
  },
  {
    name: 'a column and the table that it refers to dropped',
    plan: `${modify('people', 'drop_columns: [team_id]')}---\nmigration_type: drop_table\ntable_name: teams\n`,
    up: [
      'ALTER TABLE "teams" DISABLE ROW LEVEL SECURITY;',
      'ALTER TABLE "people" DROP CONSTRAINT "people_team_id_teams_id_fk";',
      'DROP TABLE "teams" CASCADE;',
      'DROP INDEX "people_team_id_idx";',
      'ALTER TABLE "people" DROP COLUMN "team_id";',
    ],
  },
  {
    name: 'a unique column and a foreign key to it',
    plan: `${modify('teams', 'add_columns:\n  - { name: code, type: text, constraints: [UNIQUE] }')}---\n${modify('people', 'add_foreign_keys:\n  - { field: nick, references: teams(code) }')}`,
    up: [
      'ALTER TABLE "teams" ADD COLUMN "code" text;',
      'ALTER TABLE "teams" ADD CONSTRAINT "teams_code_unique" UNIQUE("code");',
      'ALTER TABLE "people" ADD CONSTRAINT "people_nick_teams_code_fk" FOREIGN KEY ("nick") REFERENCES "public"."teams"("code") ON DELETE no action ON UPDATE no action;',
    ],
  },
  {
    name: 'an enum value and a column of that enum dropped, another added',
    plan: `${modify('people', 'drop_columns: [mood]\nadd_columns:\n  - { name: feeling, type: mood, default: "\'ok\'" }')}---\nmigration_type: modify_enum\nenum_name: mood\nchanges:\n  drop_values: [sad]\n`,
    up: [
      'ALTER TABLE "people" ADD COLUMN "feeling" "mood" DEFAULT \'ok\';',
      'ALTER TABLE "people" ALTER COLUMN "feeling" SET DATA TYPE text;',
      `ALTER TABLE "people" ALTER COLUMN "feeling" SET DEFAULT 'ok'::text;`,
      'ALTER TABLE "people" DROP COLUMN "mood";',
      'DROP TYPE "public"."mood";',
      `CREATE TYPE "public"."mood" AS ENUM('ok', 'happy');`,
      `ALTER TABLE "people" ALTER COLUMN "feeling" SET DEFAULT 'ok'::"public"."mood";`,
      'ALTER TABLE "people" ALTER COLUMN "feeling" SET DATA TYPE "public"."mood" USING "feeling"::"public"."mood";',
    ],
  },
  {
    name: 'a primary key on more columns',
    plan: modify('seats', 'primary_key: [row, place, person_id]'),
    up: [
      'ALTER TABLE "seats" DROP CONSTRAINT "seats_row_place_pk";',
      'ALTER TABLE "seats" ADD CONSTRAINT "seats_row_place_person_id_pk" PRIMARY KEY("row","place","person_id");',
    ],
  },
  {
    name: 'what Drizzle cannot express, as raw SQL',
    plan: modify(
      'people',
      'add_indexes:\n  - { fields: [city], include: [street], name: people_city_with_street, raw: true }',
    ),
    up: [
      'CREATE INDEX "people_city_with_street" ON "public"."people" USING btree ("city") INCLUDE ("street");',
    ],
  },
  {
    name: 'a primary key on a column of the same plan',
    plan: modify(
      'docs',
      'add_columns:\n  - { name: id, type: uuid, constraints: [NOT NULL, DEFAULT gen_random_uuid()] }\nprimary_key: [id, size]',
    ),
    up: [
      'ALTER TABLE "docs" ADD COLUMN "id" uuid DEFAULT gen_random_uuid() NOT NULL;',
      'ALTER TABLE "docs" ADD CONSTRAINT "docs_id_size_pk" PRIMARY KEY("id","size");',
    ],
  },
  {
    name: 'text that becomes a network address',
    plan: modify('docs', 'modify_columns:\n  - { name: host, new_type: inet }'),
    up: ['ALTER TABLE "docs" ALTER COLUMN "host" SET DATA TYPE inet USING "host"::inet;'],
  },
  {
    name: 'an enum value with a quote',
    plan: 'migration_type: modify_enum\nenum_name: mood\nchanges:\n  add_values:\n    - { value: "it\'s", before: ok }\n',
    up: [`ALTER TYPE "public"."mood" ADD VALUE 'it''s' BEFORE 'ok';`],
  },
  {
    name: 'a serial column that becomes a plain integer',
    plan: modify('docs', 'modify_columns:\n  - { name: number, new_type: integer, drop_default: true }'),
    up: [
      'ALTER TABLE "public"."docs" ALTER COLUMN "number" DROP DEFAULT;',
      'DROP SEQUENCE "public"."docs_number_seq";',
    ],
  },
  {
    name: 'a serial column of another size',
    plan: modify('docs', 'modify_columns:\n  - { name: number, new_type: bigint }'),
    up: [
      'ALTER TABLE "public"."docs" ALTER COLUMN "number" TYPE bigint;',
      'ALTER SEQUENCE "public"."docs_number_seq" AS bigint;',
    ],
  },
  {
    name: 'a renamed column in policies and a view, under its own name',
    plan: modify(
      'docs',
      'rename_columns:\n  - { from: owner_id, to: author_id }\n  - { from: title, to: name }',
    ),
    up: [
      'ALTER TABLE "docs" RENAME COLUMN "owner_id" TO "author_id";',
      'ALTER VIEW "public"."titles" RENAME COLUMN "owner_id" TO "author_id";',
      'ALTER TABLE "docs" RENAME COLUMN "title" TO "name";',
      'ALTER VIEW "public"."titles" RENAME COLUMN "title" TO "name";',
      'ALTER VIEW "public"."titles_loud" RENAME COLUMN "title" TO "name";',
    ],
  },
  {
    name: 'a renamed column in a check, a generated column, a policy from outside and a materialized view',
    plan: modify('docs', 'rename_columns:\n  - { from: size, to: bytes }'),
    up: [
      'ALTER TABLE "docs" RENAME COLUMN "size" TO "bytes";',
      'ALTER MATERIALIZED VIEW "public"."sizes" RENAME COLUMN "size" TO "bytes";',
    ],
  },
  {
    name: 'a renamed table with policies and views',
    plan: 'migration_type: rename_table\ntable_name: docs\nnew_name: papers\n',
    up: ['ALTER TABLE "docs" RENAME TO "papers";'],
  },
  {
    name: 'a renamed table whose foreign key has a name that looks derived',
    plan: 'migration_type: rename_table\ntable_name: makers\nnew_name: vendors\n',
    up: ['ALTER TABLE "makers" RENAME TO "vendors";'],
  },
];
