import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { treeOf } from '../workspace/tree.ts';
import { editing } from './editing.ts';
import { CONTAINER, REPOSITORY, ROUTES, USE_CASES } from './elysia-paths.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const BRANDS = 'brands id:uuid=gen_random_uuid():pk name:text!:unique';

let project: CrudFixture;
beforeEach(() => {
  project = crudFixture('elysia');
});

const { write, read, change, move } = editing(() => project);
const CONTROLLERS = ['get-all-users', 'get-user-by-id'].map(
  (name) => `src/adapters/users/${name}.controller.ts`,
);
const GADGETS = `import { bigint, boolean, char, check, date, doublePrecision, integer, json, jsonb, numeric, pgEnum, pgTable, real, smallint, text, time, timestamp, unique, uuid, varchar } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';

export const gadgetColor = pgEnum('gadget_color', ['red', "it's"]);
export type Meta = { a: number };
export type Code = string & { readonly __c: 'Code' };

export const gadgets = pgTable('gadgets', {
  id: uuid('id').primaryKey(),
  big: bigint('big', { mode: 'bigint' }).notNull(),
  bigN: bigint('big_n', { mode: 'number' }),
  bigs: bigint('bigs', { mode: 'bigint' }).array(),
  day: date('day', { mode: 'date' }).notNull(),
  dayS: date('day_s'),
  days: date('days', { mode: 'date' }).array().notNull(),
  at: timestamp('at', { mode: 'string' }),
  ats: timestamp('ats', { withTimezone: true }).array(),
  clock: time('clock').notNull(),
  color: gadgetColor('color').notNull(),
  colors: gadgetColor('colors').array(),
  size: text('size', { enum: ['s', 'm'] }).notNull(),
  kind: varchar('kind', { length: 10 }).notNull(),
  meta: jsonb('meta').$type<Meta>().notNull(),
  plain: json('plain'),
  code: varchar('code', { length: 12 }).$type<Code>().notNull(),
  small: smallint('small').notNull(),
  ratio: doublePrecision('ratio'),
  weight: real('weight'),
  price: numeric('price', { precision: 6, scale: 2 }).notNull(),
  priceN: numeric('price_n', { precision: 6, scale: 2, mode: 'number' }),
  free: numeric('free'),
  flag: char('flag', { length: 2 }),
  on: boolean('on'),
  page: integer('page').notNull(),
  filter: text('filter'),
  passwordHash: text('password_hash'),
  updatedAt: timestamp('updated_at').defaultNow().notNull().$onUpdate(() => new Date()),
}, (t) => [unique('gadgets_code_small').on(t.code, t.small), check('kind_check', sql\`\${t.kind} in ('a', 'b')\`), check('price_check', sql\`\${t.price} >= 1 and \${t.price} < 100\`)]);

export const news = pgTable('news', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  gadgetId: uuid('gadget_id').notNull().unique().references(() => gadgets.id),
  data: text('data').notNull(),
  parentId: integer('parent_id'),
});

export const data = pgTable('data', { id: text('id').primaryKey().$defaultFn(() => crypto.randomUUID()), body: text('body') });
`;

