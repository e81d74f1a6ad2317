import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CrudProject } from '../../src/crud/crud-project.ts';
import type { CrudDomain } from '../../src/crud/domain.ts';
import { domainNames } from '../../src/crud/names.ts';
import { sharedOptions } from '../../src/crud/stacks/nestjs/data-source.ts';
import { guardsFor } from '../../src/crud/stacks/nestjs/guards.ts';
import { layoutOf } from '../../src/crud/stacks/nestjs/layout.ts';
import { moduleWiring } from '../../src/crud/stacks/nestjs/module-wiring.ts';
import { routeOf } from '../../src/crud/stacks/nestjs/routes.ts';
import { projectOf as inMemory } from './in-memory.ts';
import { crudFixture } from './project.ts';

/** A project as the stack sees it, of files below `/p/src`. */
const projectOf = (files: Readonly<Record<string, string>>): CrudProject =>
  inMemory(files, { orm: 'typeorm', testRunner: 'jest', entries: ['/p/src/data-source.ts'] });

const domainOf = (table: string, authentication: CrudDomain['authentication'], path = ''): CrudDomain =>
  ({
    names: domainNames(table),
    authentication,
    table: { schema: 'public', name: table, path },
  }) as CrudDomain;

const APP = `import { Module } from '@nestjs/common';
import { UsersModule } from './users/users.module';

@Module({ imports: [UsersModule] })
export class AppModule {}
`;
const USERS = 'export class UsersModule {}\n';

describe('a module is imported', () => {
  const added = { className: 'ItemsModule', path: '/p/src/items/items.module.ts' };
  const wired = (app: string, more: Readonly<Record<string, string>> = {}): string | undefined => {
    const project = projectOf({ 'app.module.ts': app, 'users/users.module.ts': USERS, ...more });
    const { path, edit } = moduleWiring(project, added);
    const once = edit(project.sources.get(path ?? '') ?? '');
    if (once !== undefined) expect(edit(once)).toBe(once);
    return once;
  };

  it('behind its neighbours, and only once', () => {
    expect(wired(APP)).toBe(
      APP.replace(
        "users.module';\n",
        "users.module';\nimport { ItemsModule } from './items/items.module';\n",
      ).replace('[UsersModule]', '[UsersModule, ItemsModule]'),
    );
  });

  it('among calls and comments, which stay as they are', () => {
    const app = `import { Module } from "@nestjs/common"
import { ConfigModule } from "@nestjs/config"
import { UsersModule } from "./users/users.module"

@Module({
	imports: [
		ConfigModule.forRoot({ isGlobal: true }), // first
		UsersModule /* who */,
		...(process.env.CRON ? [CronModule] : []),
	],
})
export class AppModule {}
`;
    expect(wired(app)).toBe(
      app
        .replace('UsersModule /* who */,\n', 'UsersModule /* who */,\n\t\tItemsModule,\n')
        .replace('users.module"\n', 'users.module"\nimport { ItemsModule } from "./items/items.module"\n'),
    );
  });

  it('where a module has no imports yet, or keeps them in a constant', () => {
    expect(wired(APP.replace('{ imports: [UsersModule] }', '{ providers: [] }'))).toContain(
      '@Module({ imports: [ItemsModule], providers: [] })',
    );
    expect(
      wired(
        APP.replace('\n@Module', '\nconst modules = [UsersModule];\n\n@Module').replace(
          'imports: [UsersModule]',
          'imports: modules',
        ),
      ),
    ).toContain('const modules = [UsersModule, ItemsModule];');
  });

  it('in the module that has the neighbours, which need not be that of the application', () => {
    const project = projectOf({
      'app.module.ts': APP.replace('./users/users.module', './features.module').replaceAll(
        'UsersModule',
        'FeaturesModule',
      ),
      'features.module.ts': APP.replace('AppModule', 'FeaturesModule'),
      'users/users.module.ts': USERS,
    });
    expect(moduleWiring(project, added).path).toBe('/p/src/features.module.ts');
  });

  it('by hand where the list cannot be seen, with the text to paste', () => {
    expect(wired(APP.replace('{ imports: [UsersModule] }', 'metadata()'))).toBeUndefined();
    expect(moduleWiring(projectOf({}), added)).toMatchObject({
      path: undefined,
      paste: expect.stringContaining("import { ItemsModule } from './items/items.module';") as string,
    });
  });
});

