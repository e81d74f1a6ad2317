import { describeTypeorm } from './typeorm-shape.ts';

describeTypeorm({
  name: 'records of a common base class with a type for keys, through paths of the tsconfig',
  folder: 'base-records',
  files: {
    '.prettierrc': `{
  "singleQuote": true,
  "trailingComma": "all"
}
`,
    'package.json': `{
  "name": "core-backend",
  "private": true,
  "scripts": {
    "migration:generate:dev": "typeorm-ts-node-commonjs migration:generate -d src/db/datasource.ts",
    "migration:run:dev": "typeorm-ts-node-commonjs migration:run -d src/db/datasource.ts"
  }
}
`,
    'tsconfig.json': `{
  "ts-node": {
    "require": ["tsconfig-paths/register"]
  },
  "compilerOptions": {
    // No "type" in package.json, so nodenext emits CommonJS.
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "esModuleInterop": true,
    "emitDecoratorMetadata": true,
    "experimentalDecorators": true,
    "target": "ES2023",
    "rootDir": ".",
    "outDir": "./dist",
    "skipLibCheck": true,
    "strict": true,
    "strictPropertyInitialization": false,
    "types": ["node"],
    "paths": {
      "src/*": ["./src/*"]
    }
  },
  "include": ["src"]
}
`,
    'src/common/db/base-record.ts': `import { UUID } from 'crypto';
import { CreateDateColumn, PrimaryColumn, UpdateDateColumn } from 'typeorm';

export class BaseRecord {
  @PrimaryColumn()
  id: UUID;

  @CreateDateColumn()
  createdAt: Date;

  @UpdateDateColumn()
  updatedAt: Date;
}
`,
    'src/config/typeorm.config.ts': `import type { DataSourceOptions } from 'typeorm';

const baseConfig: DataSourceOptions = {
  type: 'postgres',
  host: process.env.POSTGRES_HOST,
  port: parseInt(process.env.POSTGRES_PORT || '5432'),
  synchronize: false,
};

const developmentConfig: DataSourceOptions = {
  ...baseConfig,
  entities: [__dirname + '/../**/*.record.{js,ts}'],
  migrations: [__dirname + '/../db/migrations/*.{js,ts}'],
};

const productionConfig: DataSourceOptions = {
  ...baseConfig,
  entities: [__dirname + '/../**/*.record.js'],
  migrations: [__dirname + '/../db/migrations/*.js'],
  migrationsRun: true,
};

export const typeormConfigRaw: DataSourceOptions =
  process.env.NODE_ENV === 'production' ? productionConfig : developmentConfig;
`,
    'src/db/datasource.ts': `import 'reflect-metadata';
import { typeormConfigRaw } from '../config/typeorm.config';
import { DataSource } from 'typeorm';
import type { WithLengthColumnType } from 'typeorm/driver/types/ColumnTypes';

const dataSource = new DataSource(typeormConfigRaw);

// TypeORM does not know the type of pgvector.
dataSource.driver.supportedDataTypes.push('vector' as WithLengthColumnType);
dataSource.driver.withLengthColumnTypes.push('vector' as WithLengthColumnType);

export default dataSource;
`,
    'src/db/migrations/1770650039552-Initial.ts': `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1770650039552 implements MigrationInterface {
  name = 'Initial1770650039552';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`CREATE EXTENSION IF NOT EXISTS vector\`);
    await queryRunner.query(
      \`CREATE TABLE "orgs" ("id" character varying NOT NULL, "createdAt" TIMESTAMP NOT NULL DEFAULT now(), "updatedAt" TIMESTAMP NOT NULL DEFAULT now(), "name" character varying NOT NULL, CONSTRAINT "PK_9eed8bfad4c9e0dc8648e090efe" PRIMARY KEY ("id"))\`,
    );
    await queryRunner.query(
      \`CREATE TYPE "public"."agents_status_enum" AS ENUM('draft', 'published')\`,
    );
    await queryRunner.query(
      \`CREATE TABLE "agents" ("id" character varying NOT NULL, "createdAt" TIMESTAMP NOT NULL DEFAULT now(), "updatedAt" TIMESTAMP NOT NULL DEFAULT now(), "name" character varying NOT NULL, "shortDescription" character varying NOT NULL, "marketplaceSlug" character varying(255), "status" "public"."agents_status_enum" NOT NULL DEFAULT 'draft', "isArchived" boolean NOT NULL DEFAULT false, "orgId" character varying NOT NULL, CONSTRAINT "UQ_agent_name_orgId" UNIQUE ("name", "orgId"), CONSTRAINT "PK_9c653f28ae19c5884d5baf6a1d9" PRIMARY KEY ("id"))\`,
    );
    await queryRunner.query(
      \`CREATE INDEX "IDX_cd8c4145cfa9d3138423240867" ON "agents"  ("orgId")\`,
    );
    await queryRunner.query(
      \`CREATE TABLE "child_chunks" ("id" character varying NOT NULL, "createdAt" TIMESTAMP NOT NULL DEFAULT now(), "updatedAt" TIMESTAMP NOT NULL DEFAULT now(), "parentId" character varying NOT NULL, "embedding_1024" vector, CONSTRAINT "PK_27a954870301975c295a4d29dc2" PRIMARY KEY ("id"))\`,
    );
    await queryRunner.query(
      \`CREATE INDEX "IDX_288673ba3bd260f9a174c6bb75" ON "child_chunks"  ("parentId")\`,
    );
    await queryRunner.query(
      \`CREATE TABLE "threads" ("id" character varying NOT NULL, "createdAt" TIMESTAMP NOT NULL DEFAULT now(), "updatedAt" TIMESTAMP NOT NULL DEFAULT now(), "title" character varying(100), "agent_id" character varying NOT NULL, CONSTRAINT "PK_d8a74804c34fc3900502cd27275" PRIMARY KEY ("id"))\`,
    );
    await queryRunner.query(
      \`ALTER TABLE "agents" ADD CONSTRAINT "FK_cd8c4145cfa9d3138423240867e" FOREIGN KEY ("orgId") REFERENCES "orgs"("id") ON DELETE CASCADE ON UPDATE NO ACTION\`,
    );
    await queryRunner.query(
      \`ALTER TABLE "threads" ADD CONSTRAINT "FK_7a1891af1e35a5f684578fe0ca8" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE CASCADE ON UPDATE NO ACTION\`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      \`ALTER TABLE "threads" DROP CONSTRAINT "FK_7a1891af1e35a5f684578fe0ca8"\`,
    );
    await queryRunner.query(
      \`ALTER TABLE "agents" DROP CONSTRAINT "FK_cd8c4145cfa9d3138423240867e"\`,
    );
    await queryRunner.query(\`DROP TABLE "threads"\`);
    await queryRunner.query(
      \`DROP INDEX "public"."IDX_288673ba3bd260f9a174c6bb75"\`,
    );
    await queryRunner.query(\`DROP TABLE "child_chunks"\`);
    await queryRunner.query(
      \`DROP INDEX "public"."IDX_cd8c4145cfa9d3138423240867"\`,
    );
    await queryRunner.query(\`DROP TABLE "agents"\`);
    await queryRunner.query(\`DROP TYPE "public"."agents_status_enum"\`);
    await queryRunner.query(\`DROP TABLE "orgs"\`);
  }
}
`,
    'src/domain/agents/domain/agent.entity.ts': `import type { UUID } from 'crypto';
import type { AgentStatus } from './value-objects/agent-status.enum';

export class Agent {
  constructor(
    public readonly id: UUID,
    public readonly name: string,
    public readonly status: AgentStatus,
  ) {}
}
`,
    'src/domain/agents/domain/value-objects/agent-status.enum.ts': `export enum AgentStatus {
  DRAFT = 'draft',
  PUBLISHED = 'published',
}
`,
    'src/domain/agents/infrastructure/persistence/postgres/mappers/agent.mapper.ts': `import { Agent } from '../../../../domain/agent.entity';
import type { AgentRecord } from '../schema/agent.record';

export class AgentMapper {
  toDomain(record: AgentRecord): Agent {
    return new Agent(record.id, record.name, record.status);
  }
}
`,
    'src/domain/agents/infrastructure/persistence/postgres/schema/agent.record.ts': `import { UUID } from 'crypto';
import { BaseRecord } from 'src/common/db/base-record';
import { AgentStatus } from 'src/domain/agents/domain/value-objects/agent-status.enum';
import { OrgRecord } from 'src/iam/orgs/infrastructure/repositories/local/schema/org.record';
import { Column, Entity, Index, ManyToOne, Unique } from 'typeorm';

@Entity({ name: 'agents' })
@Unique('UQ_agent_name_orgId', ['name', 'orgId'])
export class AgentRecord extends BaseRecord {
  @Column({ nullable: false })
  name: string;

  @Column({ nullable: false })
  shortDescription: string;

  @Column({ nullable: true, type: 'varchar', length: 255 })
  marketplaceSlug: string | null;

  @Column({ type: 'enum', enum: AgentStatus, default: AgentStatus.DRAFT })
  status: AgentStatus;

  @Column({ nullable: false, default: false })
  isArchived: boolean;

  @Column({ nullable: false })
  @Index()
  orgId: UUID;

  @ManyToOne(() => OrgRecord, { nullable: false, onDelete: 'CASCADE' })
  org: OrgRecord;
}
`,
    'src/domain/rag/infrastructure/persistence/schema/child-chunk.record.ts': `import { BaseRecord } from 'src/common/db/base-record';
import { Column, Entity, Index } from 'typeorm';
import { UUID } from 'crypto';

@Entity({ name: 'child_chunks' })
export class ChildChunkRecord extends BaseRecord {
  @Index()
  @Column()
  parentId: UUID;

  // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-explicit-any
  @Column({ name: 'embedding_1024', type: 'vector' as any, nullable: true })
  embedding1024: number[] | null;
}
`,
    'src/domain/threads/infrastructure/persistence/local/schema/thread.record.ts': `import type { UUID } from 'crypto';
import { Column, Entity, JoinColumn, ManyToOne } from 'typeorm';
import { BaseRecord } from 'src/common/db/base-record';
import { AgentRecord } from 'src/domain/agents/infrastructure/persistence/postgres/schema/agent.record';

@Entity({ name: 'threads' })
export class ThreadRecord extends BaseRecord {
  @Column({ nullable: true, type: 'varchar', length: 100 })
  title: string | null;

  @Column({ name: 'agent_id' })
  agentId: UUID;

  @ManyToOne(() => AgentRecord, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'agent_id' })
  agent: AgentRecord;
}
`,
    'src/iam/orgs/infrastructure/repositories/local/schema/org.record.ts': `import { Column, Entity, OneToMany } from 'typeorm';
import { BaseRecord } from 'src/common/db/base-record';
import { AgentRecord } from 'src/domain/agents/infrastructure/persistence/postgres/schema/agent.record';

@Entity({ name: 'orgs' })
export class OrgRecord extends BaseRecord {
  @Column()
  name: string;

  @OneToMany(() => AgentRecord, (agent) => agent.org)
  agents: AgentRecord[];
}
`,
  },
  checks: [['prettier', '--check', 'src']],
  plans: {
    newTable: `
migration_type: new_domain
name: create_team_shares_table
domain_name: shares
table_name: team_shares
fields:
  - { name: id, type: varchar, constraints: [PRIMARY KEY] }
  - { name: createdAt, type: timestamp, constraints: [NOT NULL, DEFAULT now()] }
  - { name: updatedAt, type: timestamp, constraints: [NOT NULL, DEFAULT now()] }
  - { name: agentId, type: varchar, constraints: [NOT NULL] }
  - { name: access, type: share_access, constraints: [NOT NULL, "DEFAULT 'view'"] }
  - { name: note, type: varchar(255) }
indexes:
  - { fields: [agentId] }
foreign_keys:
  - { field: agentId, references: agents(id), on_delete: CASCADE }
---
migration_type: new_enum
enum_name: share_access
values: [view, edit]
`,
    columns: `
migration_type: modify_existing
table_name: agents
changes:
  add_columns:
    - { name: modelName, type: varchar(100) }
    - { name: priority, type: integer, constraints: [NOT NULL, DEFAULT 0] }
    - { name: publishedAt, type: timestamptz }
  add_indexes:
    - { fields: [publishedAt] }
`,
    rename: `
migration_type: modify_existing
table_name: agents
safety: { allow: [{ rule: rename-column, reason: one deploy with a stop }] }
changes:
  rename_columns: [{ from: shortDescription, to: summary }]
`,
    typeChange: `
migration_type: modify_existing
table_name: threads
safety: { allow: [{ rule: set-not-null, reason: backfilled last week }] }
changes:
  modify_columns:
    - { name: title, new_type: text, nullable: false, default: "''" }
`,
    drop: `
migration_type: modify_existing
table_name: agents
safety: { allow: [{ rule: drop-column, reason: the marketplace is closed }] }
changes:
  drop_columns: [marketplaceSlug]
`,
  },
});
