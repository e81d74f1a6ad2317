import { describeTypeorm } from './typeorm-shape.ts';

describeTypeorm({
  name: 'ES modules with .ts endings, a snake naming strategy and a generic base class',
  folder: 'esm-snake-case',
  files: {
    '.prettierrc': `{
  "singleQuote": true,
  "trailingComma": "all",
  "tabWidth": 2
}
`,
    'ormconfig.ts': `import './src/boilerplate.polyfill.ts';

import { DataSource } from 'typeorm';

import { SnakeNamingStrategy } from './src/snake-naming.strategy.ts';

export const dataSource = new DataSource({
  type: 'postgres',
  host: process.env.DB_HOST,
  namingStrategy: new SnakeNamingStrategy(),
  entities: ['src/modules/**/*.entity{.ts,.js}'],
  migrations: ['src/database/migrations/*{.ts,.js}'],
});
`,
    'package.json': `{
  "name": "nest-app",
  "private": true,
  "type": "module",
  "scripts": {
    "typeorm": "typeorm-ts-node-esm",
    "migration:generate": "npm run typeorm migration:generate -- -d ormconfig.ts",
    "migration:run": "npm run typeorm migration:run -- -d ormconfig.ts"
  }
}
`,
    'tsconfig.json': `{
  "compilerOptions": {
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "target": "ESNext",
    "allowImportingTsExtensions": true,
    "noEmit": true,
    "emitDecoratorMetadata": true,
    "experimentalDecorators": true,
    "esModuleInterop": true,
    "verbatimModuleSyntax": true,
    "useDefineForClassFields": true,
    "isolatedModules": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
    "skipLibCheck": true,
    "strict": true,
    "types": ["node"]
  },
  "include": ["src/**/*", "ormconfig.ts"]
}
`,
    'src/boilerplate.polyfill.ts': `import 'reflect-metadata';

declare global {
  export type Uuid = string & { _uuidBrand: undefined };
}
`,
    'src/common/abstract.entity.ts': `import {
  CreateDateColumn,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from 'typeorm';

import type { AbstractDto } from './dto/abstract.dto.ts';

export abstract class AbstractEntity<
  DTO extends AbstractDto = AbstractDto,
  O = never,
> {
  @PrimaryGeneratedColumn('uuid')
  id!: Uuid;

  @CreateDateColumn({
    type: 'timestamp',
  })
  createdAt!: Date;

  @UpdateDateColumn({
    type: 'timestamp',
  })
  updatedAt!: Date;

  dtoClass?: new (entity: AbstractEntity, options?: O) => DTO;

  toDto(options?: O): DTO {
    return new this.dtoClass!(this, options);
  }
}
`,
    'src/common/dto/abstract.dto.ts': `export class AbstractDto {
  constructor(readonly entity: { readonly id: Uuid }) {}
}
`,
    'src/constants/role-type.ts': `export enum RoleType {
  USER = 'USER',
  ADMIN = 'ADMIN',
}
`,
    'src/database/migrations/1622299665807-initial.ts': `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1622299665807 implements MigrationInterface {
  name = 'Initial1622299665807';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      \`CREATE TABLE "user_settings" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "created_at" TIMESTAMP NOT NULL DEFAULT now(), "updated_at" TIMESTAMP NOT NULL DEFAULT now(), "is_email_verified" boolean NOT NULL DEFAULT false, "user_id" uuid NOT NULL, CONSTRAINT "REL_4ed056b9344e6f7d8d46ec4b30" UNIQUE ("user_id"), CONSTRAINT "PK_00f004f5922a0744d174530d639" PRIMARY KEY ("id"))\`,
    );
    await queryRunner.query(
      \`CREATE TYPE "public"."users_role_enum" AS ENUM('USER', 'ADMIN')\`,
    );
    await queryRunner.query(
      \`CREATE TABLE "users" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "created_at" TIMESTAMP NOT NULL DEFAULT now(), "updated_at" TIMESTAMP NOT NULL DEFAULT now(), "first_name" character varying, "last_name" character varying, "role" "public"."users_role_enum" NOT NULL DEFAULT 'USER', "email" character varying, "phone" character varying, "avatar" character varying, CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3" UNIQUE ("email"), CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" PRIMARY KEY ("id"))\`,
    );
    await queryRunner.query(
      \`CREATE TABLE "posts" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "created_at" TIMESTAMP NOT NULL DEFAULT now(), "updated_at" TIMESTAMP NOT NULL DEFAULT now(), "title" character varying NOT NULL, "slug" character varying(40), "user_id" uuid NOT NULL, CONSTRAINT "PK_2829ac61eff60fcec60d7274b9e" PRIMARY KEY ("id"))\`,
    );
    await queryRunner.query(
      \`ALTER TABLE "user_settings" ADD CONSTRAINT "FK_4ed056b9344e6f7d8d46ec4b302" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE\`,
    );
    await queryRunner.query(
      \`ALTER TABLE "posts" ADD CONSTRAINT "FK_c4f9a7bd77b489e711277ee5986" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE\`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      \`ALTER TABLE "posts" DROP CONSTRAINT "FK_c4f9a7bd77b489e711277ee5986"\`,
    );
    await queryRunner.query(
      \`ALTER TABLE "user_settings" DROP CONSTRAINT "FK_4ed056b9344e6f7d8d46ec4b302"\`,
    );
    await queryRunner.query(\`DROP TABLE "posts"\`);
    await queryRunner.query(\`DROP TABLE "users"\`);
    await queryRunner.query(\`DROP TYPE "public"."users_role_enum"\`);
    await queryRunner.query(\`DROP TABLE "user_settings"\`);
  }
}
`,
    'src/decorators/use-dto.decorator.ts': `import type { AbstractEntity } from '../common/abstract.entity.ts';
import type { AbstractDto } from '../common/dto/abstract.dto.ts';

export function UseDto(
  dtoClass: new (entity: AbstractEntity, options?: never) => AbstractDto,
): ClassDecorator {
  return (constructor) => {
    constructor.prototype.dtoClass = dtoClass;
  };
}
`,
    'src/modules/post/dtos/post.dto.ts': `import { AbstractDto } from '../../../common/dto/abstract.dto.ts';

export class PostDto extends AbstractDto {}
`,
    'src/modules/post/post.entity.ts': `import type { Relation } from 'typeorm';
import { Column, Entity, JoinColumn, ManyToOne } from 'typeorm';

import { AbstractEntity } from '../../common/abstract.entity.ts';
import { UseDto } from '../../decorators/use-dto.decorator.ts';
import { UserEntity } from '../user/user.entity.ts';
import { PostDto } from './dtos/post.dto.ts';

@Entity({ name: 'posts' })
@UseDto(PostDto)
export class PostEntity extends AbstractEntity<PostDto> {
  @Column()
  title!: string;

  @Column({ nullable: true, type: 'varchar', length: 40 })
  slug!: string | null;

  @Column({ type: 'uuid' })
  userId!: Uuid;

  @ManyToOne(() => UserEntity, (userEntity) => userEntity.posts, {
    onDelete: 'CASCADE',
    onUpdate: 'CASCADE',
  })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<UserEntity>;
}
`,
    'src/modules/post/post.module.ts': `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { PostEntity } from './post.entity.ts';

@Module({
  imports: [TypeOrmModule.forFeature([PostEntity])],
})
export class PostModule {}
`,
    'src/modules/user/dtos/user.dto.ts': `import { AbstractDto } from '../../../common/dto/abstract.dto.ts';

export type UserDtoOptions = Partial<{ isActive: boolean }>;

export class UserDto extends AbstractDto {}
`,
    'src/modules/user/user-settings.entity.ts': `import type { Relation } from 'typeorm';
import { Column, Entity, JoinColumn, OneToOne } from 'typeorm';

import { AbstractEntity } from '../../common/abstract.entity.ts';
import { UseDto } from '../../decorators/use-dto.decorator.ts';
import type { UserDtoOptions } from './dtos/user.dto.ts';
import { UserDto } from './dtos/user.dto.ts';
import { UserEntity } from './user.entity.ts';

@Entity({ name: 'user_settings' })
@UseDto(UserDto)
export class UserSettingsEntity extends AbstractEntity<
  UserDto,
  UserDtoOptions
> {
  @Column({ default: false })
  isEmailVerified?: boolean;

  @Column({ type: 'uuid' })
  userId?: string;

  @OneToOne(() => UserEntity, (user) => user.settings, {
    onDelete: 'CASCADE',
    onUpdate: 'CASCADE',
  })
  @JoinColumn({ name: 'user_id' })
  user?: Relation<UserEntity>;
}
`,
    'src/modules/user/user.entity.ts': `import { Column, Entity, OneToMany, OneToOne, VirtualColumn } from 'typeorm';

import { AbstractEntity } from '../../common/abstract.entity.ts';
import { RoleType } from '../../constants/role-type.ts';
import { UseDto } from '../../decorators/use-dto.decorator.ts';
import { PostEntity } from '../post/post.entity.ts';
import type { UserDtoOptions } from './dtos/user.dto.ts';
import { UserDto } from './dtos/user.dto.ts';
import { UserSettingsEntity } from './user-settings.entity.ts';

@Entity({ name: 'users' })
@UseDto(UserDto)
export class UserEntity extends AbstractEntity<UserDto, UserDtoOptions> {
  @Column({ nullable: true, type: 'varchar' })
  firstName!: string | null;

  @Column({ nullable: true, type: 'varchar' })
  lastName!: string | null;

  @Column({ type: 'enum', enum: RoleType, default: RoleType.USER })
  role!: RoleType;

  @Column({ unique: true, nullable: true, type: 'varchar' })
  email!: string | null;

  @Column({ nullable: true, type: 'varchar' })
  phone!: string | null;

  @Column({ nullable: true, type: 'varchar' })
  avatar!: string | null;

  @VirtualColumn({
    query: (alias) =>
      \`SELECT CONCAT(\${alias}.first_name, ' ', \${alias}.last_name)\`,
  })
  fullName!: string;

  @OneToOne(() => UserSettingsEntity, (userSettings) => userSettings.user)
  settings?: UserSettingsEntity;

  @OneToMany(() => PostEntity, (postEntity) => postEntity.user)
  posts?: PostEntity[];
}
`,
    'src/modules/user/user.module.ts': `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { UserEntity } from './user.entity.ts';
import { UserSettingsEntity } from './user-settings.entity.ts';

@Module({
  imports: [TypeOrmModule.forFeature([UserEntity, UserSettingsEntity])],
})
export class UserModule {}
`,
    'src/snake-naming.strategy.ts': `import type { NamingStrategyInterface } from 'typeorm';
import { DefaultNamingStrategy } from 'typeorm';

function snakeCase(text: string): string {
  return text
    .replaceAll(/([A-Z])([A-Z])([a-z])/g, '$1_$2$3')
    .replaceAll(/([\\da-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

export class SnakeNamingStrategy
  extends DefaultNamingStrategy
  implements NamingStrategyInterface
{
  override tableName(
    entityName: string,
    customName: string | undefined,
  ): string {
    return customName ?? snakeCase(entityName);
  }

  override columnName(
    propertyName: string,
    customName: string | undefined,
    embeddedPrefixes: string[],
  ): string {
    return (
      snakeCase(embeddedPrefixes.join('_')) +
      (customName ?? snakeCase(propertyName))
    );
  }

  override relationName(propertyName: string): string {
    return snakeCase(propertyName);
  }

  override joinColumnName(
    relationName: string,
    referencedColumnName: string,
  ): string {
    return snakeCase(\`\${relationName}_\${referencedColumnName}\`);
  }
}
`,
  },
  checks: [['prettier', '--check', 'src']],
  plans: {
    newTable: `
migration_type: new_domain
name: create_comments_table
domain_name: comment
table_name: comments
fields:
  - { name: id, type: uuid, constraints: [PRIMARY KEY, DEFAULT uuid_generate_v4()] }
  - { name: created_at, type: timestamp, constraints: [NOT NULL, DEFAULT now()] }
  - { name: updated_at, type: timestamp, constraints: [NOT NULL, DEFAULT now()] }
  - { name: post_id, type: uuid, constraints: [NOT NULL] }
  - { name: state, type: comments_state_enum, constraints: [NOT NULL, "DEFAULT 'OPEN'"] }
  - { name: body, type: varchar, constraints: [NOT NULL] }
  - { name: guest_name, type: varchar }
indexes:
  - { fields: [post_id] }
foreign_keys:
  - { field: post_id, references: posts(id), on_delete: CASCADE, on_update: CASCADE }
---
migration_type: new_enum
enum_name: comments_state_enum
values: [OPEN, HIDDEN]
`,
    columns: `
migration_type: modify_existing
table_name: posts
changes:
  add_columns:
    - { name: subtitle, type: varchar }
    - { name: view_count, type: integer, constraints: [NOT NULL, DEFAULT 0] }
    - { name: published_at, type: timestamp }
  add_indexes:
    - { fields: [published_at] }
`,
    rename: `
migration_type: modify_existing
table_name: users
safety: { allow: [{ rule: rename-column, reason: one deploy with a stop }] }
changes:
  rename_columns: [{ from: phone, to: phone_number }]
`,
    typeChange: `
migration_type: modify_existing
table_name: posts
safety: { allow: [{ rule: set-not-null, reason: backfilled last week }] }
changes:
  modify_columns:
    - { name: slug, new_type: varchar(80), nullable: false }
`,
    drop: `
migration_type: modify_existing
table_name: users
safety: { allow: [{ rule: drop-column, reason: pictures come from the profile service }] }
changes:
  drop_columns: [avatar]
`,
  },
});
