import { describeTypeorm } from './typeorm-shape.ts';

const MONOREPO = {
  '.gitignore': 'node_modules\ndist\n*.tsbuildinfo\n',
  'package.json': '{ "name": "erp", "private": true, "packageManager": "pnpm@9.15.0" }\n',
  'pnpm-workspace.yaml': "packages:\n  - 'services/*'\n  - 'shared/*'\n",
  'tsconfig.base.json': `{
  "compilerOptions": {
    /* Language and Environment */
    "target": "ES2023",
    "lib": ["ES2023"],
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true,

    /* Modules */
    "module": "nodenext",
    "moduleResolution": "nodenext",

    /* Type Checking - STRICT MODE */
    "strict": true,
    "strictPropertyInitialization": false,
    "noUncheckedIndexedAccess": true,
    "types": ["node"],

    /* Skip Type Checking */
    "skipLibCheck": true
  },
  "exclude": ["node_modules", "dist"]
}
`,
  'shared/graphql/package.json': `{
  "name": "@erp/graphql",
  "version": "1.0.0",
  "main": "index.js",
  "types": "index.d.ts"
}
`,
  'shared/graphql/index.d.ts': `export declare const ID: unique symbol;
export declare function ObjectType(): ClassDecorator;
export declare function Directive(sdl: string): ClassDecorator & PropertyDecorator;
export declare function Field(options?: { nullable?: boolean }): PropertyDecorator;
export declare function Field(type: () => unknown, options?: { nullable?: boolean }): PropertyDecorator;
`,
  // As @nestjs/graphql does: a type without fields is an error when the service starts.
  'shared/graphql/index.js': `const fields = new Map();
exports.ID = Symbol('ID');
exports.Directive = () => () => undefined;
exports.Field = () => (target, key) => {
  fields.set(target.constructor, [...(fields.get(target.constructor) ?? []), key]);
};
exports.ObjectType = () => (target) => {
  if (!fields.has(target)) throw new Error(\`Type \${target.name} must define one or more fields.\`);
};
`,
};

