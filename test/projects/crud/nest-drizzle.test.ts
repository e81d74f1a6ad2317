import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';

/** A module provides the database by a token; tsx emits no types of parameters, so that all is injected by name. */
const FILES = {
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "type": "module",
  "scripts": { "start": "node --import tsx src/main.ts", "test": "vitest run" },
  "dependencies": { "@nestjs/common": "*", "@nestjs/core": "*", "@nestjs/platform-express": "*", "class-transformer": "*", "class-validator": "*", "drizzle-orm": "*", "pg": "*", "reflect-metadata": "*", "rxjs": "*" },
  "devDependencies": { "@electric-sql/pglite": "*", "@nestjs/testing": "*", "drizzle-kit": "*", "typescript": "*", "vitest": "*" }
}
`,
  'tsconfig.json': `{
  "compilerOptions": {
    "target": "ES2023",
    "module": "NodeNext",
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "noImplicitOverride": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true,
    "isolatedModules": true,
    "types": ["node"],
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["src"]
}
`,
  'vitest.config.ts': `import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['src/**/*.spec.ts'], testTimeout: 60_000, hookTimeout: 60_000 } });
`,
  'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/drizzle/schema.ts',
  out: './drizzle',
  dbCredentials: { url: process.env.DATABASE_URL ?? 'postgres://localhost/shop' },
});
`,
  'src/drizzle/schema.ts': `import { integer, pgTable, timestamp, varchar } from 'drizzle-orm/pg-core';

export const brands = pgTable('brands', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  name: varchar('name', { length: 80 }).notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});
`,
  'src/drizzle/drizzle.module.ts': `import { Module } from '@nestjs/common';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';

export const DRIZZLE = Symbol('DRIZZLE');
export type DrizzleDatabase = NodePgDatabase;

@Module({
  providers: [
    {
      provide: DRIZZLE,
      useFactory: (): DrizzleDatabase => {
        if (process.env.DATABASE_URL === undefined) throw new Error('DATABASE_URL is not set');
        return drizzle(new Pool({ connectionString: process.env.DATABASE_URL }));
      },
    },
  ],
  exports: [DRIZZLE],
})
export class DrizzleModule {}
`,
  'src/brands/brands.service.ts': `import { Inject, Injectable } from '@nestjs/common';
import { DRIZZLE, type DrizzleDatabase } from '../drizzle/drizzle.module.js';
import { brands } from '../drizzle/schema.js';

@Injectable()
export class BrandsService {
  constructor(@Inject(DRIZZLE) private readonly db: DrizzleDatabase) {}

  findAll() {
    return this.db.select().from(brands);
  }

  create(name: string) {
    return this.db.insert(brands).values({ name }).returning();
  }
}
`,
  'src/brands/brands.controller.ts': `import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import { BrandsService } from './brands.service.js';

@Controller('brands')
export class BrandsController {
  constructor(@Inject(BrandsService) private readonly brandsService: BrandsService) {}

  @Get()
  findAll() {
    return this.brandsService.findAll();
  }

  @Post()
  create(@Body('name') name: string) {
    return this.brandsService.create(name);
  }
}
`,
  'src/brands/brands.module.ts': `import { Module } from '@nestjs/common';
import { DrizzleModule } from '../drizzle/drizzle.module.js';
import { BrandsController } from './brands.controller.js';
import { BrandsService } from './brands.service.js';

@Module({
  imports: [DrizzleModule],
  controllers: [BrandsController],
  providers: [BrandsService],
})
export class BrandsModule {}
`,
  'src/app.module.ts': `import { Module } from '@nestjs/common';
import { BrandsModule } from './brands/brands.module.js';

@Module({ imports: [BrandsModule] })
export class AppModule {}
`,
  'src/main.ts': `import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
}

void bootstrap();
`,
};

describeCrudShape({
  name: 'a NestJS application on Drizzle, whose database a module provides',
  stack: 'nestjs-drizzle',
  files: FILES,
  history: (project) => void run(project.cwd, ['drizzle-kit', 'generate', '--name', 'init']),
  checks: [['tsc', '-p', '.']],
  linted: ['src'],
  tests: ['vitest', 'run'],
  migrate: ['drizzle-kit', 'migrate'],
  serve: ['--import', 'tsx', 'src/main.ts'],
  older: [
    { method: 'POST', path: '/brands', body: { name: 'Acme' } },
    { method: 'GET', path: '/brands' },
  ],
  domains: {
    base: '',
    headers: {},
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: false,
  },
});
