import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { treeOf } from '../workspace/tree.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const BRANDS = 'brands id:uuid=gen_random_uuid():pk name:text!:unique';

let project: CrudFixture;
beforeEach(() => {
  project = crudFixture('elysia');
});

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(project.root, path)), { recursive: true });
  writeFileSync(join(project.root, path), text);
};
const read = (path: string): string => readFileSync(join(project.root, path), 'utf8');
/** Replaces a text in files; each has to have it. */
const change = (from: string, to: string, ...paths: readonly string[]): void => {
  for (const path of paths) {
    expect(read(path)).toContain(from);
    write(path, read(path).replaceAll(from, to));
  }
};
const move = (from: string, to: string): void => {
  mkdirSync(dirname(join(project.root, to)), { recursive: true });
  renameSync(join(project.root, from), join(project.root, to));
};

const USE_CASES = ['get-all-users', 'get-user-by-id'].map(
  (name) => `src/core/domain/users/use-case/${name}.usecase.ts`,
);
const REPOSITORY = 'src/external/drizzle/users/user.drizzle.repository.ts';
const CONTROLLERS = ['get-all-users', 'get-user-by-id'].map(
  (name) => `src/adapters/users/${name}.controller.ts`,
);
const CONTAINER = 'src/core/shared/container.ts';
const ROUTES = 'src/external/api/routes.ts';

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
      'container.register(BRAND_REPOSITORY, { useClass: BrandDrizzleRepository });',
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
    const tests = [
      'src/adapters/brands/brands.http.test.ts',
      'src/core/domain/brands/use-case/brands.usecase.test.ts',
    ];
    expect(await project.run('node', '--import', 'tsx', '--test', ...tests)).toMatchObject({ code: 0 });
  });
});
