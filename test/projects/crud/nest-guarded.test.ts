import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';
import { NEST_COMMON_JS } from './nest-common-js.ts';

/**
 * CommonJS as Nest's starter has it: a prefix, a version by default, a guard of all routes with providers of its own, answers
 * with what classes expose, rows that are marked when deleted.
 */
const FILES = {
  ...NEST_COMMON_JS,
  '.prettierrc': '{ "singleQuote": true, "trailingComma": "all", "printWidth": 110 }\n',
  'package.json': `{
  "name": "shop-api",
  "private": true,
  "scripts": {
    "build": "tsc -p tsconfig.build.json",
    "start": "node dist/main",
    "test": "vitest run",
    "migration:run": "typeorm migration:run -d dist/data-source.js"
  },
  "dependencies": {
    "@nestjs/common": "^12.5.1",
    "@nestjs/core": "^12.5.1",
    "@nestjs/platform-express": "^12.5.1",
    "@nestjs/swagger": "^12.0.2",
    "@nestjs/typeorm": "^12.0.2",
    "class-transformer": "^0.5.1",
    "class-validator": "^0.15.1",
    "pg": "^8.23.1",
    "reflect-metadata": "^0.2.2",
    "rxjs": "^7.8.2",
    "typeorm": "^1.1.1"
  },
  "devDependencies": {
    "@electric-sql/pglite": "^0.5.16",
    "@nestjs/testing": "^12.1.1",
    "typescript": "^7.0.2",
    "vitest": "4.1"
  }
}
`,
  'tsconfig.json': `{
  "compilerOptions": {
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "target": "ES2023",
    "lib": ["ES2023"],
    "types": ["node"],
    "strict": true,
    "strictPropertyInitialization": false,
    "noUncheckedIndexedAccess": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true,
    "sourceMap": true,
    "rootDir": "src",
    "outDir": "dist",
    "skipLibCheck": true
  },
  "include": ["src"]
}
`,
  'tsconfig.build.json':
    '{ "extends": "./tsconfig.json", "exclude": ["node_modules", "dist", "**/*spec.ts"] }\n',
  'vitest.config.mts': `import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['src/**/*.spec.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
`,
  'src/main.ts': `import { ClassSerializerInterceptor, ValidationPipe, VersioningType } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module';
import { ErrorShapeFilter } from './common/filters/error-shape.filter';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  app.useGlobalInterceptors(new ClassSerializerInterceptor(app.get(Reflector), { strategy: 'excludeAll' }));
  app.useGlobalFilters(new ErrorShapeFilter());
  const config = new DocumentBuilder().setTitle('shop').setVersion('1').addBearerAuth().build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'docs-json',
  });
  await app.listen(process.env.PORT ?? 3000);
}
void bootstrap();
`,
  'src/app.module.ts': `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from './auth/auth.module';
import { BrandsModule } from './brands/brands.module';
import { dataSourceOptions } from './data-source';

@Module({
  imports: [
    TypeOrmModule.forRoot({ ...dataSourceOptions, autoLoadEntities: true }),
    AuthModule,
    BrandsModule,
  ],
})
export class AppModule {}
`,
  'src/auth/auth.module.ts': `import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from './auth.guard';
import { TokensService } from './tokens.service';

@Module({
  providers: [TokensService, { provide: APP_GUARD, useClass: AuthGuard }],
})
export class AuthModule {}
`,
  'src/auth/auth.guard.ts': `import { CanActivate, ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { IS_PUBLIC_KEY } from './public.decorator';
import { TokensService } from './tokens.service';

@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokensService: TokensService,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC_KEY, targets)) return true;
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
    if (!this.tokensService.isKnown(headers.authorization)) throw new UnauthorizedException();
    return true;
  }
}
`,
  'src/auth/public.decorator.ts': `import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC_KEY = 'isPublic';
export const Public = () => SetMetadata(IS_PUBLIC_KEY, true);
`,
  'src/auth/tokens.service.ts': `import { Injectable } from '@nestjs/common';

@Injectable()
export class TokensService {
  isKnown(header: string | undefined): boolean {
    return header === 'Bearer shop';
  }
}
`,
  'src/common/filters/error-shape.filter.ts': `import { ArgumentsHost, Catch, ExceptionFilter, HttpException } from '@nestjs/common';

interface JsonResponse {
  status(code: number): { json(body: unknown): void };
}

@Catch(HttpException)
export class ErrorShapeFilter implements ExceptionFilter {
  catch(exception: HttpException, host: ArgumentsHost): void {
    const status = exception.getStatus();
    const response = host.switchToHttp().getResponse<JsonResponse>();
    response.status(status).json({ ok: false, error: { status, detail: exception.getResponse() } });
  }
}
`,
  'src/common/entities/base.entity.ts': `import { Expose } from 'class-transformer';
import { CreateDateColumn, DeleteDateColumn, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';

export abstract class BaseEntity {
  @Expose()
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Expose()
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Expose()
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;

  @DeleteDateColumn({ name: 'deleted_at', type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}
`,
  'src/brands/brands.controller.ts': `import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/public.decorator';
import { BrandsService } from './brands.service';
import { CreateBrandDto } from './dto/create-brand.dto';

@ApiTags('brands')
@ApiBearerAuth()
@Controller('brands')
export class BrandsController {
  constructor(private readonly brandsService: BrandsService) {}

  @Post()
  @ApiOperation({ summary: 'Create a brand' })
  create(@Body() createBrandDto: CreateBrandDto) {
    return this.brandsService.create(createBrandDto);
  }

  @Public()
  @Get()
  @ApiOperation({ summary: 'List brands' })
  findAll() {
    return this.brandsService.findAll();
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a brand' })
  remove(@Param('id', ParseUUIDPipe) id: string) {
    return this.brandsService.remove(id);
  }
}
`,
  'src/brands/brands.service.ts': `import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CreateBrandDto } from './dto/create-brand.dto';
import { Brand } from './entities/brand.entity';

@Injectable()
export class BrandsService {
  constructor(
    @InjectRepository(Brand)
    private readonly brandsRepository: Repository<Brand>,
  ) {}

  create(createBrandDto: CreateBrandDto) {
    return this.brandsRepository.save(this.brandsRepository.create(createBrandDto));
  }

  findAll() {
    return this.brandsRepository.find();
  }

  async remove(id: string) {
    const brand = await this.brandsRepository.findOneBy({ id });
    if (!brand) throw new NotFoundException();
    await this.brandsRepository.softRemove(brand);
  }
}
`,
  'src/brands/dto/create-brand.dto.ts': `import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';

export class CreateBrandDto {
  @ApiProperty({ maxLength: 80 })
  @IsString()
  @IsNotEmpty()
  @MaxLength(80)
  name: string;
}
`,
  'src/brands/entities/brand.entity.ts': `import { Expose } from 'class-transformer';
import { Column, Entity } from 'typeorm';
import { BaseEntity } from '../../common/entities/base.entity';

@Entity('brands')
export class Brand extends BaseEntity {
  @Expose()
  @Column({ type: 'varchar', length: 80, unique: true })
  name: string;
}
`,
  'src/migrations/1700000000000-CreateBrands.ts': `import { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateBrands1700000000000 implements MigrationInterface {
  name = 'CreateBrands1700000000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`CREATE EXTENSION IF NOT EXISTS "uuid-ossp"\`);
    await queryRunner.query(
      \`CREATE TABLE "brands" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "deleted_at" TIMESTAMP WITH TIME ZONE, "name" character varying(80) NOT NULL, CONSTRAINT "UQ_96db6bbbaa6f23cad26871339b6" UNIQUE ("name"), CONSTRAINT "PK_b0c437120b624da1034a81fc561" PRIMARY KEY ("id"))\`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`DROP TABLE "brands"\`);
  }
}
`,
};

