import { type TestProject, typeormProject, type Version } from '../orm/typeorm/project.ts';

const IMPORTS =
  "import { MigrationInterface, QueryRunner, Table, TableColumn, TableIndex } from 'typeorm';\n";

export interface ShopOptions {
  readonly version?: Version;
  /** Of the data source: `migrationsTransactionMode: 'each'`. */
  readonly options?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly user?: string;
}

export const USER = `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
@Entity('users')
export class User {
  @PrimaryGeneratedColumn() id: number;
  @Column({ type: 'text', nullable: true }) email: string | null;
}
`;

const INIT = `${IMPORTS}
export class Init1700000000000 implements MigrationInterface {
  name = 'Init1700000000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`CREATE TABLE "users" ("id" SERIAL NOT NULL, "email" text, CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" PRIMARY KEY ("id"))\`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`DROP TABLE "users"\`);
  }
}
`;

/** A class with these bodies, in the form of those that people write. */
export function migration(
  name: string,
  up: string,
  down = '',
  more: { readonly head?: string; readonly member?: string } = {},
): string {
  return `${IMPORTS}${more.head ?? ''}
export class ${name} implements MigrationInterface {
${more.member === undefined ? '' : `  ${more.member}\n`}  public async up(queryRunner: QueryRunner): Promise<void> {
${up}
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
${down}
  }
}
`;
}

/** A project with one entity and the migration that makes its table; `files` are added. */
export function shop(more: ShopOptions = {}): Promise<TestProject> {
  return typeormProject(more.version ?? '1.x', {
    'src/data-source.ts': `import 'reflect-metadata';
import { DataSource } from 'typeorm';

export default new DataSource({
  type: 'postgres',
  url: 'postgres://user:secret@127.0.0.1:1/production',
  entities: [__dirname + '/entities/*.ts'],
  migrations: [__dirname + '/migrations/*.{ts,js}'],
  ${more.options ?? ''}
});
`,
    'src/entities/user.ts': more.user ?? USER,
    'src/migrations/1700000000000-Init.ts': INIT,
    ...more.files,
  });
}
