import { describeTypeorm } from './typeorm-shape.ts';

describeTypeorm({
  name: 'entities and migrations in lists by hand, put together by functions',
  folder: 'lists-by-hand',
  files: {
    '.prettierrc': `{
  "useTabs": true,
  "singleQuote": false,
  "printWidth": 100
}
`,
    'package.json': `{
  "name": "server",
  "private": true,
  "scripts": {
    "build": "tsc -p .",
    "typeorm": "typeorm",
    "migration:generate": "npm run build && npm run typeorm -- migration:generate -d dist/database/data-source.js",
    "migration:run": "npm run build && npm run typeorm -- migration:run -d dist/database/data-source.js"
  }
}
`,
    'tsconfig.json': `{
  "compilerOptions": {
    "module": "CommonJS",
    "moduleResolution": "Bundler",
    "target": "ES2021",
    "esModuleInterop": true,
    "emitDecoratorMetadata": true,
    "experimentalDecorators": true,
    "strict": true,
    "skipLibCheck": true,
    "outDir": "dist",
    "rootDir": "src",
    "types": ["node"]
  },
  "include": ["src"]
}
`,
    'src/database/data-source.ts': `import "reflect-metadata";
import { DataSource } from "typeorm";
import { appEntities } from "./entities";
import { migrationsFor } from "./migrations";

export const createDataSource = (type: "postgres" | "sqlite") => {
	if (type === "sqlite") throw new Error("The desktop edition has its own data source.");
	return new DataSource({
		type,
		url: process.env.DATABASE_URL,
		entities: Object.values(appEntities()),
		migrations: migrationsFor(type),
		migrationsTableName: "app_migrations",
	});
};

export default createDataSource("postgres");
`,
    'src/database/entities/Credential.ts': `import { Column, Entity, Index, PrimaryGeneratedColumn } from "typeorm";

@Entity()
export class Credential {
	@PrimaryGeneratedColumn("uuid")
	id!: string;

	@Column()
	name!: string;

	@Index()
	@Column({ type: "text" })
	encryptedData!: string;

	@Column({ type: "uuid", nullable: true })
	workspaceId?: string;
}
`,
    'src/database/entities/Member.ts': `import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";
import { Workspace } from "./Workspace";

export enum MemberStatus {
	ACTIVE = "active",
	INVITED = "invited",
}

@Entity()
export class Member {
	@PrimaryGeneratedColumn("uuid")
	id!: string;

	@Column({ type: "uuid" })
	workspaceId!: string;

	@ManyToOne(() => Workspace, (workspace) => workspace.members)
	@JoinColumn({ name: "workspaceId" })
	workspace!: Workspace;

	@Column({ type: "varchar", length: 20, default: MemberStatus.INVITED })
	status!: string;

	@Column({ type: "varchar", length: 30, nullable: true })
	nick?: string;
}
`,
    'src/database/entities/Workspace.ts': `import {
	Column,
	CreateDateColumn,
	Entity,
	OneToMany,
	PrimaryGeneratedColumn,
	UpdateDateColumn,
} from "typeorm";
import { Member } from "./Member";

@Entity()
export class Workspace {
	@PrimaryGeneratedColumn("uuid")
	id!: string;

	@Column()
	name!: string;

	@Column({ type: "text", nullable: true })
	subscriptionId?: string;

	@CreateDateColumn()
	createdDate!: Date;

	@UpdateDateColumn()
	updatedDate!: Date;

	@OneToMany(() => Member, (member) => member.workspace)
	members?: Member[];
}
`,
    'src/database/entities/index.ts': `import { Credential } from "./Credential";
import { Member } from "./Member";
import { Workspace } from "./Workspace";

export { Credential, Member, Workspace };

const shared = { Workspace, Member };

export const appEntities = () => ({
	...shared,
	Credential,
});
`,
    'src/database/migrations/index.ts': `import { postgresMigrations } from "./postgres";

export const migrationsFor = (type: "postgres") => ({ postgres: postgresMigrations })[type];
`,
    'src/database/migrations/postgres/1693891895163-Init.ts': `import { MigrationInterface, QueryRunner } from "typeorm";

export class Init1693891895163 implements MigrationInterface {
	public async up(queryRunner: QueryRunner): Promise<void> {
		await queryRunner.query(
			\`CREATE TABLE "credential" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "name" character varying NOT NULL, "encryptedData" text NOT NULL, "workspaceId" uuid, CONSTRAINT "PK_3a5169bcd3d5463cefeec78be82" PRIMARY KEY ("id"))\`,
		);
		await queryRunner.query(
			\`CREATE INDEX "IDX_8a4f9035d6d9f672d956276e5a" ON "credential"  ("encryptedData")\`,
		);
		await queryRunner.query(
			\`CREATE TABLE "workspace" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "name" character varying NOT NULL, "subscriptionId" text, "createdDate" TIMESTAMP NOT NULL DEFAULT now(), "updatedDate" TIMESTAMP NOT NULL DEFAULT now(), CONSTRAINT "PK_ca86b6f9b3be5fe26d307d09b49" PRIMARY KEY ("id"))\`,
		);
		await queryRunner.query(
			\`CREATE TABLE "member" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "workspaceId" uuid NOT NULL, "status" character varying(20) NOT NULL DEFAULT 'invited', CONSTRAINT "PK_97cbbe986ce9d14ca5894fdc072" PRIMARY KEY ("id"))\`,
		);
		await queryRunner.query(
			\`ALTER TABLE "member" ADD CONSTRAINT "FK_972e01832ab2ef635e4b1db195b" FOREIGN KEY ("workspaceId") REFERENCES "workspace"("id") ON DELETE NO ACTION ON UPDATE NO ACTION\`,
		);
	}

	public async down(queryRunner: QueryRunner): Promise<void> {
		await queryRunner.query(
			\`ALTER TABLE "member" DROP CONSTRAINT "FK_972e01832ab2ef635e4b1db195b"\`,
		);
		await queryRunner.query(\`DROP TABLE "member"\`);
		await queryRunner.query(\`DROP TABLE "workspace"\`);
		await queryRunner.query(\`DROP INDEX "public"."IDX_8a4f9035d6d9f672d956276e5a"\`);
		await queryRunner.query(\`DROP TABLE "credential"\`);
	}
}
`,
    'src/database/migrations/postgres/1693996694528-AddNick.ts': `import { MigrationInterface, QueryRunner } from "typeorm";

export class AddNick1693996694528 implements MigrationInterface {
	public async up(queryRunner: QueryRunner): Promise<void> {
		await queryRunner.query(\`ALTER TABLE "member" ADD COLUMN IF NOT EXISTS "nick" varchar(30);\`);
	}

	public async down(queryRunner: QueryRunner): Promise<void> {
		await queryRunner.query(\`ALTER TABLE "member" DROP COLUMN "nick";\`);
	}
}
`,
    'src/database/migrations/postgres/index.ts': `import { Init1693891895163 } from "./1693891895163-Init";
import { AddNick1693996694528 } from "./1693996694528-AddNick";

export const postgresMigrations = [Init1693891895163, AddNick1693996694528];
`,
  },
  checks: [['prettier', '--check', 'src']],
  plans: {
    newTable: `
migration_type: new_table
name: create_assistant_table
table_name: assistant
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY, DEFAULT uuid_generate_v4()] }
  - { name: workspaceId, type: uuid, constraints: [NOT NULL] }
  - { name: kind, type: assistant_kind_enum, constraints: [NOT NULL, "DEFAULT 'chat'"] }
  - { name: details, type: text }
  - { name: createdDate, type: timestamp, constraints: [NOT NULL, DEFAULT now()] }
  - { name: updatedDate, type: timestamp, constraints: [NOT NULL, DEFAULT now()] }
indexes:
  - { fields: [workspaceId] }
foreign_keys:
  - { field: workspaceId, references: workspace(id) }
---
migration_type: new_enum
enum_name: assistant_kind_enum
values: [chat, agent-flow]
`,
    columns: `
migration_type: modify_existing
table_name: member
changes:
  add_columns:
    - { name: invitedBy, type: uuid }
    - { name: seats, type: integer, constraints: [NOT NULL, DEFAULT 1] }
  add_indexes:
    - { fields: [invitedBy] }
`,
    rename: `
migration_type: rename_table
table_name: credential
new_name: secret
safety: { allow: [{ rule: rename-table, reason: one deploy with a stop }] }
`,
    typeChange: `
migration_type: modify_existing
table_name: member
safety: { allow: [{ rule: set-not-null, reason: backfilled last week }] }
changes:
  modify_columns:
    - { name: nick, new_type: text, nullable: false }
`,
    drop: `
migration_type: drop_table
table_name: secret
safety: { allow: [{ rule: drop-table, reason: secrets live in the vault }] }
`,
  },
});