const ENTITIES = {
  'services/auth/src/shared/ids.ts': `import { UUID } from 'crypto';

export type OrganizationId = UUID;
export type UserId = UUID;
`,
  'services/auth/src/modules/users/entities/user.entity.ts': `import {
  Entity,
  Column,
  PrimaryGeneratedColumn,
  CreateDateColumn,
  UpdateDateColumn,
  Index,
  OneToMany,
} from 'typeorm';
import { ObjectType, Field, ID, Directive } from '@erp/graphql';
import { UserRole } from '../../rbac/entities/user-role.entity';

@ObjectType()
@Directive('@key(fields: "id")')
@Entity('users', { schema: 'auth' })
@Index(['email', 'organizationId'], { unique: true })
export class User {
  @Field(() => ID)
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Field()
  @Column('uuid')
  @Index()
  organizationId!: string;

  @Field()
  @Column({ unique: true })
  email!: string;

  @Column({ name: 'password_hash' })
  passwordHash!: string;

  @Field({ nullable: true })
  @Column({ nullable: true })
  firstName?: string;

  @Column({ nullable: true, name: 'first_name_bn' })
  firstNameBn?: string;

  @Field({ nullable: true })
  @Column({ nullable: true })
  phone?: string;

  @Field()
  @Column({ default: false })
  emailVerified!: boolean;

  @Field({ nullable: true })
  @Column({ type: 'timestamptz', nullable: true })
  lastLoginAt?: Date;

  @Column({ type: 'inet', nullable: true })
  lastLoginIp?: string;

  @Column({ default: 0 })
  failedLoginAttempts!: number;

  @Column({ type: 'timestamptz', nullable: true })
  lockedUntil?: Date;

  @Field()
  @Column({ default: 'ACTIVE' })
  status!: string;

  @Field()
  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @Field()
  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt!: Date;

  @OneToMany(() => UserRole, (userRole) => userRole.user)
  userRoles?: UserRole[];

  @Column({ nullable: true, default: 'en' })
  preferredLanguage?: string;

  get isLocked(): boolean {
    return this.lockedUntil != null && this.lockedUntil > new Date();
  }
}
`,
  'services/auth/src/modules/rbac/entities/role.entity.ts': `import {
  Entity,
  PrimaryGeneratedColumn,
  Column,
  CreateDateColumn,
  UpdateDateColumn,
  ManyToOne,
  ManyToMany,
  JoinTable,
  OneToMany,
  Index,
} from 'typeorm';
import { Permission } from './permission.entity';

@Entity('roles', { schema: 'auth' })
@Index('IDX_roles_name_org', ['name', 'organizationId'], { unique: true })
export class Role {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ length: 100 })
  name!: string;

  @Column('text')
  description!: string;

  @Column('uuid')
  @Index('IDX_roles_organizationId')
  organizationId!: string;

  @Column('uuid', { nullable: true })
  parentRoleId?: string;

  @ManyToOne(() => Role, (role) => role.childRoles, { nullable: true })
  parentRole?: Role;

  @OneToMany(() => Role, (role) => role.parentRole)
  childRoles?: Role[];

  @Column('int', { default: 0 })
  level!: number; // Hierarchy level (0 = top level)

  @Column('jsonb', { default: [] })
  permissions!: string[]; // Direct permission keys

  @ManyToMany(() => Permission, (permission) => permission.roles)
  @JoinTable({
    name: 'role_permissions',
    joinColumn: { name: 'role_id', referencedColumnName: 'id' },
    inverseJoinColumn: { name: 'permission_id', referencedColumnName: 'id' },
  })
  permissionEntities?: Permission[];

  @Column({ default: false })
  isSystem!: boolean; // System roles cannot be deleted

  @Column('jsonb', { nullable: true })
  metadata?: {
    maxProjects?: number;
    allowedModules?: string[];
  };

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt!: Date;
}
`,
  'services/auth/src/modules/rbac/entities/permission.entity.ts': `import {
  Entity,
  PrimaryGeneratedColumn,
  Column,
  CreateDateColumn,
  UpdateDateColumn,
  ManyToMany,
  Index,
} from 'typeorm';
import { Role } from './role.entity';

export enum PermissionCategory {
  PROJECT_MANAGEMENT = 'project_management',
  SYSTEM_ADMINISTRATION = 'system_administration',
}

@Entity('permissions', { schema: 'auth' })
@Index('IDX_permissions_resource_action', ['resource', 'action'])
export class Permission {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ length: 100, unique: true })
  key!: string; // e.g. 'project.create'

  @Column({ length: 50 })
  resource!: string;

  @Column({ length: 50 })
  action!: string;

  @Column({
    type: 'enum',
    enum: PermissionCategory,
    default: PermissionCategory.PROJECT_MANAGEMENT,
  })
  category!: PermissionCategory;

  @Column('jsonb', { nullable: true })
  conditions?: { allowedIps?: string[] };

  @ManyToMany(() => Role, (role) => role.permissionEntities)
  roles?: Role[];

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt!: Date;
}
`,
  'services/auth/src/modules/rbac/entities/user-role.entity.ts': `import {
  Entity,
  PrimaryColumn,
  Column,
  ManyToOne,
  JoinColumn,
  CreateDateColumn,
  Index,
} from 'typeorm';
import { User } from '../../users/entities/user.entity';
import { Role } from './role.entity';
import { OrganizationId, UserId } from '../../../shared/ids';

@Entity('user_roles', { schema: 'auth' })
@Index(['organizationId'])
export class UserRole {
  @PrimaryColumn('uuid')
  userId!: string;

  @PrimaryColumn('uuid')
  roleId!: string;

  @ManyToOne(() => User)
  @JoinColumn({ name: 'userId' })
  user!: User;

  @ManyToOne(() => Role)
  @JoinColumn({ name: 'roleId' })
  role!: Role;

  @Column()
  organizationId!: OrganizationId;

  @Column({ nullable: true })
  assignedBy?: UserId;

  @CreateDateColumn({ type: 'timestamptz' })
  assignedAt!: Date;

  @Column('text', { nullable: true })
  reason?: string; // Reason for role assignment
}
`,
  'services/auth/src/modules/rbac/entities/index.ts': `export { Role } from './role.entity';
export { Permission, PermissionCategory } from './permission.entity';
export { UserRole } from './user-role.entity';
`,
  'services/auth/src/infrastructure/event-store/event-store.entity.ts': `import {
  Entity,
  Column,
  PrimaryGeneratedColumn,
  CreateDateColumn,
  Index,
} from 'typeorm';

@Entity('event_store')
@Index(['aggregateId', 'eventVersion'])
export class EventStoreEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ type: 'uuid' })
  aggregateId!: string;

  @Column({ type: 'varchar', length: 100 })
  eventType!: string;

  @Column({ type: 'jsonb' })
  eventData!: string;

  @Column({ type: 'int' })
  eventVersion!: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
`,
};

