import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { reportOutcome } from '../../src/report/json.ts';
import { editing } from './editing.ts';
import { CONTAINER, REPOSITORY, ROUTES, USE_CASES } from './elysia-paths.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const BRANDS = 'brands id:uuid=gen_random_uuid():pk name:text!:unique';

let project: CrudFixture;
beforeEach(() => {
  project = crudFixture('elysia');
});

const { write, read, change, move } = editing(() => project);
const PORT = 'src/core/domain/users/service/user.repository.ts';
const CONNECTION = 'src/external/drizzle/connection.ts';

/** Controllers are constants of the module, and registered on an application that a function has closed. */
const RESOLVED_FIRST = `import type { Elysia } from 'elysia';
import { GetAllUsersController } from '../../adapters/users/get-all-users.controller';
import { GetUserByIdController } from '../../adapters/users/get-user-by-id.controller';
import { container } from '../../core/shared/container';
import { requireAuth } from './auth';

function withAuth(app: Elysia) {
  return app.onBeforeHandle(requireAuth);
}

const getAllUsersController = container.resolve(GetAllUsersController);
const getUserByIdController = container.resolve(GetUserByIdController);

export function registerRoutes(app: Elysia): Elysia {
  const protectedApp = withAuth(app) as unknown as Elysia;
  getAllUsersController.register(protectedApp);
  getUserByIdController.register(protectedApp);
  return app;
}
`;

const LISTEN = `import 'reflect-metadata';
import { serve } from '@hono/node-server';
import { Elysia } from 'elysia';
import { container } from 'tsyringe';
import { TOKENS } from './core/shared/tokens';
import { testDatabase } from './external/drizzle/test-database';

const { db } = await testDatabase();
container.register<unknown>(TOKENS.Database, { useValue: db });
await import('./core/shared/container');
container.register<unknown>(TOKENS.Database, { useValue: db });
const { registerRoutes } = await import('./external/api/routes');
const app = registerRoutes(new Elysia());
serve({ fetch: app.fetch, port: 0 }, ({ port }) => console.log(\`listening on \${port}\`));
`;
const withoutUsers = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/User/.test(line))
    .join('\n');