const MIGRATIONS = 'dist/data-source.js';

describeCrudShape({
  name: 'a NestJS application of CommonJS with a guard of all routes, a version by default, answers of exposed members, and rows that are marked when deleted',
  stack: 'nestjs',
  files: FILES,
  history: (project) => void run(project.cwd, ['tsc', '-p', 'tsconfig.build.json']),
  checks: [
    ['tsc', '-p', '.', '--noEmit'],
    ['tsc', '-p', 'tsconfig.build.json'],
    ['prettier', '--check', 'src'],
  ],
  linted: ['src'],
  tests: ['vitest', 'run'],
  migrate: ['typeorm', 'migration:run', '-d', MIGRATIONS],
  serve: ['dist/main.js'],
  older: [
    { method: 'POST', path: '/api/v1/brands', body: { name: 'Acme' } },
    { method: 'POST', path: '/api/v1/brands', body: {} },
    { method: 'GET', path: '/api/v1/brands' },
    { method: 'GET', path: '/api/brands' },
    { method: 'DELETE', path: '/api/v1/brands/00000000-0000-4000-8000-000000000000' },
  ],
  domains: {
    base: '/api/v1',
    headers: { authorization: 'Bearer shop' },
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: true,
    refusesEmpty: true,
  },
  refusesWith: 401,
  document: '/docs-json',
  says: ['people: closed by AuthGuard, the guard of the whole application'],
});
