import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { reportOutcome } from '../../src/report/json.ts';
import { editing } from './editing.ts';
import { type CrudFixture, crudFixture } from './project.ts';

const BRANDS = 'brands id:uuid=gen_random_uuid():pk name:text!:unique';

let project: CrudFixture;
beforeEach(() => {
  project = crudFixture('hono');
});

const { write, read } = editing(() => project);
const change = (path: string, from: string, to: string): void => {
  expect(read(path)).toContain(from);
  write(path, read(path).replace(from, to));
};

describe('routes are mounted in an application', () => {
  it('that is one chain, so that its type knows them', async () => {
    write(
      'src/app.ts',
      `import { Hono } from 'hono';
import { db } from './db/client.js';
import { health } from './routes/health.js';

const app = new Hono()
  .basePath('/api')
  .route('/health', health);

export type App = typeof app;
export default app;
`,
    );
    rmSync(join(project.root, 'src/server.ts'));
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({ verification: { ok: true } });
    expect(read('src/app.ts')).toContain(
      "  .route('/health', health)\n  .route('/brands', brandRoutes(db));\n",
    );
  });

  it('that imports no database yet', async () => {
    write(
      'src/app.ts',
      'import { Hono } from "hono"\n\nconst app = new Hono()\napp.get("/", (c) => c.text("shop"))\n\nexport default app\n',
    );
    rmSync(join(project.root, 'src/server.ts'));
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({ verification: { ok: true } });
    expect(read('src/app.ts')).toBe(
      `import { Hono } from "hono"
import { db } from "./db/client.js"
import { brandRoutes } from "./routes/brands.js"

const app = new Hono()
app.route("/brands", brandRoutes(db))
app.get("/", (c) => c.text("shop"))

export default app
`,
    );
  });

  it('by hand where there is none, with the text to paste', async () => {
    for (const file of ['src/app.ts', 'src/server.ts', 'src/routes/health.ts'])
      rmSync(join(project.root, file));
    const outcome = await project.crud(BRANDS);
    expect(outcome).toMatchObject({
      draft: {
        code: {
          byHand: [
            {
              paste:
                "import { brandRoutes } from './brands/brands.routes.js';\nimport { db } from './db/client.js';\napp.route('/brands', brandRoutes(db));",
            },
          ],
        },
      },
    });
    expect(reportOutcome(outcome)).toMatchObject({ code: { stack: 'hono', byHand: [{}] } });
    expect(read('src/brands/brands.routes.ts')).toContain('export function brandRoutes(db: Database)');
  });
});

describe('authentication', () => {
  const AUTH = `import { createMiddleware } from 'hono/factory';

export const requireAuth = createMiddleware(async (c, next) => {
  if (c.req.header('authorization') === undefined) return c.text('no', 401);
  await next();
});

export const requireRole = (role: string) =>
  createMiddleware(async (c, next) => {
    if (c.req.header('x-role') !== role) return c.text('no', 403);
    await next();
  });
`;

  it('is what the project guards with', async () => {
    write('src/middleware/auth.ts', AUTH);
    const outcome = await project.crud(BRANDS, { authentication: 'protected', typecheck: true });
    expect(outcome).toMatchObject({ verification: { ok: true } });
    expect(read('src/app.ts')).toContain(
      "  app.use('/api/brands/*', requireAuth);\n  app.route('/api/brands', brandRoutes(db));\n",
    );
    expect(read('src/app.ts')).toContain("import { requireAuth } from './middleware/auth.js';");
  });

  it('asks for the role of an administrator in the words of the neighbours', async () => {
    write('src/middleware/auth.ts', AUTH);
    change(
      'src/app.ts',
      "  app.route('/api/health', health);",
      "  app.use('/api/admin/*', requireRole('admin'));\n  app.route('/api/health', health);",
    );
    change(
      'src/app.ts',
      'import { logger }',
      "import { requireRole } from './middleware/auth.js';\nimport { logger }",
    );
    await project.crud(BRANDS, { authentication: 'admin' });
    expect(read('src/app.ts')).toContain("app.use('/api/brands/*', requireRole('admin'));");
  });

  it('is asked for where the project has no guard, and nothing is written', async () => {
    const before = read('src/app.ts');
    await expect(project.crud(BRANDS, { authentication: 'protected' })).rejects.toMatchObject({
      code: 'answer-needed',
      exitCode: 3,
      missing: [{ field: 'authentication' }],
    });
    expect(read('src/app.ts')).toBe(before);
  });
});