describe('a domain is wired into an Elysia project as its neighbours are', () => {
  it('whose tokens, ports and registrations have names of the project, and whose controllers are resolved first', async () => {
    for (const path of [...USE_CASES, REPOSITORY, CONTAINER, 'src/core/shared/tokens.ts'])
      write(path, read(path).replaceAll(/(?<!I)UserRepository\b/g, 'IUserRepository'));
    write(
      PORT,
      "import type { User, UserId } from '../entity/user.entity';\n\nexport interface IUserRepository {\n  getAll(): Promise<User[]>;\n  getById(id: UserId): Promise<User | undefined>;\n}\n",
    );
    change('import { IUserRepository }', 'import type { IUserRepository }', REPOSITORY);
    change('extends IUserRepository', 'implements IUserRepository', REPOSITORY);
    change('{\n    super();\n  }', '{}', REPOSITORY);
    change("Symbol.for('IUserRepository')", "Symbol('IUserRepository')", 'src/core/shared/tokens.ts');
    change(
      'container.register(TOKENS.IUserRepository, { useClass: UserDrizzleRepository });',
      'container.registerSingleton(TOKENS.IUserRepository, UserDrizzleRepository);',
      CONTAINER,
    );
    write(ROUTES, RESOLVED_FIRST);
    const outcome = await project.crud(BRANDS, { typecheck: true });
    expect(outcome).toMatchObject({ verification: { ok: true }, draft: { code: { byHand: [] } } });
    expect(JSON.stringify(reportOutcome(outcome))).toContain(
      'brands: closed by withAuth(app), as GetAllUsersController is',
    );
    expect(read('src/core/shared/tokens.ts')).toContain(
      "  IUserRepository: Symbol('IUserRepository'),\n  IBrandRepository: Symbol('IBrandRepository'),\n",
    );
    expect(read(CONTAINER)).toContain(
      'container.registerSingleton(TOKENS.IUserRepository, UserDrizzleRepository);\ncontainer.registerSingleton(TOKENS.IBrandRepository, BrandDrizzleRepository);\n',
    );
    expect(read('src/core/domain/brands/service/brand.repository.ts')).toContain(
      'export interface IBrandRepository {\n  create(',
    );
    expect(read(ROUTES)).toContain(`const deleteBrandController = container.resolve(DeleteBrandController);

export function registerRoutes(app: Elysia): Elysia {
  const protectedApp = withAuth(app) as unknown as Elysia;
  getAllUsersController.register(protectedApp);
  getUserByIdController.register(protectedApp);
  createBrandController.register(protectedApp);
`);
    // The whole application starts, and keeps strangers out of the old routes and the new.
    const { url, stop } = await project.serve(LISTEN);
    try {
      for (const path of ['/users', '/brands']) {
        expect((await fetch(url + path)).status).toBe(401);
        const known = await fetch(url + path, { headers: { authorization: 'Bearer staff' } });
        expect(known.status).toBe(200);
      }
    } finally {
      stop();
    }
  });

  it('but not by a line in which a name of the neighbour is left', async () => {
    change(
      'container.register(TOKENS.UserRepository, { useClass: UserDrizzleRepository });',
      'container.register(TOKENS.UserRepository, { useFactory: () => new UserDrizzleRepository(userPool) });',
      CONTAINER,
    );
    change(
      "import { TOKENS } from './tokens';",
      "import { TOKENS } from './tokens';\n\nconst userPool = database;",
      CONTAINER,
    );
    const [container, routes] = [read(CONTAINER), read(ROUTES)];
    expect(await project.crud(BRANDS)).toMatchObject({
      draft: {
        code: {
          byHand: [
            { paste: 'container.register(TOKENS.BrandRepository, { useClass: BrandDrizzleRepository });' },
            { paste: expect.stringContaining('.register(guarded);') as string },
          ],
        },
      },
    });
    // What is not registered is not resolved either: the application starts as before.
    expect([read(CONTAINER), read(ROUTES)]).toEqual([container, routes]);
  });

  it('whose use cases have tokens too, one of which has another name', async () => {
    const tokens = 'src/core/shared/tokens.ts';
    const members = ['GetAllUsersUseCase', 'GetUserByIdUseCase'];
    change(
      "  UserRepository: Symbol.for('UserRepository'),\n",
      `  UserRepository: Symbol.for('UserRepository'),\n${members.map((name) => `  ${name}: Symbol.for('${name}'),\n`).join('')}`,
      tokens,
    );
    for (const name of members)
      change(`container.register(${name}, {`, `container.register(TOKENS.${name}, {`, CONTAINER);
    const [before, container] = [read(tokens), read(CONTAINER)];
    expect(await project.crud(BRANDS, { typecheck: true, dryRun: false })).toMatchObject({
      verification: { ok: true },
      draft: { code: { byHand: [] } },
    });
    expect(read(tokens)).toContain("  DeleteBrandByIdUseCase: Symbol.for('DeleteBrandByIdUseCase'),\n");
    expect(read(CONTAINER)).toContain(
      'container.register(TOKENS.DeleteBrandByIdUseCase, { useClass: DeleteBrandByIdUseCase });\n',
    );
    write(tokens, before.replaceAll('GetAllUsersUseCase', 'LIST_USERS'));
    write(CONTAINER, container.replace('TOKENS.GetAllUsersUseCase', 'TOKENS.LIST_USERS'));
    const pets = await project.crud('pets id:uuid=gen_random_uuid():pk name:text!');
    expect(pets).toMatchObject({ draft: { code: { byHand: [{}, {}] } } });
    expect(read(CONTAINER)).not.toContain('Pet');
  });

  it('whose repositories import the database, which is called db', async () => {
    write(CONNECTION, read(CONNECTION).replaceAll('database', 'db'));
    change(
      "import type { Database } from '../connection';",
      "import { db } from '../connection';",
      REPOSITORY,
    );
    change(
      '  constructor(@inject(TOKENS.Database) private readonly db: Database) {\n    super();\n  }\n\n',
      '',
      REPOSITORY,
    );
    change('this.db.', 'db.', REPOSITORY);
    change('import { inject, injectable }', 'import { injectable }', REPOSITORY);
    change("import { TOKENS } from '../../../core/shared/tokens';\n", '', REPOSITORY);
    change('container.register(TOKENS.Database, { useValue: database });\n', '', CONTAINER);
    change("import { database } from '../../external/drizzle/connection';\n", '', CONTAINER);
    change("  Database: Symbol.for('Database'),\n", '', 'src/core/shared/tokens.ts');
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({
      verification: { ok: true },
      draft: { code: { byHand: [] } },
    });
    expect(read('src/external/drizzle/brands/brand.drizzle.repository.ts')).toContain(
      'protected readonly database: typeof connection = connection;'.replace('database', 'db'),
    );
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it('whose database is injected under the name of its constant', async () => {
    write(CONNECTION, read(CONNECTION).replaceAll('database', 'db'));
    change('{ database }', '{ db }', CONTAINER);
    change('{ useValue: database }', '{ useValue: db }', CONTAINER);
    for (const path of ['src/core/domain', 'src/adapters', REPOSITORY])
      rmSync(join(project.root, path), { recursive: true });
    write(CONTAINER, withoutUsers(read(CONTAINER)));
    change("  UserRepository: Symbol.for('UserRepository'),\n", '', 'src/core/shared/tokens.ts');
    write(
      ROUTES,
      "import { Elysia } from 'elysia';\nimport { container } from '../../core/shared/container';\n\nexport const app = new Elysia();\nexport { container };\n",
    );
    write('src/external/api/server.ts', "export { app } from './routes';\n");
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({ verification: { ok: true } });
    expect(read('src/external/drizzle/brands/brand.drizzle.repository.ts')).toContain(
      '@inject(TOKENS.Database) private readonly database: typeof db',
    );
  });

  it('on a protected application that is a constant of the module', async () => {
    write(
      ROUTES,
      `import { Elysia } from 'elysia';
import { GetAllUsersController } from '../../adapters/users/get-all-users.controller';
import { GetUserByIdController } from '../../adapters/users/get-user-by-id.controller';
import { container } from '../../core/shared/container';
import { requireAuth } from './auth';

const withAuth = (app: Elysia) => app.guard({ beforeHandle: requireAuth }) as unknown as Elysia;

export const app = new Elysia();
export const protectedApp = withAuth(app);

container.resolve(GetAllUsersController).register(protectedApp);
container.resolve(GetUserByIdController).register(protectedApp);
`,
    );
    write('src/external/api/server.ts', "export { app } from './routes';\n");
    const outcome = await project.crud(BRANDS, { typecheck: true });
    expect(outcome).toMatchObject({ verification: { ok: true }, draft: { code: { byHand: [] } } });
    expect(JSON.stringify(reportOutcome(outcome))).toContain('brands: closed by protectedApp');
    expect(read(ROUTES)).toContain('container.resolve(DeleteBrandController).register(protectedApp);\n');
    expect(read(ROUTES)).not.toContain('.register(app)');
  });

  it('with the errors that it has, which answer themselves: none are made beside them', async () => {
    write(
      'src/core/shared/errors/error-mapper.ts',
      `export class ShopError extends Error {
  constructor(
    message: string,
    private readonly code: number,
  ) {
    super(message);
  }

  toResponse(): Response {
    return Response.json({ reason: this.message }, { status: this.code });
  }
}

export class NotFoundError extends ShopError {
  constructor(message: string = 'Nothing there') {
    super(message, 404);
  }
}

export class ConflictError extends ShopError {
  constructor(message: string) {
    super(message, 409);
  }
}

export class ValidationError extends ShopError {
  constructor(message: string) {
    super(message, 400);
  }
}
`,
    );
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({ verification: { ok: true } });
    expect(read('src/core/shared/domain-errors.ts')).not.toContain('class');
    expect(read('src/core/domain/brands/use-case/delete-brand-by-id.usecase.ts')).toContain(
      "import { NotFoundError } from '../../../shared/errors/error-mapper';",
    );
    expect(read('src/adapters/shared/http-error.ts')).not.toMatch(/40[0-9]/);
    // Over HTTP too: 404, 409 and 400 are those of the errors, and say the field.
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it('with the errors that it has, whose status Elysia answers with', async () => {
    write(
      'src/core/shared/errors.ts',
      `export class AppError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export class NotFoundError extends AppError {
  constructor(message = 'Nothing there') {
    super(message, 404);
  }
}

export class AlreadyExistsError extends AppError {
  constructor(message: string) {
    super(message, 409);
  }
}

export class BadRequestError extends AppError {
  constructor(message: string) {
    super(message, 400);
  }
}
`,
    );
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({ verification: { ok: true } });
    expect(read('src/core/shared/domain-errors.ts')).not.toContain('class');
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it('in one folder, whatever the neighbour that has schemas is called', async () => {
    for (const name of ['get-all-users', 'get-user-by-id'])
      change("'./dtos/user.dto'", "'../auth/dtos/auth.dto'", `src/adapters/users/${name}.controller.ts`);
    move('src/adapters/users/dtos/user.dto.ts', 'src/adapters/auth/dtos/auth.dto.ts');
    write('README.md', '| Guard | Routes |\n| --- | --- |\n| requireAuth | all |\n');
    const readme = read('README.md');
    await project.crud(BRANDS);
    expect(read('src/adapters/brands/dtos/brand.dto.ts')).toContain('CreateBrandBody');
    expect(read('README.md')).toBe(readme);
  });
});