const MIGRATIONS = {
  // Fourteen digits: TypeORM reads the last thirteen of the class's name, so it comes before those with milliseconds.
  'services/auth/src/database/migrations/20250925005221-AuthServiceInitial.ts': `import { MigrationInterface, QueryRunner, Table, TableIndex } from 'typeorm';

export class AuthServiceInitial20250925005221 implements MigrationInterface {
  name = 'AuthServiceInitial20250925005221';

  public async up(queryRunner: QueryRunner): Promise<void> {
    // Enable UUID extension
    await queryRunner.query('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"');
    await queryRunner.createSchema('auth', true);

    // Create users table
    await queryRunner.createTable(
      new Table({
        name: 'auth.users',
        columns: [
          {
            name: 'id',
            type: 'uuid',
            isPrimary: true,
            default: 'uuid_generate_v4()',
          },
          { name: 'organizationId', type: 'uuid' },
          { name: 'email', type: 'varchar', isUnique: true },
          { name: 'password_hash', type: 'varchar' },
          { name: 'firstName', type: 'varchar', isNullable: true },
          { name: 'first_name_bn', type: 'varchar', isNullable: true },
          { name: 'phone', type: 'varchar', isNullable: true },
          { name: 'emailVerified', type: 'boolean', default: false },
          { name: 'lastLoginAt', type: 'timestamptz', isNullable: true },
          { name: 'lastLoginIp', type: 'inet', isNullable: true },
          { name: 'failedLoginAttempts', type: 'int', default: 0 },
          { name: 'lockedUntil', type: 'timestamptz', isNullable: true },
          { name: 'status', type: 'varchar', default: "'ACTIVE'" },
          { name: 'createdAt', type: 'timestamptz', default: 'now()' },
          { name: 'updatedAt', type: 'timestamptz', default: 'now()' },
          {
            name: 'preferredLanguage',
            type: 'varchar',
            isNullable: true,
            default: "'en'",
          },
        ],
      }),
      true,
    );
    await queryRunner.createIndex(
      'auth.users',
      new TableIndex({ columnNames: ['organizationId'] }),
    );
    await queryRunner.createIndex(
      'auth.users',
      new TableIndex({
        columnNames: ['email', 'organizationId'],
        isUnique: true,
      }),
    );

    // Create event store
    await queryRunner.createTable(
      new Table({
        name: 'event_store',
        columns: [
          {
            name: 'id',
            type: 'uuid',
            isPrimary: true,
            default: 'uuid_generate_v4()',
          },
          { name: 'aggregateId', type: 'uuid' },
          { name: 'eventType', type: 'varchar', length: '100' },
          { name: 'eventData', type: 'jsonb' },
          { name: 'eventVersion', type: 'int' },
          { name: 'createdAt', type: 'timestamptz', default: 'now()' },
        ],
      }),
      true,
    );
    await queryRunner.createIndex(
      'event_store',
      new TableIndex({ columnNames: ['aggregateId', 'eventVersion'] }),
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('event_store');
    await queryRunner.dropTable('auth.users');
    await queryRunner.dropSchema('auth');
  }
}
`,
  'services/auth/src/database/migrations/1758960000000-CreateRBACTables.ts': `import { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRBACTables1758960000000 implements MigrationInterface {
  name = 'CreateRBACTables1758960000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    // Create permissions table
    await queryRunner.query(\`
      CREATE TYPE "auth"."permissions_category_enum" AS ENUM('project_management', 'system_administration');
    \`);
    await queryRunner.query(\`
      CREATE TABLE IF NOT EXISTS "auth"."permissions" (
        "id" uuid NOT NULL DEFAULT uuid_generate_v4(),
        "key" varchar(100) NOT NULL,
        "resource" varchar(50) NOT NULL,
        "action" varchar(50) NOT NULL,
        "category" "auth"."permissions_category_enum" NOT NULL DEFAULT 'project_management',
        "conditions" jsonb,
        "createdAt" timestamptz NOT NULL DEFAULT NOW(),
        "updatedAt" timestamptz NOT NULL DEFAULT NOW(),
        CONSTRAINT "UQ_017943867ed5ceef9c03edd9745" UNIQUE ("key"),
        CONSTRAINT "PK_920331560282b8bd21bb02290df" PRIMARY KEY ("id")
      );
    \`);
    await queryRunner.query(\`
      CREATE INDEX "IDX_permissions_resource_action" ON "auth"."permissions" ("resource", "action");
    \`);

    // Create roles table
    await queryRunner.query(\`
      CREATE TABLE IF NOT EXISTS "auth"."roles" (
        "id" uuid NOT NULL DEFAULT uuid_generate_v4(),
        "name" varchar(100) NOT NULL,
        "description" text NOT NULL,
        "organizationId" uuid NOT NULL,
        "parentRoleId" uuid,
        "level" integer NOT NULL DEFAULT 0,
        "permissions" jsonb NOT NULL DEFAULT '[]',
        "isSystem" boolean NOT NULL DEFAULT false,
        "metadata" jsonb,
        "createdAt" timestamptz NOT NULL DEFAULT NOW(),
        "updatedAt" timestamptz NOT NULL DEFAULT NOW(),
        CONSTRAINT "PK_c1433d71a4838793a49dcad46ab" PRIMARY KEY ("id"),
        CONSTRAINT "FK_e248be0dccb26b1863e87828cda" FOREIGN KEY ("parentRoleId")
          REFERENCES "auth"."roles" ("id")
      );
    \`);
    await queryRunner.query(\`
      CREATE UNIQUE INDEX "IDX_roles_name_org" ON "auth"."roles" ("name", "organizationId");
    \`);
    await queryRunner.query(\`
      CREATE INDEX "IDX_roles_organizationId" ON "auth"."roles" ("organizationId");
    \`);

    // Create role_permissions junction table
    await queryRunner.query(\`
      CREATE TABLE IF NOT EXISTS "auth"."role_permissions" (
        "role_id" uuid NOT NULL,
        "permission_id" uuid NOT NULL,
        CONSTRAINT "PK_25d24010f53bb80b78e412c9656" PRIMARY KEY ("role_id", "permission_id"),
        CONSTRAINT "FK_178199805b901ccd220ab7740ec" FOREIGN KEY ("role_id")
          REFERENCES "auth"."roles" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
        CONSTRAINT "FK_17022daf3f885f7d35423e9971e" FOREIGN KEY ("permission_id")
          REFERENCES "auth"."permissions" ("id")
      );
      CREATE INDEX "IDX_178199805b901ccd220ab7740e" ON "auth"."role_permissions" ("role_id");
      CREATE INDEX "IDX_17022daf3f885f7d35423e9971" ON "auth"."role_permissions" ("permission_id");
    \`);

    // Create user_roles table
    await queryRunner.query(\`
      CREATE TABLE IF NOT EXISTS "auth"."user_roles" (
        "userId" uuid NOT NULL,
        "roleId" uuid NOT NULL,
        "organizationId" varchar NOT NULL,
        "assignedBy" varchar,
        "assignedAt" timestamptz NOT NULL DEFAULT NOW(),
        "reason" text,
        CONSTRAINT "PK_88481b0c4ed9ada47e9fdd67475" PRIMARY KEY ("userId", "roleId"),
        CONSTRAINT "FK_472b25323af01488f1f66a06b67" FOREIGN KEY ("userId")
          REFERENCES "auth"."users" ("id"),
        CONSTRAINT "FK_86033897c009fcca8b6505d6be2" FOREIGN KEY ("roleId")
          REFERENCES "auth"."roles" ("id")
      );
    \`);
    await queryRunner.query(\`
      CREATE INDEX "IDX_9197fafc733c4bf1e9adba816c" ON "auth"."user_roles" ("organizationId");
    \`);

    // Insert default permissions
    await queryRunner.query(\`
      INSERT INTO "auth"."permissions" ("key", "resource", "action", "category")
      VALUES
      ('project.create', 'project', 'create', 'project_management'),
      ('system.admin', 'system', 'manage', 'system_administration');
    \`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    // Drop tables in reverse order due to foreign key constraints
    await queryRunner.query(
      \`DROP TABLE IF EXISTS "auth"."user_roles" CASCADE;\`,
    );
    await queryRunner.query(
      \`DROP TABLE IF EXISTS "auth"."role_permissions" CASCADE;\`,
    );
    await queryRunner.query(\`DROP TABLE IF EXISTS "auth"."roles" CASCADE;\`);
    await queryRunner.query(
      \`DROP TABLE IF EXISTS "auth"."permissions" CASCADE;\`,
    );
    await queryRunner.query(\`DROP TYPE "auth"."permissions_category_enum";\`);
  }
}
`,
  // No glob loads this folder any more.
  'services/auth/src/migrations/20250901090000-CreateSessions.ts': `import { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSessions1234567890123 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE TABLE "sessions" ("id" uuid PRIMARY KEY)');
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "sessions"');
  }
}
`,
};

