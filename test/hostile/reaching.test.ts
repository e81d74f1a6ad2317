import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migration } from '../commands/typeorm-project.ts';
import type { CommandName } from './every-command.ts';
import { type Orm, ORMS } from './repository.ts';
import { unharmedBy } from './unharmed.ts';

const TABLE: Readonly<Record<Orm, string>> = { drizzle: 'users', typeorm: 'products' };
const TEXT: Readonly<Record<Orm, string>> = { drizzle: 'nick', typeorm: 'title' };
const PLAN: Readonly<Record<Orm, string>> = { drizzle: 'plans/products.yaml', typeorm: 'plans/brands.yaml' };

/** Plans that read a file of somebody else's, each by another part of the format. */
const PLANS: Readonly<Record<string, (orm: Orm, file: string) => string>> = {
  'a default': (orm, file) => `migration_type: modify_existing
table_name: ${TABLE[orm]}
changes:
  add_columns:
    - { name: stolen, type: text, default: "pg_read_file('${file}')" }
`,
  'the values of existing rows': (orm, file) => `migration_type: modify_existing
table_name: ${TABLE[orm]}
changes:
  modify_columns:
    - { name: ${TEXT[orm]}, new_type: varchar(900), using: "pg_read_file('${file}')" }
`,
  'a CHECK': (orm, file) => `migration_type: modify_existing
table_name: ${TABLE[orm]}
changes:
  add_checks:
    - { name: stolen, expression: "length(pg_read_file('${file}')) > 1" }
`,
  'a new table': (_, file) => `migration_type: new_table
table_name: thieves
fields:
  - { name: id, type: integer, constraints: [PRIMARY KEY] }
  - { name: loot, type: text, constraints: [NOT NULL], default: "pg_read_file('${file}')" }
`,
};

/** By the rule, or by the rehearsed database, whose user may not: then nothing is written. */
const REFUSED = /unsafe-server-function|^plan-invalid .* permission denied for function pg_read_file/;

const PLAN_COMMANDS: CommandName[] = [
  'migration plan.yaml --dry-run',
  'migration plan.yaml --engine embedded',
  'migration plan.yaml',
];

describe.each(ORMS)('a plan with %s that reads a file of the host', (orm) => {
  it.each(Object.entries(PLANS))('by %s shows nothing of it and is reported', async (_, plan) => {
    const came = await unharmedBy(
      orm,
      ({ put }, victim) => put({ [PLAN[orm]]: plan(orm, join(victim, 'conf.json')) }),
      PLAN_COMMANDS,
    );
    for (const { command, code, said } of Object.values(came))
      expect(`${code} ${said}`, command).toMatch(REFUSED);
  });
});

/** Statements of a migration that reach out of the database, written so as to end a string of TypeScript. */
const STATEMENTS: readonly ((victim: string) => string)[] = [
  (victim) => `COPY (SELECT 1) TO PROGRAM 'touch ${victim}/owned'`,
  (victim) => `COPY (SELECT 1) TO '${victim}/owned'`,
  (victim) => `SELECT lo_export(lo_from_bytea(0, 'x'), '${victim}/owned')`,
  (victim) => `DO $$ BEGIN EXECUTE 'COPY products (title) FROM ''${victim}/conf.json'''; END $$`,
];

const MIGRATION_COMMANDS: CommandName[] = [
  'review --all',
  'rehearse',
  'rehearse --fresh',
  'rehearse --engine embedded',
  'docs --check',
];

describe('a migration of TypeORM that leaves the database', () => {
  it.each(STATEMENTS.map((sql) => [sql('…'), sql] as const))('changes nothing: %s', async (_, sql) => {
    const came = await unharmedBy(
      'typeorm',
      ({ put }, victim) =>
        put({
          'src/migrations/1800000000000-Reach.ts': migration(
            'Reach1800000000000',
            `await queryRunner.query(${JSON.stringify(sql(victim))});`,
          ),
        }),
      MIGRATION_COMMANDS,
    );
    for (const command of ['review --all', 'rehearse', 'rehearse --engine embedded'] as const)
      expect(came[command]?.said, command).toContain('unsafe-server-function');
  });

  it('shows nothing of a file that it reads and puts into its own error', async () => {
    const came = await unharmedBy(
      'typeorm',
      ({ put }, victim) =>
        put({
          'src/migrations/1800000000000-Reach.ts': migration(
            'Reach1800000000000',
            `const [row] = await queryRunner.query("SELECT pg_read_file('${victim}/conf.json') AS text");
throw new Error(row.text);`,
          ),
        }),
      MIGRATION_COMMANDS,
    );
    expect(came['rehearse --engine embedded']?.said).toContain('permission denied');
  });
});