describe('the code follows the application', () => {
  it('in quotes, semicolons and tabs, without prettier', async () => {
    for (const file of [
      'src/db/schema.ts',
      'src/app.ts',
      'src/routes/health.ts',
      'src/server.ts',
      'src/db/client.ts',
    ])
      write(
        file,
        read(file)
          .replaceAll("'", '"')
          .replaceAll(';\n', '\n')
          .replaceAll(/^( {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2)),
      );
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({ verification: { ok: true } });
    expect(read('src/routes/brands.ts')).toContain('\n\tconst queries = brandQueries(db)\n');
    expect(read('src/routes/brands.ts')).toContain('import { type Context, Hono } from "hono"\n');
  });

  it('in the place of its routes and the ending of its tests', async () => {
    rmSync(join(project.root, 'src/routes/health.ts'));
    write(
      'src/modules/users/users.routes.ts',
      "import { Hono } from 'hono';\n\nexport const users = new Hono();\n",
    );
    write('src/modules/users/users.routes.spec.ts', 'export {};\n');
    change(
      'src/app.ts',
      "import { health } from './routes/health.js';",
      "import { users } from './modules/users/users.routes.js';",
    );
    change('src/app.ts', "'/api/health', health", "'/v1/users', users");
    await project.crud('order_lines id:uuid=gen_random_uuid():pk name:text!');
    expect(read('src/modules/order-lines/order-lines.spec.ts')).toContain("from './order-lines.routes.js'");
    expect(read('src/app.ts')).toContain("app.route('/v1/order-lines', orderLineRoutes(db));");
  });

  it('in the test runner: node:test needs no package', async () => {
    change('package.json', '"vitest run"', '"node --import tsx --test src/**/*.test.ts"');
    expect(await project.crud(BRANDS, { typecheck: true })).toMatchObject({
      verification: { ok: true },
      draft: { code: { install: [] } },
    });
    expect(
      await project.run(process.execPath, '--import', 'tsx', '--test', 'src/routes/brands.test.ts'),
    ).toMatchObject({ code: 0 });
  });

  it('in the version of zod', async () => {
    change('package.json', '"zod": "^4.6.0"', '"zod": "^3.25.0"');
    await project.crud('events id:uuid=gen_random_uuid():pk at:timestamptz! count:integer! payload:jsonb');
    expect(read('src/routes/events.validation.ts')).toMatch(
      /z\s*\.string\(\)\s*\.datetime\(\{ offset: true \}\)/,
    );
    expect(read('src/routes/events.validation.ts')).not.toContain('z.iso');
  });

  it('and says what it imports that the project does not have', async () => {
    change('package.json', '    "zod": "^4.6.0"\n', '    "nothing": "^1.0.0"\n');
    expect(await project.crud(BRANDS)).toMatchObject({ draft: { code: { install: ['npm i zod'] } } });
  });
});

describe('tables of every kind', () => {
  const planned = (text: string): string => {
    write('plan.yaml', text);
    return join(project.root, 'plan.yaml');
  };

  it('called like what the generated code has for something else', async () => {
    await project.crud('order id:uuid=gen_random_uuid():pk name:text!:unique');
    await project.crud('count id:int:pk v:jsonb!');
    expect(
      await project.crud('fields id:int:pk count_id:int!:ref(count)', { typecheck: true }),
    ).toMatchObject({
      verification: { ok: true },
    });
    expect(read('src/routes/order.queries.ts')).toContain('import { order as orderTable }');
  });

  it('with CHECKs of the usual forms, to which the rows of the test keep; others are told', async () => {
    const outcome = await project.crud(
      planned(`migration_type: new_domain
table_name: bookings
fields:
  - { name: id, type: integer, constraints: [PRIMARY KEY] }
  - { name: starts_on, type: date, constraints: [NOT NULL] }
  - { name: ends_on, type: date, constraints: [NOT NULL] }
  - { name: slug, type: text, constraints: [NOT NULL] }
  - { name: share, type: 'numeric(3, 2)', constraints: [NOT NULL, 'CHECK (share BETWEEN 0 AND 1)'] }
  - { name: total, type: integer, constraints: [NOT NULL, 'CHECK (total % 1 = 0)'] }
  - { name: place, type: point }
  - { name: api_token, type: text }
checks:
  - { expression: starts_on < ends_on }
  - { expression: "slug ~ '^[a-z-]+$'" }
`),
      { typecheck: true },
    );
    expect(outcome).toMatchObject({ verification: { ok: true } });
    expect(JSON.stringify(reportOutcome(outcome)['findings'])).toMatch(
      /"no-json".*bookings: place.*"secret-columns".*api_token.*"check-not-read".*bookings_total_check/,
    );
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it.each([
    ['min_length: 30', 'no text has at least 30 and at most 20 characters'],
    ['min: 1', 'min is for numbers'],
  ])('but validation that the column rules out is refused: %s', async (validation, message) => {
    const plan = planned(`migration_type: new_domain
table_name: odd
fields:
  - { name: id, type: integer, constraints: [PRIMARY KEY] }
  - { name: code, type: varchar(20), validation: { ${validation} } }
`);
    await expect(project.crud(plan)).rejects.toMatchObject({
      code: 'plan-invalid',
      exitCode: 2,
      message: expect.stringContaining(message) as string,
    });
  });

  it('each in a file of its own, of which one refers to another for the first time', async () => {
    change('drizzle.config.ts', './src/db/schema.ts', './src/db/*.table.ts');
    write('src/db/users.table.ts', read('src/db/schema.ts'));
    rmSync(join(project.root, 'src/db/schema.ts'));
    expect(await project.crud('pets id:int:pk user_id:uuid!:ref(users)', { typecheck: true })).toMatchObject({
      verification: { ok: true },
    });
    expect(read('src/db/pets.table.ts')).toContain("from './users.table.js'");
  });

  it('whose values JavaScript cannot hold as numbers, or the application makes keys for', async () => {
    change(
      'src/db/schema.ts',
      "import { pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';",
      `import { bigint, customType, jsonb, numeric, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

export const events = pgTable('events', {
  id: uuid('id').primaryKey(),
  views: bigint('views', { mode: 'bigint' }).notNull(),
  ratio: numeric('ratio', { precision: 5, scale: 2, mode: 'number' }),
  at: timestamp('at', { mode: 'string' }).notNull(),
  role: text('role', { enum: ['admin', 'guest'] }).notNull(),
  payload: jsonb('payload').$type<{ readonly source: string }>().notNull(),
  label: text('label').$type<\`tag:\${string}\`>(),
  image: bytea('image'),
});
`,
    );
    const generated = await project.run(
      process.execPath,
      'node_modules/drizzle-kit/bin.cjs',
      'generate',
      '--name',
      'events',
    );
    expect(generated.output).toContain('0001_events.sql');
    expect(await project.crud('events', { typecheck: true })).toMatchObject({
      status: 'code',
      verification: { ok: true },
    });
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });

  it('but not those with a key of several columns', async () => {
    change(
      'src/db/schema.ts',
      "import { pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';",
      `import { integer, pgTable, primaryKey, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

export const seats = pgTable('seats', { row: integer('row'), place: integer('place') }, (t) => [primaryKey({ columns: [t.row, t.place] })]);
`,
    );
    await project.run(process.execPath, 'node_modules/drizzle-kit/bin.cjs', 'generate', '--name', 'seats');
    await expect(project.crud('seats')).rejects.toMatchObject({ code: 'crud-not-possible', exitCode: 2 });
  });

  it('of which one refers to another that refers to a third', async () => {
    await project.crud(BRANDS);
    await project.crud('models id:int:pk brand_id:uuid!:ref(brands) name:text!');
    await project.crud(
      'cars id:uuid=gen_random_uuid():pk model_id:int!:ref(models):unique plate:varchar(8)!',
    );
    expect(await project.run('npx', 'vitest', 'run')).toMatchObject({ code: 0 });
  });
});

describe('a stack of the project itself', () => {
  it('may write one file otherwise, and adds one', async () => {
    write('tableplan/crud/hono/_note.hbs', '// {{domain.names.plural.words}}, by us\n');
    write(
      'tableplan/crud/hono/routes.ts.hbs',
      '{{> note}}export const {{routesName}} = () => \'{{from "queries"}}\';\n',
    );
    write(
      'tableplan/crud/hono/stack.yaml',
      "files:\n  client: { template: client.ts.hbs, path: 'src/clients/{{domain.names.singular.kebab}}.ts' }\nwithout: [test]\n",
    );
    write('tableplan/crud/hono/client.ts.hbs', "export const path = '/{{domain.names.plural.kebab}}';\n");
    await project.crud(BRANDS);
    expect(read('src/routes/brands.ts')).toBe(
      "// brands, by us\nexport const brandRoutes = () => './brands.queries.js';\n",
    );
    expect(read('src/clients/brand.ts')).toBe("export const path = '/brands';\n");
  });

  it('is refused where it is wrong, with its file', async () => {
    write('tableplan/crud/mine/stack.yaml', 'extends: rails\n');
    await expect(project.crud(BRANDS, { stack: 'mine' })).rejects.toMatchObject({
      code: 'config-invalid',
      exitCode: 2,
    });
    write(
      'tableplan/crud/mine/stack.yaml',
      'extends: hono\nfiles: { a: { template: a.hbs, path: ../../../out.ts } }\n',
    );
    write('tableplan/crud/mine/a.hbs', 'x');
    await expect(project.crud(BRANDS, { stack: 'mine' })).rejects.toMatchObject({ code: 'config-invalid' });
    write(
      'tableplan/crud/mine/stack.yaml',
      'extends: hono\nfiles: { a: { template: a.hbs, path: src/out.ts } }\n',
    );
    write('tableplan/crud/mine/a.hbs', '{{domain.nothing.there}}');
    await expect(project.crud(BRANDS, { stack: 'mine' })).rejects.toMatchObject({
      code: 'config-invalid',
      at: { file: expect.stringContaining('a.hbs') as string },
    });
  });

  it('is named where there is no such stack', async () => {
    await expect(project.crud(BRANDS, { stack: 'rails' })).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('hono') as string,
    });
  });
});