const SERVICE = {
  'services/auth/package.json': `{
  "name": "@erp/auth-service",
  "version": "1.0.0",
  "private": true,
  "scripts": {
    "format": "prettier --write \\"src/**/*.ts\\"",
    "start:dev": "nest start --watch",
    "typecheck": "tsc --noEmit",
    "typeorm": "typeorm-ts-node-commonjs",
    "migration:create": "npm run typeorm migration:create",
    "migration:generate": "npm run typeorm migration:generate -- -d src/database/data-source.ts",
    "migration:run": "npm run typeorm migration:run -- -d src/database/data-source.ts"
  },
  "dependencies": { "@erp/graphql": "workspace:*" }
}
`,
  'services/auth/.prettierrc': `{
  "singleQuote": true,
  "trailingComma": "all"
}
`,
  'services/auth/tsconfig.json': `{
  "extends": "../../tsconfig.base.json",
  "compilerOptions": {
    "declaration": true,
    "removeComments": true,
    "outDir": "./dist",
    "rootDir": "./src",
    "composite": true,
    "paths": {
      "@modules/*": ["./src/modules/*"],
      "@infrastructure/*": ["./src/infrastructure/*"]
    }
  },
  "include": ["src/**/*"],
  "exclude": ["node_modules", "dist", "test", "**/*.spec.ts"]
}
`,
  'services/auth/src/database/data-source.ts': `import { DataSource } from 'typeorm';
import { ConfigService } from '@nestjs/config';
import { config } from 'dotenv';

// Load environment variables
config();

const configService = new ConfigService();

export const AppDataSource = new DataSource({
  type: 'postgres',
  host: configService.get('DATABASE_HOST', 'localhost'),
  port: configService.get('DATABASE_PORT', 5432),
  username: configService.get('DATABASE_USERNAME', 'erp'),
  password: configService.get('DATABASE_PASSWORD', 'erp_dev_2024'),
  database: configService.get('DATABASE_NAME', 'erp'),
  synchronize: false,
  logging: configService.get('NODE_ENV') === 'development',
  entities: ['src/**/*.entity{.ts,.js}'],
  migrations: ['src/database/migrations/*{.ts,.js}'],
  migrationsTableName: 'migrations',
});
`,
  'services/auth/src/database/database.module.ts': `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule, ConfigService } from '@nestjs/config';

@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      imports: [ConfigModule],
      useFactory: (configService: ConfigService) => ({
        type: 'postgres',
        host: configService.get<string>('database.host', 'localhost'),
        port: configService.get<number>('database.port', 5432),
        autoLoadEntities: true,
        synchronize: configService.get<boolean>('database.synchronize', false),
        entities: [__dirname + '/../**/*.entity{.ts,.js}'],
        migrations: [__dirname + '/migrations/*{.ts,.js}'],
      }),
      inject: [ConfigService],
    }),
  ],
  exports: [TypeOrmModule],
})
export class DatabaseModule {}
`,
  'services/auth/src/modules/users/users.module.ts': `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { User } from './entities/user.entity';
import { UsersService } from './users.service';

@Module({
  imports: [TypeOrmModule.forFeature([User])],
  providers: [UsersService],
  exports: [UsersService],
})
export class UsersModule {}
`,
  'services/auth/src/modules/users/users.service.ts': `import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { User } from './entities/user.entity';

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User)
    private readonly userRepository: Repository<User>,
  ) {}

  async findByEmail(email: string): Promise<User | null> {
    return this.userRepository.findOne({
      where: { email },
    });
  }
}
`,
  'services/auth/src/modules/rbac/rbac.module.ts': `import { Module, Global } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Role } from './entities/role.entity';
import { Permission } from './entities/permission.entity';
import { UserRole } from './entities/user-role.entity';
import { User } from '../users/entities/user.entity';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Role, Permission, UserRole, User])],
  exports: [TypeOrmModule],
})
export class RbacModule {}
`,
};

