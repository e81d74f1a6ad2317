import { describeTypeorm } from './typeorm-shape.ts';

describeTypeorm({
  name: 'EntitySchema objects that share constants, listed by functions',
  folder: 'entity-schemas',
  files: {
    '.prettierrc': `{
  "singleQuote": true,
  "semi": false,
  "tabWidth": 4,
  "trailingComma": "all"
}
`,
    'package.json': `{
  "name": "server-api",
  "private": true,
  "scripts": {
    "db-migration": "typeorm-ts-node-commonjs migration:generate -p -d src/app/database/migration-data-source.ts",
    "migration:run": "typeorm-ts-node-commonjs migration:run -d src/app/database/migration-data-source.ts"
  }
}
`,
    'tsconfig.json': `{
  "compilerOptions": {
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "target": "ES2022",
    "esModuleInterop": true,
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true,
    "types": ["node"]
  },
  "include": ["src"]
}
`,
    'src/app/database/database-common.ts': `import { EntitySchemaColumnOptions } from 'typeorm'

export const JSONB_COLUMN_TYPE = 'jsonb'
export const TIMESTAMP_COLUMN_TYPE = 'timestamp with time zone'

export const ApIdSchema = {
    type: String,
    length: 21,
} as EntitySchemaColumnOptions

export const BaseColumnSchemaPart = {
    id: {
        ...ApIdSchema,
        primary: true,
    } as EntitySchemaColumnOptions,
    created: {
        name: 'created',
        type: TIMESTAMP_COLUMN_TYPE,
        createDate: true,
    } as EntitySchemaColumnOptions,
    updated: {
        name: 'updated',
        type: TIMESTAMP_COLUMN_TYPE,
        updateDate: true,
    } as EntitySchemaColumnOptions,
}
`,
    'src/app/database/database-connection.ts': `import { DataSource, EntitySchema } from 'typeorm'
import { FlowEntity } from '../flows/flow/flow.entity'
import { FolderEntity } from '../flows/folder/folder.entity'
import { ProjectEntity } from '../project/project-entity'
import { createPostgresDataSource } from './postgres-connection'

function getEntities(): EntitySchema<unknown>[] {
    const entities: EntitySchema[] = [ProjectEntity, FlowEntity, FolderEntity]

    return entities
}

export const commonProperties = {
    subscribers: [],
    entities: getEntities(),
}

let connection: DataSource | null = null

export const databaseConnection = () => {
    connection ??= createPostgresDataSource()
    return connection
}
`,
    'src/app/database/migration-data-source.ts': `import { databaseConnection } from './database-connection'

export const exportedConnection = databaseConnection()
`,
    'src/app/database/migration/postgres/1676238396411-initialize-schema.ts': `import { MigrationInterface, QueryRunner } from 'typeorm'

export class InitializeSchema1676238396411 implements MigrationInterface {
    name = 'InitializeSchema1676238396411'

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(
            \`CREATE TABLE "project" ("id" character varying(21) NOT NULL, "created" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "ownerId" character varying(21) NOT NULL, "displayName" character varying NOT NULL, "notifyStatus" character varying(20) NOT NULL, "deleted" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_4d68b1358bb5b766d3e78f32f57" PRIMARY KEY ("id"))\`,
        )
        await queryRunner.query(
            \`CREATE INDEX "idx_project_owner_id" ON "project"  ("ownerId")\`,
        )
        await queryRunner.query(
            \`CREATE TABLE "flow" ("id" character varying(21) NOT NULL, "created" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "projectId" character varying(21) NOT NULL, "folderId" character varying(21), "status" character varying NOT NULL DEFAULT 'ENABLED', "schedule" jsonb, CONSTRAINT "PK_6c2ad4a3e86394cd9bb7a80a228" PRIMARY KEY ("id"))\`,
        )
        await queryRunner.query(
            \`CREATE INDEX "idx_flow_project_id" ON "flow"  ("projectId")\`,
        )
        await queryRunner.query(
            \`CREATE INDEX "idx_flow_folder_id" ON "flow"  ("folderId")\`,
        )
        await queryRunner.query(
            \`CREATE TABLE "folder" ("id" character varying(21) NOT NULL, "created" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "displayName" character varying NOT NULL, "projectId" character varying(21) NOT NULL, "displayOrder" integer NOT NULL DEFAULT '0', CONSTRAINT "PK_6278a41a706740c94c02e288df8" PRIMARY KEY ("id"))\`,
        )
        await queryRunner.query(
            \`CREATE UNIQUE INDEX "idx_folder_project_id_display_name" ON "folder"  ("projectId", "displayName")\`,
        )
        await queryRunner.query(
            \`ALTER TABLE "flow" ADD CONSTRAINT "fk_flow_folder_id" FOREIGN KEY ("folderId") REFERENCES "folder"("id") ON DELETE SET NULL ON UPDATE NO ACTION\`,
        )
        await queryRunner.query(
            \`ALTER TABLE "flow" ADD CONSTRAINT "fk_flow_project_id" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE NO ACTION\`,
        )
        await queryRunner.query(
            \`ALTER TABLE "folder" ADD CONSTRAINT "fk_folder_project" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE NO ACTION\`,
        )
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(
            \`ALTER TABLE "folder" DROP CONSTRAINT "fk_folder_project"\`,
        )
        await queryRunner.query(
            \`ALTER TABLE "flow" DROP CONSTRAINT "fk_flow_project_id"\`,
        )
        await queryRunner.query(
            \`ALTER TABLE "flow" DROP CONSTRAINT "fk_flow_folder_id"\`,
        )
        await queryRunner.query(
            \`DROP INDEX "public"."idx_folder_project_id_display_name"\`,
        )
        await queryRunner.query(\`DROP TABLE "folder"\`)
        await queryRunner.query(\`DROP INDEX "public"."idx_flow_folder_id"\`)
        await queryRunner.query(\`DROP INDEX "public"."idx_flow_project_id"\`)
        await queryRunner.query(\`DROP TABLE "flow"\`)
        await queryRunner.query(\`DROP INDEX "public"."idx_project_owner_id"\`)
        await queryRunner.query(\`DROP TABLE "project"\`)
    }
}
`,
    'src/app/database/migration/postgres/1680986182074-AddExternalRef.ts': `import { MigrationInterface, QueryRunner } from 'typeorm'

export class AddExternalRef1680986182074 implements MigrationInterface {
    name = 'AddExternalRef1680986182074'

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(\`
            ALTER TABLE "flow"
            ADD "externalRef" character varying
        \`)
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(\`
            ALTER TABLE "flow" DROP COLUMN "externalRef"
        \`)
    }
}
`,
    'src/app/database/postgres-connection.ts': `import { DataSource, MigrationInterface } from 'typeorm'
import { commonProperties } from './database-connection'
import { InitializeSchema1676238396411 } from './migration/postgres/1676238396411-initialize-schema'
import { AddExternalRef1680986182074 } from './migration/postgres/1680986182074-AddExternalRef'

const getMigrations = (): (new () => MigrationInterface)[] => {
    const migrations = [
        InitializeSchema1676238396411,
        AddExternalRef1680986182074,
    ]
    return migrations
}

export const createPostgresDataSource = (): DataSource =>
    new DataSource({
        type: 'postgres',
        host: process.env.AP_POSTGRES_HOST,
        port: Number(process.env.AP_POSTGRES_PORT ?? 5432),
        migrationsRun: true,
        migrationsTransactionMode: 'each',
        migrations: getMigrations(),
        ...commonProperties,
    })
`,
    'src/app/flows/flow/flow.entity.ts': `import { EntitySchema } from 'typeorm'
import { Flow, FlowStatus, Folder, Project } from '../../../shared/models'
import {
    ApIdSchema,
    BaseColumnSchemaPart,
    JSONB_COLUMN_TYPE,
} from '../../database/database-common'

export type FlowSchema = Flow & {
    project: Project
    folder?: Folder
}

export const FlowEntity = new EntitySchema<FlowSchema>({
    name: 'flow',
    columns: {
        ...BaseColumnSchemaPart,
        projectId: ApIdSchema,
        folderId: {
            ...ApIdSchema,
            nullable: true,
        },
        status: {
            type: String,
            enum: FlowStatus,
            default: FlowStatus.ENABLED,
        },
        externalRef: {
            type: String,
            nullable: true,
        },
        schedule: {
            type: JSONB_COLUMN_TYPE,
            nullable: true,
        },
    },
    indices: [
        {
            name: 'idx_flow_project_id',
            columns: ['projectId'],
            unique: false,
        },
        {
            name: 'idx_flow_folder_id',
            columns: ['folderId'],
            unique: false,
        },
    ],
    relations: {
        folder: {
            type: 'many-to-one',
            target: 'folder',
            nullable: true,
            onDelete: 'SET NULL',
            joinColumn: {
                name: 'folderId',
                foreignKeyConstraintName: 'fk_flow_folder_id',
            },
        },
        project: {
            type: 'many-to-one',
            target: 'project',
            onDelete: 'CASCADE',
            joinColumn: {
                name: 'projectId',
                foreignKeyConstraintName: 'fk_flow_project_id',
            },
        },
    },
})
`,
    'src/app/flows/folder/folder.entity.ts': `import { EntitySchema } from 'typeorm'
import { Flow, Folder, Project } from '../../../shared/models'
import {
    ApIdSchema,
    BaseColumnSchemaPart,
} from '../../database/database-common'

export type FolderSchema = Folder & {
    flows: Flow[]
    project: Project
}

export const FolderEntity = new EntitySchema<FolderSchema>({
    name: 'folder',
    columns: {
        ...BaseColumnSchemaPart,
        displayName: {
            type: String,
        },
        projectId: ApIdSchema,
        displayOrder: {
            type: Number,
            default: 0,
        },
    },
    indices: [
        {
            name: 'idx_folder_project_id_display_name',
            columns: ['projectId', 'displayName'],
            unique: true,
        },
    ],
    relations: {
        flows: {
            type: 'one-to-many',
            target: 'flow',
            inverseSide: 'folder',
        },
        project: {
            type: 'many-to-one',
            target: 'project',
            onDelete: 'CASCADE',
            joinColumn: {
                name: 'projectId',
                foreignKeyConstraintName: 'fk_folder_project',
            },
        },
    },
})
`,
    'src/app/project/project-entity.ts': `import { EntitySchema } from 'typeorm'
import { Flow, Folder, Project } from '../../shared/models'
import {
    ApIdSchema,
    BaseColumnSchemaPart,
    TIMESTAMP_COLUMN_TYPE,
} from '../database/database-common'

type ProjectSchema = Project & {
    flows: Flow[]
    folders: Folder[]
}

export const ProjectEntity = new EntitySchema<ProjectSchema>({
    name: 'project',
    columns: {
        ...BaseColumnSchemaPart,
        ownerId: ApIdSchema,
        displayName: {
            type: String,
        },
        notifyStatus: {
            type: String,
            length: 20,
        },
        deleted: {
            type: TIMESTAMP_COLUMN_TYPE,
            deleteDate: true,
            nullable: true,
        },
    },
    indices: [
        {
            name: 'idx_project_owner_id',
            columns: ['ownerId'],
            unique: false,
        },
    ],
    relations: {
        flows: {
            type: 'one-to-many',
            target: 'flow',
            inverseSide: 'project',
        },
        folders: {
            type: 'one-to-many',
            target: 'folder',
            inverseSide: 'project',
        },
    },
})
`,
    'src/shared/models.ts': `export type ApId = string

export type BaseModel = {
    id: ApId
    created: string
    updated: string
}

export enum FlowStatus {
    ENABLED = 'ENABLED',
    DISABLED = 'DISABLED',
}

export type Project = BaseModel & {
    displayName: string
    ownerId: ApId
    notifyStatus: string
    deleted: string | null
}

export type Flow = BaseModel & {
    projectId: ApId
    folderId: ApId | null
    status: FlowStatus
    externalRef: string | null
    schedule: Record<string, unknown> | null
}

export type Folder = BaseModel & {
    displayName: string
    projectId: ApId
    displayOrder: number
}
`,
  },
  checks: [['prettier', '--check', 'src']],
  plans: {
    newTable: `
migration_type: new_table
name: create_folder_shares_table
table_name: folder_share
fields:
  - { name: id, type: varchar(21), constraints: [PRIMARY KEY] }
  - { name: created, type: timestamptz, constraints: [NOT NULL, DEFAULT now()] }
  - { name: updated, type: timestamptz, constraints: [NOT NULL, DEFAULT now()] }
  - { name: folderId, type: varchar(21), constraints: [NOT NULL] }
  - { name: access, type: folder_share_access_enum, constraints: [NOT NULL, "DEFAULT 'VIEW'"] }
  - { name: note, type: varchar }
indexes:
  - { fields: [folderId], name: idx_folder_share_folder_id }
foreign_keys:
  - { field: folderId, references: folder(id), on_delete: CASCADE, name: fk_folder_share_folder_id }
---
migration_type: new_enum
enum_name: folder_share_access_enum
values: [VIEW, EDIT]
`,
    columns: `
migration_type: modify_existing
table_name: flow
changes:
  add_columns:
    - { name: ownerId, type: varchar(21) }
    - { name: priority, type: integer, constraints: [NOT NULL, DEFAULT 0] }
    - { name: publishedAt, type: timestamptz }
  add_indexes:
    - { fields: [ownerId], name: idx_flow_owner_id }
`,
    rename: `
migration_type: modify_existing
table_name: project
safety: { allow: [{ rule: rename-column, reason: one deploy with a stop }] }
changes:
  rename_columns: [{ from: ownerId, to: platformOwnerId }]
`,
    typeChange: `
migration_type: modify_existing
table_name: project
changes:
  modify_columns:
    - { name: notifyStatus, new_type: text }
---
migration_type: modify_existing
table_name: flow
changes:
  modify_columns:
    - { name: schedule, nullable: false, default: "'{}'::jsonb" }
`,
    drop: `
migration_type: modify_existing
table_name: flow
safety: { allow: [{ rule: drop-column, reason: nothing reads it }] }
changes:
  drop_columns: [externalRef]
`,
  },
});
