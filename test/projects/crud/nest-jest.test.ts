import { run } from '../project.ts';
import { describeCrudShape } from './crud-shape.ts';
import { NEST_COMMON_JS } from './nest-common-js.ts';

/** What `nest new` has installed for years: CommonJS, jest with ts-jest, its configuration in package.json. */
const PACKAGES = {
  '@electric-sql/pglite': '0.5.16',
  '@nestjs/common': '11.2.10',
  '@nestjs/core': '11.2.10',
  '@nestjs/platform-express': '11.2.10',
  '@nestjs/testing': '11.2.6',
  '@nestjs/typeorm': '11.0.3',
  '@types/express': '5.0.6',
  '@types/jest': '30.0.0',
  '@types/node': '20.19.43',
  'class-transformer': '0.5.1',
  'class-validator': '0.15.1',
  jest: '30.5.2',
  pg: '8.23.1',
  prettier: '3.10.1',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  'ts-jest': '29.4.15',
  typeorm: '1.1.1',
  typescript: '5.9.3',
};

const FILES = {
  ...NEST_COMMON_JS,
  '.prettierrc': '{\n  "singleQuote": true,\n  "trailingComma": "all"\n}\n',
  'package.json': `{
  "name": "shop-api",
  "version": "0.0.1",
  "private": true,
  "license": "UNLICENSED",
  "scripts": {
    "build": "nest build",
    "start": "nest start",
    "test": "jest",
    "test:watch": "jest --watch"
  },
  "dependencies": {
    "@nestjs/common": "^11.2.10",
    "@nestjs/core": "^11.2.10",
    "@nestjs/platform-express": "^11.2.10",
    "@nestjs/typeorm": "^11.0.3",
    "class-transformer": "^0.5.1",
    "class-validator": "^0.15.1",
    "pg": "^8.23.1",
    "reflect-metadata": "^0.2.2",
    "rxjs": "^7.8.2",
    "typeorm": "^1.1.1"
  },
  "devDependencies": {
    "@electric-sql/pglite": "^0.5.16",
    "@nestjs/testing": "^11.2.6",
    "@types/express": "^5.0.6",
    "@types/jest": "^30.0.0",
    "@types/node": "^20.19.43",
    "jest": "^30.5.2",
    "prettier": "^3.10.1",
    "ts-jest": "^29.4.15",
    "typescript": "^5.9.3"
  },
  "jest": {
    "moduleFileExtensions": ["js", "json", "ts"],
    "rootDir": "src",
    "testRegex": ".*\\\\.spec\\\\.ts$",
    "transform": { "^.+\\\\.(t|j)s$": "ts-jest" },
    "collectCoverageFrom": ["**/*.(t|j)s"],
    "coverageDirectory": "../coverage",
    "testEnvironment": "node"
  }
}
`,
  'tsconfig.json': `{
  "compilerOptions": {
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "resolvePackageJsonExports": true,
    "esModuleInterop": true,
    "isolatedModules": true,
    "declaration": true,
    "removeComments": true,
    "emitDecoratorMetadata": true,
    "experimentalDecorators": true,
    "allowSyntheticDefaultImports": true,
    "target": "ES2023",
    "sourceMap": true,
    "outDir": "./dist",
    "incremental": true,
    "skipLibCheck": true,
    "strict": true,
    "strictPropertyInitialization": false
  }
}
`,
  'tsconfig.build.json':
    '{\n  "extends": "./tsconfig.json",\n  "exclude": ["node_modules", "test", "dist", "**/*spec.ts"]\n}\n',
  'src/main.ts': `import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  await app.listen(process.env.PORT ?? 3000);
}
void bootstrap();
`,
  'src/app.module.ts': `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppController } from './app.controller';
import { AppService } from './app.service';
import { BrandsModule } from './brands/brands.module';
import { dataSourceOptions } from './data-source';

@Module({
  imports: [
    TypeOrmModule.forRoot({ ...dataSourceOptions, autoLoadEntities: true }),
    BrandsModule,
  ],
  controllers: [AppController],
  providers: [AppService],
})
export class AppModule {}
`,
  'src/app.controller.ts': `import { Controller, Get } from '@nestjs/common';
import { AppService } from './app.service';

@Controller()
export class AppController {
  constructor(private readonly appService: AppService) {}

  @Get()
  getHello(): string {
    return this.appService.getHello();
  }
}
`,
  'src/app.controller.spec.ts': `import { Test, TestingModule } from '@nestjs/testing';
import { AppController } from './app.controller';
import { AppService } from './app.service';

describe('AppController', () => {
  let appController: AppController;

  beforeEach(async () => {
    const app: TestingModule = await Test.createTestingModule({
      controllers: [AppController],
      providers: [AppService],
    }).compile();

    appController = app.get<AppController>(AppController);
  });

  it('should return the greeting', () => {
    expect(appController.getHello()).toBe('Hello World!');
  });
});
`,
  'src/app.service.ts': `import { Injectable } from '@nestjs/common';

@Injectable()
export class AppService {
  getHello(): string {
    return 'Hello World!';
  }
}
`,
  'src/brands/brands.controller.ts': `import { Body, Controller, Get, Post } from '@nestjs/common';
import { BrandsService } from './brands.service';
import { CreateBrandDto } from './dto/create-brand.dto';

@Controller('brands')
export class BrandsController {
  constructor(private readonly brandsService: BrandsService) {}

  @Post()
  create(@Body() createBrandDto: CreateBrandDto) {
    return this.brandsService.create(createBrandDto);
  }

  @Get()
  findAll() {
    return this.brandsService.findAll();
  }
}
`,
  'src/brands/brands.service.ts': `import { Injectable } from '@nestjs/common';
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
    return this.brandsRepository.save(createBrandDto);
  }

  findAll() {
    return this.brandsRepository.find();
  }
}
`,
  'src/brands/dto/create-brand.dto.ts': `import { IsString, MaxLength } from 'class-validator';

export class CreateBrandDto {
  @IsString()
  @MaxLength(80)
  name: string;
}
`,
  'src/brands/entities/brand.entity.ts': `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('brands')
export class Brand {
  @PrimaryGeneratedColumn('uuid')
  id: string;

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
      \`CREATE TABLE "brands" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "name" character varying(80) NOT NULL, CONSTRAINT "UQ_96db6bbbaa6f23cad26871339b6" UNIQUE ("name"), CONSTRAINT "PK_b0c437120b624da1034a81fc561" PRIMARY KEY ("id"))\`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`DROP TABLE "brands"\`);
  }
}
`,
};

describeCrudShape({
  name: 'a NestJS application as `nest new` makes it with jest',
  stack: 'nestjs',
  files: FILES,
  packages: PACKAGES,
  history: (project) => void run(project.cwd, ['tsc', '-p', 'tsconfig.build.json']),
  checks: [
    ['tsc', '-p', '.', '--noEmit'],
    ['tsc', '-p', 'tsconfig.build.json'],
    ['prettier', '--check', 'src'],
  ],
  linted: ['src'],
  tests: ['jest'],
  migrate: ['typeorm', 'migration:run', '-d', 'dist/data-source.js'],
  serve: ['dist/main.js'],
  older: [
    { method: 'POST', path: '/brands', body: { name: 'Acme' } },
    { method: 'POST', path: '/brands', body: {} },
    { method: 'GET', path: '/brands' },
  ],
  domains: {
    base: '',
    headers: {},
    names: { people: 'people', orderItems: 'order-items', personId: 'personId' },
    deletesSoftly: false,
  },
});