/** The enum's schema is written with the type, as Postgres would want it. */
const newTable = (type: string) => `
migration_type: new_domain
domain_name: rbac
schema: auth
table_name: access_requests
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY, DEFAULT uuid_generate_v4()] }
  - { name: roleId, type: uuid, constraints: [NOT NULL] }
  - { name: status, type: ${type}, constraints: [NOT NULL, "DEFAULT 'pending'"] }
  - { name: reason, type: text }
  - { name: createdAt, type: timestamptz, constraints: [NOT NULL, DEFAULT now()] }
  - { name: updatedAt, type: timestamptz, constraints: [NOT NULL, DEFAULT now()] }
indexes:
  - { fields: [roleId] }
foreign_keys:
  - { field: roleId, references: auth.roles(id), on_delete: CASCADE }
---
migration_type: new_enum
schema: auth
enum_name: access_requests_status_enum
values: [pending, granted, denied]
`;

describeTypeorm({
  name: 'a service of a monorepo under TypeORM 0.3: modules, a Postgres schema, decorators of a GraphQL package',
  folder: 'federated-service',
  cwd: 'services/auth',
  workspace: { '@erp/graphql': 'shared/graphql' },
  instead: { typeorm: 'typeorm-0.3' },
  files: { ...MONOREPO, ...SERVICE, ...ENTITIES, ...MIGRATIONS },
  checks: [
    ['tsc', '--noEmit', '-p', '.'],
    ['prettier', '--check', 'src'],
  ],
  plans: {
    newTable: {
      refused: newTable('access_requests_status_enum'),
      code: 'plan-conflict',
      says: ['write auth.access_requests_status_enum'],
      instead: newTable('auth.access_requests_status_enum'),
    },
    columns: `
migration_type: modify_existing
schema: auth
table_name: users
changes:
  add_columns:
    - { name: timeZone, type: varchar(64) }
    - { name: mfaEnabled, type: boolean, constraints: [NOT NULL, DEFAULT false] }
    - { name: invitedBy, type: uuid }
  add_indexes:
    - { fields: [invitedBy] }
`,
    rename: `
migration_type: modify_existing
schema: auth
table_name: users
safety: { allow: [{ rule: rename-column, reason: one deploy with a stop }] }
changes:
  rename_columns: [{ from: first_name_bn, to: local_name }]
`,
    typeChange: `
migration_type: modify_existing
schema: auth
table_name: roles
safety: { allow: [{ rule: set-not-null, reason: backfilled last week }] }
changes:
  modify_columns:
    - { name: name, new_type: varchar(200) }
    - { name: metadata, nullable: false, default: "'{}'" }
`,
    drop: `
migration_type: modify_existing
schema: auth
table_name: users
safety: { allow: [{ rule: drop-column, reason: phones are kept by the messaging service }] }
changes:
  drop_columns: [phone]
`,
  },
});