describe('a domain is wired into an Elysia project', () => {
  it('whose tokens are constants and whose controllers stand in a list', async () => {
    write(
      'src/core/shared/tokens.ts',
      "export const LOGGER = Symbol('LOGGER');\nexport const DATABASE = Symbol('DATABASE');\nexport const USER_REPOSITORY = Symbol('USER_REPOSITORY');\n",
    );
    for (const path of [...USE_CASES, REPOSITORY, CONTAINER]) {
      const text = read(path);
      const tokens = ['Logger', 'Database', 'UserRepository'].filter((name) =>
        text.includes(`TOKENS.${name}`),
      );
      const constant = (name: string) => name.replace('UserR', 'USER_R').toUpperCase();
      write(
        path,
        tokens
          .reduce((all, name) => all.replaceAll(`TOKENS.${name}`, constant(name)), text)
          .replace('{ TOKENS }', `{ ${tokens.map(constant).join(', ')} }`),
      );
    }
    change(
      'container.register(USER_REPOSITORY, { useClass: UserDrizzleRepository });',
      'container.registerSingleton<UserRepository>(USER_REPOSITORY, UserDrizzleRepository);',
      CONTAINER,
    );
    change(
      "import { ConsoleLogger } from './logger';\n",
      "import type { UserRepository } from '../domain/users/service/user.repository';\nimport { ConsoleLogger } from './logger';\n",
      CONTAINER,
    );
    write(
      ROUTES,
      `import type { AnyElysia } from 'elysia';
import { GetAllUsersController } from '../../adapters/users/get-all-users.controller';
import { GetUserByIdController } from '../../adapters/users/get-user-by-id.controller';
import { container } from '../../core/shared/container';

interface Controller {
  register(app: AnyElysia): void;
}

const CONTROLLERS = [
  GetAllUsersController,
  GetUserByIdController
];

export function registerRoutes(app: AnyElysia): AnyElysia {
  for (const controller of CONTROLLERS) container.resolve<Controller>(controller).register(app);
  return app;
}
`,
    );
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({
      verification: { ok: true },
      draft: { code: { byHand: [] } },
    });
    expect(read('src/core/shared/tokens.ts')).toContain(
      "export const USER_REPOSITORY = Symbol('USER_REPOSITORY');\nexport const BRAND_REPOSITORY = Symbol('BRAND_REPOSITORY');\n",
    );
    expect(read(CONTAINER)).toContain(
      'container.registerSingleton<BrandRepository>(BRAND_REPOSITORY, BrandDrizzleRepository);',
    );
    expect(read(ROUTES)).toContain(
      '  GetUserByIdController,\n  CreateBrandController,\n  GetAllBrandsController,\n  GetBrandByIdController,\n  UpdateBrandController,\n  DeleteBrandController\n];',
    );
  });

  it('that puts its files elsewhere, wraps its database and has a prefix', async () => {
    for (const [index, name] of ['get-all-users', 'get-user-by-id'].entries())
      move(USE_CASES[index]!, `src/core/domain/user/use-cases/${name}.use-case.ts`);
    const moved = ['get-all-users', 'get-user-by-id'].map(
      (name) => `src/core/domain/user/use-cases/${name}.use-case.ts`,
    );
    change("'../entity/", "'../../users/entity/", ...moved);
    change("'../service/", "'../../users/service/", ...moved);
    change('domain/users/use-case/', 'domain/user/use-cases/', CONTAINER, ...CONTROLLERS);
    change('.usecase', '.use-case', CONTAINER, ...CONTROLLERS);
    change("'/users", "'/api/v1/users", ...CONTROLLERS);
    write(
      'src/external/drizzle/drizzle-connection.ts',
      "import { database } from './connection';\n\nexport class DrizzleConnection {\n  readonly connection = database;\n}\n",
    );
    change('import type { Database } from', 'import { DrizzleConnection } from', REPOSITORY);
    change("'../connection'", "'../drizzle-connection'", REPOSITORY);
    change(
      '@inject(TOKENS.Database) private readonly db: Database',
      '@inject(DrizzleConnection) private readonly drizzle: DrizzleConnection',
      REPOSITORY,
    );
    change("import { TOKENS } from '../../../core/shared/tokens';\n", '', REPOSITORY);
    change('this.db.', 'this.drizzle.connection.', REPOSITORY);
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({ verification: { ok: true } });
    expect(read('src/core/domain/brand/use-cases/create-brand.use-case.ts')).toContain(
      'class CreateBrandUseCase',
    );
    expect(read('src/adapters/brands/create-brand.controller.ts')).toContain("'/api/v1/brands'");
    expect(read('src/external/drizzle/brands/brand.drizzle.repository.ts')).toContain('this.db.connection');
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it('that has no domain yet', async () => {
    for (const path of ['src/core/domain', 'src/adapters', REPOSITORY])
      rmSync(join(project.root, path), { recursive: true });
    write(
      'src/core/shared/tokens.ts',
      "export const TOKENS = {\n  Logger: Symbol('Logger'),\n  Database: Symbol('Database')\n};\n",
    );
    const imports = "import { database } from '../../external/drizzle/connection';\n";
    const [head, rest] = read(CONTAINER).split(imports);
    const kept = (text: string): string =>
      text
        .split('\n')
        .filter((line) => !/User/.test(line))
        .join('\n');
    write(CONTAINER, kept(head!) + imports + kept(rest!));
    write(
      ROUTES,
      `import { Elysia } from 'elysia';
import { container } from '../../core/shared/container';

export const app = new Elysia().get('/health', () => 'ok');
`,
    );
    write('src/external/api/server.ts', "export { app } from './routes';\n");
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({
      verification: { ok: true },
      draft: { code: { byHand: [] } },
    });
    expect(read('src/core/shared/tokens.ts')).toContain(
      "  Database: Symbol('Database'),\n  BrandRepository: Symbol('BrandRepository')\n};",
    );
    expect(read(ROUTES)).toContain("'ok');\n\ncontainer.resolve(CreateBrandController).register(app);\n");
  });

  it('by hand where there is no place for it, with the text to paste', async () => {
    for (const path of [CONTAINER, ROUTES, 'src/external/api/server.ts']) rmSync(join(project.root, path));
    const outcome = await project.crud(BRANDS);
    expect(outcome).toMatchObject({
      draft: {
        code: {
          byHand: [
            { paste: 'container.register(TOKENS.BrandRepository, { useClass: BrandDrizzleRepository });' },
            {
              paste: expect.stringContaining(
                'container.resolve(CreateBrandController).register(app);',
              ) as string,
            },
          ],
        },
      },
    });
  });

  it('with values of every kind, and names that code has for other things', async () => {
    write('src/external/drizzle/gadgets/gadget.schema.ts', GADGETS);
    change(
      'export { users }',
      "export { data, gadgetColor, gadgets, news } from './gadgets/gadget.schema';\nexport { users }",
      'src/external/drizzle/schema.ts',
    );
    await project.run('npx', 'drizzle-kit', 'generate', '--name', 'gadgets');
    expect(await project.crud('gadgets news data', { typecheck: true })).toMatchObject({
      verification: { ok: true },
    });
    expect(await project.run('npx', 'vitest', 'run', 'src/adapters')).toMatchObject({ code: 0 });
  });

  it('but never guarded by a group that is only called so', async () => {
    change('app.guard({ beforeHandle: requireAuth }, (guarded)', "app.group('/auth', (guarded)", ROUTES);
    await expect(project.crud(BRANDS, { authentication: 'protected' })).rejects.toMatchObject({
      code: 'answer-needed',
      exitCode: 3,
    });
  });

  it('but not into one of modules', async () => {
    write('src/modules/users/module-definition.ts', 'export {};\n');
    const before = treeOf(project.root);
    await expect(project.crud(BRANDS)).rejects.toMatchObject({ code: 'crud-not-possible', exitCode: 2 });
    expect(treeOf(project.root)).toBe(before);
  });

  it('that tests with node, and changes rows by PUT', async () => {
    change(
      '"test": "vitest run"',
      '"test": "node --import tsx --test \\"src/**/*.test.ts\\""',
      'package.json',
    );
    write(
      'src/adapters/users/update-user.controller.ts',
      read(CONTROLLERS[1]!)
        .replaceAll('GetUserByIdController', 'UpdateUserController')
        .replace('app.get(', 'app.put('),
    );
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({ verification: { ok: true } });
    expect(read('src/adapters/brands/update-brand.controller.ts')).toContain('new Elysia().put(');
    const tests = 'src/adapters/brands/brands.http.test.ts';
    expect(await project.run('node', '--import', 'tsx', '--test', tests)).toMatchObject({ code: 0 });
  });
});