describe('guards are those of the project', () => {
  const controller = (decorators: string): string => `import { Controller, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { JwtAuthGuard } from './jwt.guard';
import { Role, Roles, RolesGuard } from './roles';

@Controller('users')
${decorators}
export class UsersController {}
`;
  const access = (authentication: CrudDomain['authentication'], files: Record<string, string>) =>
    guardsFor(domainOf('items', authentication), projectOf({ 'jwt.guard.ts': '', 'roles.ts': '', ...files }));
  const guards = (...asked: Parameters<typeof access>) => access(...asked).use;

  it('taken from the neighbours, from a package too', () => {
    expect(guards('protected', { 'users.controller.ts': controller('@UseGuards(JwtAuthGuard)') })).toEqual({
      decorators: ['@UseGuards(JwtAuthGuard)'],
      guards: ['JwtAuthGuard'],
      imports: [{ name: 'JwtAuthGuard', from: { path: '/p/src/jwt.guard.ts' } }],
    });
    expect(
      guards('protected', { 'users.controller.ts': controller("@UseGuards(AuthGuard('jwt'))") }),
    ).toMatchObject({ imports: [{ name: 'AuthGuard', from: { module: '@nestjs/passport' } }] });
  });

  it('with the role of admins, where it is asked for', () => {
    const files = {
      'users.controller.ts': controller('@UseGuards(JwtAuthGuard, RolesGuard)\n@Roles(Role.Admin)'),
    };
    expect(guards('admin', files).decorators).toEqual([
      '@UseGuards(JwtAuthGuard, RolesGuard)',
      '@Roles(Role.Admin)',
    ]);
    expect(
      guards('admin', files)
        .imports.map(({ name }) => name)
        .toSorted(),
    ).toEqual(['JwtAuthGuard', 'Role', 'Roles', 'RolesGuard']);
  });

  it('found by their class, where no controller has one', () => {
    expect(
      guards('protected', {
        'auth.guard.ts': 'export class SessionGuard implements CanActivate {}',
        'throttle.guard.ts': 'export class ThrottleGuard implements CanActivate {}',
      }).decorators,
    ).toEqual(['@UseGuards(SessionGuard)']);
  });

  it('those of the whole application, which single routes are taken out of', () => {
    const files = {
      'app.module.ts':
        '@Module({ providers: [{ provide: APP_GUARD, useClass: JwtAuthGuard }] })\nexport class AppModule {}\n',
      'public.ts': "export const Public = () => SetMetadata('public', true);",
    };
    expect(guards('protected', files).decorators).toEqual([]);
    expect(guards('public', files).decorators).toEqual(['@Public()']);
  });

  it('those of the whole application, in every form, where nothing is said', () => {
    const publicly = { 'public.ts': "export const Open = () => SetMetadata('isPublic', true);" };
    for (const app of [
      '@Module({ providers: [{ provide: APP_GUARD, useExisting: JwtAuthGuard }] }) class A {}',
      '@Module({ providers: [{ provide: APP_GUARD, useFactory: (r: Reflector) => new JwtAuthGuard(r), inject: [Reflector] }] }) class A {}',
      'async function main() { app.useGlobalGuards(new JwtAuthGuard(app.get(Reflector))); }',
      'async function main() { app.useGlobalGuards(app.get(JwtAuthGuard), new RolesGuard()); }',
    ]) {
      const closed = access(undefined, { 'main.ts': app, ...publicly });
      expect(closed.use.decorators).toEqual([]);
      expect(closed.notice.message).toBe(
        'items: closed by JwtAuthGuard, the guard of the whole application (src/main.ts)',
      );
      expect(guards('public', { 'main.ts': app, ...publicly }).decorators).toEqual(['@Open()']);
    }
    expect(access('public', { 'main.ts': 'app.useGlobalGuards(new JwtAuthGuard());' }).notice).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('no decorator that opens') as string,
    });
    const throttled = { 'main.ts': 'app.useGlobalGuards(new ThrottlerGuard());' };
    expect(access(undefined, throttled).notice.message).toContain('anybody may use its routes');
  });

  it('those that all others have, where nothing is said', () => {
    const users = controller('@UseGuards(JwtAuthGuard)');
    const login = `import { Controller } from '@nestjs/common';\n@Controller('auth')\nexport class AuthController {}\n`;
    expect(
      guards(undefined, { 'users.controller.ts': users, 'auth.controller.ts': login }).decorators,
    ).toEqual(['@UseGuards(JwtAuthGuard)']);
    const posts = `import { Controller } from '@nestjs/common';\n@Controller('posts')\nexport class PostsController {}\n`;
    const some = access(undefined, { 'users.controller.ts': users, 'posts.controller.ts': posts });
    expect(some.use.decorators).toEqual([]);
    expect(some.notice).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('UsersController are guarded with @UseGuards(JwtAuthGuard)') as string,
    });
  });

  it('those of a decorator that is made of others', () => {
    const files = {
      'auth.decorator.ts': `import { applyDecorators, UseGuards } from '@nestjs/common';
import { JwtAuthGuard } from './jwt.guard';
export const Auth = () => applyDecorators(UseGuards(JwtAuthGuard), ApiBearerAuth());
`,
      'users.controller.ts': `import { Controller, Get } from '@nestjs/common';
import { Auth } from './auth.decorator';
@Controller('users')
export class UsersController {
  @Get()
  @Auth()
  list() {}
}
`,
    };
    expect(guards(undefined, files)).toEqual({
      decorators: ['@Auth()'],
      guards: ['JwtAuthGuard'],
      imports: [
        { name: 'Auth', from: { path: '/p/src/auth.decorator.ts' } },
        { name: 'JwtAuthGuard', from: { path: '/p/src/jwt.guard.ts' } },
      ],
    });
  });

  it('asked about, where a middleware guards each controller by its name', () => {
    const files = {
      'app.module.ts':
        'class A { configure(consumer) { consumer.apply(AuthMiddleware).forRoutes(UsersController); } }',
    };
    expect(() => access(undefined, files)).toThrow(
      expect.objectContaining({ code: 'answer-needed', exitCode: 3 }),
    );
    expect(access('public', files).use.decorators).toEqual([]);
  });

  it('never invented', () => {
    const files = { 'users.controller.ts': controller('@UseGuards(ThrottlerGuard)') };
    for (const authentication of ['protected', 'admin'] as const)
      expect(() => guards(authentication, files)).toThrow(
        expect.objectContaining({ code: 'answer-needed', exitCode: 3 }),
      );
  });
});

