import { describe, expect, it } from 'vitest';
import { readMigrationStyle, TYPEORM_STYLE } from '../../../src/orm/typeorm/migration-style.ts';
import { migrationNames, renderMigration } from '../../../src/orm/typeorm/render.ts';

const CONTENT = {
  className: 'AddNick1700000000000',
  up: [
    { sql: 'ALTER TABLE "users" ADD "nick" text' },
    { sql: 'INSERT INTO "typeorm_metadata"("name") VALUES ($1)', parameters: ['a`${b}', null] },
    { sql: 'COMMENT ON COLUMN "users"."nick" IS \'back`tick ${x} \\n\'' },
  ],
  down: [{ sql: 'ALTER TABLE "users" DROP COLUMN "nick"' }],
  transaction: 'default',
} as const;

it("writes TypeORM's own form for a project without migrations", () => {
  expect(renderMigration(CONTENT, TYPEORM_STYLE))
    .toBe(`import { MigrationInterface, QueryRunner } from "typeorm";

export class AddNick1700000000000 implements MigrationInterface {
    name = 'AddNick1700000000000'

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(\`ALTER TABLE "users" ADD "nick" text\`);
        await queryRunner.query(\`INSERT INTO "typeorm_metadata"("name") VALUES ($1)\`, ["a\`\${b}",null]);
        await queryRunner.query(\`COMMENT ON COLUMN "users"."nick" IS 'back\\\`tick \\\${x} \\\\n'\`);
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(\`ALTER TABLE "users" DROP COLUMN "nick"\`);
    }

}
`);
});

it('follows the style of the newest migration', () => {
  const text = `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Init1600000000000 implements MigrationInterface {
  name = 'Init1600000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('select 1');
  }

  async down(): Promise<void> {}
}
`;
  const style = readMigrationStyle([{ path: '/p/migrations/1600000000000-init-db.ts', text }]);
  expect(migrationNames('add_nick', 1_700_000_000_000, style)).toEqual({
    className: 'AddNick1700000000000',
    fileName: '1700000000000-add-nick.ts',
  });
  expect(renderMigration({ ...CONTENT, up: CONTENT.down, transaction: 'none' }, style))
    .toBe(`import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddNick1700000000000 implements MigrationInterface {
  name = 'AddNick1700000000000';
  transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`ALTER TABLE "users" DROP COLUMN "nick"\`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`ALTER TABLE "users" DROP COLUMN "nick"\`);
  }
}
`);
});

it('sees the semicolons of statements that a formatter has broken over lines', () => {
  const text = (end: string) => `import { MigrationInterface, QueryRunner } from 'typeorm'${end}

export class Init1600000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      \`CREATE TABLE "users" (
        "id" uuid
      )\`,
    )${end}
    await queryRunner.query(\`CREATE TABLE "a"
      ("id" uuid)\`)${end}
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP TABLE "users"',
    )${end}
  }
}
`;
  const end = (mark: string) =>
    readMigrationStyle([{ path: '/p/1600000000000-Init.ts', text: text(mark) }]).statementEnd;
  expect([end(';'), end('')]).toEqual([';', '']);
});

it('writes JavaScript where the others are', () => {
  const text = `module.exports = class Init1600000000000 {
    name = 'Init1600000000000'

    async up(queryRunner) {
        await queryRunner.query(\`select 1\`)
    }
    async down() {}
}
`;
  const style = readMigrationStyle([{ path: '/p/migrations/1600000000000-Init.js', text }]);
  expect(renderMigration({ ...CONTENT, up: CONTENT.down }, style)).toBe(`/**
 * @typedef {import('typeorm').MigrationInterface} MigrationInterface
 * @typedef {import('typeorm').QueryRunner} QueryRunner
 */

/**
 * @class
 * @implements {MigrationInterface}
 */
module.exports = class AddNick1700000000000 {
    name = 'AddNick1700000000000'

    /**
     * @param {QueryRunner} queryRunner
     */
    async up(queryRunner) {
        await queryRunner.query(\`ALTER TABLE "users" DROP COLUMN "nick"\`)
    }

    /**
     * @param {QueryRunner} queryRunner
     */
    async down(queryRunner) {
        await queryRunner.query(\`ALTER TABLE "users" DROP COLUMN "nick"\`)
    }
}
`);
});

it.each([
  ['add_price2', 'AddPrice2Migration1700000000000', '1700000000000-AddPrice2Migration.ts'],
  ['2fa', 'Migration2fa1700000000000', '1700000000000-2fa.ts'],
  ['add_brand_id_to_products', 'AddBrandIdToProducts1700000000000', '1700000000000-AddBrandIdToProducts.ts'],
])('calls %s a class whose last thirteen digits are the stamp', (name, className, fileName) => {
  expect(migrationNames(name, 1_700_000_000_000, TYPEORM_STYLE)).toEqual({ className, fileName });
});

describe('the name of a new file', () => {
  const nameAmong = (files: readonly string[], name: string) =>
    migrationNames(
      name,
      1_700_000_000_000,
      readMigrationStyle(files.map((path) => ({ path, text: 'async up() {}' }))),
    ).fileName;

  it('parts its words as the newest file that shows it', () => {
    const files = ['/p/1-create-users-table.ts', '/p/2-initial.ts'];
    expect(nameAmong(files, 'add_phoneNumber_to_users')).toBe('1700000000000-add-phone-number-to-users.ts');
    expect(nameAmong(['/p/1-addUsers.ts'], 'add_notes')).toBe('1700000000000-addNotes.ts');
    expect(nameAmong(['/p/1-AddUsers.ts', '/p/2-AddTeams.ts'], 'add_notes')).toBe(
      '1700000000000-AddNotes.ts',
    );
  });

  it('has hyphens where one word in small letters is all there is', () => {
    expect(nameAmong(['/p/1-initial.ts'], 'add_notes')).toBe('1700000000000-add-notes.ts');
  });
});
