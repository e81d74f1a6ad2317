import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

/** Modules as Nest's generator lays them out, on Drizzle, each controller guarded by name, all in an OpenAPI document. */
const FILES = {
  '.gitignore': 'node_modules\ndist\n',
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "type": "module",
  "scripts": { "build": "tsc -p tsconfig.build.json", "start": "node dist/main.js", "test": "vitest run" },
  "dependencies": {
    "@nestjs/common": "^12.5.1",
    "@nestjs/config": "^12.0.1",
    "@nestjs/core": "^12.5.1",
    "@nestjs/platform-express": "^12.5.1",
    "@nestjs/swagger": "^12.0.2",
    "class-transformer": "^0.5.1",
    "class-validator": "^0.15.1",
    "drizzle-orm": "^0.45.4",
    "pg": "^8.23.1",
    "reflect-metadata": "^0.2.2",
    "rxjs": "^7.8.2"
  },
  "devDependencies": {
    "@electric-sql/pglite": "^0.5.16",
    "@nestjs/testing": "^12.1.1",
    "drizzle-kit": "^0.31.11",
    "typescript": "^7.0.2",
    "vitest": "4.1"
  }
}
`,
  'tsconfig.json': `{
  "compilerOptions": {
    "module": "NodeNext",
    "target": "ES2023",
    "lib": ["ES2023"],
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "noImplicitOverride": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true,
    "rootDir": "src",
    "outDir": "dist",
    "skipLibCheck": true
  },
  "include": ["src"]
}
`,
  'tsconfig.build.json': '{ "extends": "./tsconfig.json", "exclude": ["**/*.spec.ts"] }\n',
  'vitest.config.ts': `import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['src/**/*.spec.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
`,
  'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/database/schema.ts',
  out: './drizzle',
  casing: 'snake_case',
  dbCredentials: { url: process.env.DATABASE_URL ?? 'postgres://localhost/shop' },
});
`,
  'src/main.ts': `import 'reflect-metadata';
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
const config = new DocumentBuilder()
  .setTitle('shop')
  .setVersion('1')
  .addApiKey({ type: 'apiKey', name: 'x-key', in: 'header' }, 'key')
  .build();
SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
  jsonDocumentUrl: 'openapi.json',
});
await app.listen(process.env.PORT ?? 3000);
`,
  'src/app.module.ts': `import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { BrandsModule } from './brands/brands.module.js';
import { DatabaseModule } from './database/database.module.js';

@Module({
  imports: [ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true }), DatabaseModule, BrandsModule],
})
export class AppModule {}
`,
  'src/database/database.module.ts': `import { Global, Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { drizzle } from 'drizzle-orm/node-postgres';
import { DATABASE } from './database.js';
import * as schema from './schema.js';

@Global()
@Module({
  providers: [
    {
      provide: DATABASE,
      inject: [ConfigService],
      useFactory: (config: ConfigService) =>
        drizzle(config.getOrThrow<string>('DATABASE_URL'), { schema, casing: 'snake_case' }),
    },
  ],
  exports: [DATABASE],
})
export class DatabaseModule {}
`,
  'src/database/database.ts': `import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type * as schema from './schema.js';

export const DATABASE = Symbol('DATABASE');
export type Database = NodePgDatabase<typeof schema>;
`,
  'src/database/schema.ts': `import { pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

export const brands = pgTable('brands', {
  id: uuid().primaryKey().defaultRandom(),
  name: varchar({ length: 80 }).notNull().unique(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
`,
  'src/auth/auth.module.ts': `import { Module } from '@nestjs/common';
import { KeyGuard } from './key.guard.js';
import { KeysService } from './keys.service.js';

@Module({ providers: [KeysService, KeyGuard], exports: [KeysService, KeyGuard] })
export class AuthModule {}
`,
  'src/auth/key.guard.ts': `import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { KeysService } from './keys.service.js';

@Injectable()
export class KeyGuard implements CanActivate {
  constructor(private readonly keys: KeysService) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
    if (!this.keys.isKnown(headers['x-key'])) throw new UnauthorizedException();
    return true;
  }
}
`,
  'src/auth/keys.service.ts': `import { Injectable } from '@nestjs/common';

@Injectable()
export class KeysService {
  isKnown(key: string | undefined): boolean {
    return key === 'open';
  }
}
`,
  'src/brands/brands.module.ts': `import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { BrandsController } from './brands.controller.js';
import { BrandsService } from './brands.service.js';

@Module({ imports: [AuthModule], controllers: [BrandsController], providers: [BrandsService] })
export class BrandsModule {}
`,
  'src/brands/brands.controller.ts': `import { Body, Controller, Get, Post, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { KeyGuard } from '../auth/key.guard.js';
import { BrandsService } from './brands.service.js';
import { CreateBrandDto } from './dto/create-brand.dto.js';
import { BrandDto } from './dto/brand.dto.js';

@ApiTags('brands')
@ApiSecurity('key')
@UseGuards(KeyGuard)
@Controller('brands')
export class BrandsController {
  constructor(private readonly brandsService: BrandsService) {}

  @Post()
  @ApiCreatedResponse({ type: BrandDto })
  create(@Body() body: CreateBrandDto): Promise<BrandDto> {
    return this.brandsService.create(body);
  }

  @Get()
  @ApiOkResponse({ type: BrandDto, isArray: true })
  findAll(): Promise<BrandDto[]> {
    return this.brandsService.findAll();
  }
}
`,
  'src/brands/brands.service.ts': `import { Inject, Injectable, InternalServerErrorException } from '@nestjs/common';
import { DATABASE, type Database } from '../database/database.js';
import { brands } from '../database/schema.js';
import type { BrandDto } from './dto/brand.dto.js';
import type { CreateBrandDto } from './dto/create-brand.dto.js';

@Injectable()
export class BrandsService {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  async create(values: CreateBrandDto): Promise<BrandDto> {
    const [row] = await this.db.insert(brands).values(values).returning();
    if (!row) throw new InternalServerErrorException();
    return row;
  }

  findAll(): Promise<BrandDto[]> {
    return this.db.select().from(brands);
  }
}
`,
  'src/brands/dto/brand.dto.ts': `import { ApiProperty } from '@nestjs/swagger';

export class BrandDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  createdAt!: Date;
}
`,
  'src/brands/dto/create-brand.dto.ts': `import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

export class CreateBrandDto {
  @ApiProperty({ maxLength: 80 })
  @IsString()
  @IsNotEmpty()
  @MaxLength(80)
  name!: string;
}
`,
};

describeCrudShape({
  name: 'a NestJS application on Drizzle with an OpenAPI document, whose controllers are guarded by name',
  stack: 'nestjs-drizzle',
  files: FILES,
  history: (project) => void run(project.cwd, ['drizzle-kit', 'generate', '--name', 'init']),
  checks: [
    ['tsc', '-p', '.', '--noEmit'],
    ['tsc', '-p', 'tsconfig.build.json'],
  ],
  linted: ['src'],
  tests: ['vitest', 'run'],
  migrate: ['drizzle-kit', 'migrate'],
  serve: ['dist/main.js'],
  older: [
    { method: 'POST', path: '/brands', body: { name: 'Acme' } },
    { method: 'POST', path: '/brands', body: {} },
    { method: 'GET', path: '/brands' },
  ],
  domains: {
    base: '',
    headers: { 'x-key': 'open' },
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: false,
    refusesEmpty: true,
  },
  refusesWith: 401,
  document: '/openapi.json',
});