it('modules lie where the others lie, persistence where the record does', () => {
  const project = projectOf({
    'app.module.ts': APP,
    'modules/users/users.module.ts': USERS,
    'modules/posts/posts.module.ts': USERS,
    'shared/shared.module.ts': USERS,
  });
  const record = '/p/src/modules/order-items/infrastructure/persistence/postgres/schema/order-item.record.ts';
  expect(layoutOf(domainOf('order_items', 'public', record), project)).toEqual({
    module: '/p/src/modules/order-items',
    persistence: '/p/src/modules/order-items/infrastructure/persistence/postgres',
    shared: '/p/src/shared',
  });
  expect(layoutOf(domainOf('people', 'public', '/p/src/entities/person.entity.ts'), projectOf({}))).toEqual({
    module: '/p/src/people',
    persistence: '/p/src/people/infrastructure/persistence',
    shared: '/p/src/common',
  });
});

it('routes are below the same folder and have the same version', () => {
  const project = projectOf({
    'a.ts': "@Controller({ path: 'api/users', version: '2' })",
    'b.ts': "@Controller({ path: 'api/posts', version: '2' })",
    'c.ts': '@Controller()',
  });
  expect(routeOf('order-items', project)).toEqual({
    path: '/api/order-items',
    argument: "{ path: 'api/order-items', version: '2' }",
  });
  expect(routeOf('order-items', projectOf({ 'a.ts': "@Controller('users')" }))).toEqual({
    path: '/order-items',
    argument: "'order-items'",
  });
});

it('a test takes over what a data source says of names and values, and not the module, which wants variables', () => {
  const options = sharedOptions(
    projectOf({
      'naming.ts': 'export class ShopNaming {}',
      'data-source.ts': `import { ShopNaming } from './naming';
const url = process.env.DATABASE_URL;
const prefix = process.env.PREFIX;
export default new DataSource({ type: 'postgres', url, namingStrategy: new ShopNaming(), entityPrefix: prefix, parseInt8: true });`,
    }),
  );
  expect(options).toEqual({
    members: ['namingStrategy: new ShopNaming(),', 'parseInt8: true,'],
    imports: [{ name: 'ShopNaming', from: { path: '/p/src/naming.ts' } }],
  });
});

it('a foreign key that is a relation only has a key in the domain', async () => {
  const project = crudFixture('nestjs');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(project.root, path)), { recursive: true });
    writeFileSync(join(project.root, path), text);
  };
  write(
    'src/reviews/infrastructure/persistence/review.record.ts',
    `import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { UserRecord } from '../../../users/infrastructure/persistence/user.record.js';

@Entity('reviews')
export class ReviewRecord {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @ManyToOne(() => UserRecord, { nullable: false })
  @JoinColumn({ name: 'user_id' })
  user!: UserRecord;

  @ManyToOne(() => ReviewRecord)
  @JoinColumn({ name: 'answers_id' })
  answers?: ReviewRecord | null;

  @Column({ type: 'text' })
  body!: string;
}
`,
  );
  write(
    'src/migrations/1700000000001-CreateReviews.ts',
    `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReviews1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE TABLE "reviews" ("id" uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY, "user_id" uuid NOT NULL REFERENCES "users", "answers_id" uuid REFERENCES "reviews", "body" text NOT NULL)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "reviews"');
  }
}
`,
  );
  expect(await project.crud('reviews', { typecheck: true })).toMatchObject({
    status: 'code',
    verification: { ok: true },
  });
  expect(
    readFileSync(join(project.root, 'src/reviews/infrastructure/persistence/review.mapper.ts'), 'utf8'),
  ).toContain('    userId: record.user.id,\n    answersId: record.answers?.id ?? null,\n');
  expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
});

it('a guarded domain compiles, and its tests pass through the guard', async () => {
  const project = crudFixture('nestjs');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(project.root, path)), { recursive: true });
    writeFileSync(join(project.root, path), text);
  };
  write(
    'src/auth/jwt-auth.guard.ts',
    `import { type CanActivate, Injectable } from '@nestjs/common';

@Injectable()
export class JwtAuthGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}
`,
  );
  const outcome = await project.crud(
    'tags code:varchar(10)!:pk label:text! weight:numeric(6,3)=0 category:uuid created_at:timestamptz!=now()',
    { authentication: 'protected', typecheck: true },
  );
  expect(outcome).toMatchObject({ status: 'done', verification: { ok: true } });
  expect(readFileSync(join(project.root, 'src/tags/presenters/http/tags.controller.ts'), 'utf8')).toContain(
    "@Controller('tags')\n@UseGuards(JwtAuthGuard)\n",
  );
  expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
});
