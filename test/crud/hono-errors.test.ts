import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CrudFixture, crudFixture } from './project.ts';

const ORDER_ITEMS =
  'order_items id:uuid=gen_random_uuid():pk user_id:uuid!:ref(users) label:varchar(40)!:unique paid:boolean';

/** The shop, whose application answers errors in a form of its own. */
function shopWith(files: Readonly<Record<string, string>>): CrudFixture {
  const project = crudFixture('hono');
  for (const path of ['src/server.ts', 'src/routes/health.ts']) rmSync(join(project.root, path));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project.root, path)), { recursive: true });
    writeFileSync(join(project.root, path), text);
  }
  return project;
}

const app = (onError: string, ...imports: readonly string[]): string => `import { Hono } from 'hono';
${imports.map((each) => `${each}\n`).join('')}import type { AppDatabase } from './db/client.js';
import { userRoutes } from './routes/users.js';

export function createApp(db: AppDatabase) {
  const app = new Hono();
  app.onError(${onError});
  app.route('/api/users', userRoutes(db));
  return app;
}
`;

/** Routes that throw for what is not there. */
const users = (thrown: string, from: string): string => `import { eq } from 'drizzle-orm';
import { Hono } from 'hono';
import type { AppDatabase } from '../db/client.js';
import { users } from '../db/schema.js';
${from}

export function userRoutes(db: AppDatabase) {
  return new Hono().get('/:id', async (c) => {
    const [user] = await db.select().from(users).where(eq(users.id, c.req.param('id')));
    if (user === undefined) throw ${thrown};
    return c.json(user);
  });
}
`;

/** What the whole application answers, asked over HTTP with the generated database of tests. */
const asked = (project: CrudFixture): Promise<Asked> =>
  project.serve(LISTEN).then(({ url, stop }) => ({
    stop,
    async send(method, path, body) {
      const response = await fetch(`${url}/api${path}`, {
        method,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      });
      return { status: response.status, text: await response.text() };
    },
  }));

interface Asked {
  readonly stop: () => void;
  send(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly text: string }>;
}

const LISTEN = `import { serve } from '@hono/node-server';
import { createApp } from './app.js';
import { users } from './db/schema.js';
import { testDatabase } from './lib/crud/test-database.js';

const { db } = await testDatabase();
await db.insert(users).values({ id: '${'1'.repeat(8)}-1111-4111-8111-${'1'.repeat(12)}', name: 'Ann' });
serve({ fetch: createApp(db).fetch, port: 0 }, ({ port }) => console.log(\`listening on \${port}\`));
`;

const USER = '11111111-1111-4111-8111-111111111111';
const ABSENT = '22222222-2222-4222-8222-222222222222';

interface Form {
  readonly invalid: number;
  /** The answer to what is not there, and what is in every other one. */
  readonly missing: unknown;
  readonly names: readonly string[];
}

/** The new routes answer as the old ones do: what is not there, taken, invalid, refused by Postgres, and no JSON. */
async function answersAlike(project: CrudFixture, { invalid, missing, names }: Form): Promise<void> {
  const { send, stop } = await asked(project);
  const json = async (...request: Parameters<Asked['send']>): Promise<[number, unknown]> => {
    const { status, text } = await send(...request);
    return [status, JSON.parse(text)];
  };
  try {
    expect((await send('GET', `/users/${ABSENT}`)).status).toBe(404);
    expect(await json('GET', `/order-items/${ABSENT}`)).toEqual([404, missing]);
    expect((await send('POST', '/order-items', { userId: USER, label: 'A' })).status).toBe(201);
    for (const [status, body] of [
      [409, { userId: USER, label: 'A' }],
      [invalid, { userId: USER }],
      [invalid, { userId: ABSENT, label: 'B' }],
      [invalid, '{ no JSON'],
    ] as const) {
      const [given, answer] = await json('POST', '/order-items', body);
      expect([given, Object.keys(answer as object)], JSON.stringify(body)).toEqual([status, names]);
    }
  } finally {
    stop();
  }
}

async function takesOrderItems(project: CrudFixture): Promise<void> {
  expect(await project.crud(ORDER_ITEMS, { typecheck: true })).toMatchObject({
    verification: { ok: true },
    draft: { code: { byHand: [], install: [] } },
  });
  const tests = await project.run('npx', 'vitest', 'run');
  expect(tests.code, tests.output).toBe(0);
}

const source = (project: CrudFixture, path: string): string => readFileSync(join(project.root, path), 'utf8');

/** A second domain throws the same, and a second run changes nothing. */
async function staysAlike(project: CrudFixture, thrown: string): Promise<void> {
  await project.crud('tags id:int:pk name:text!:unique', { typecheck: true });
  expect(source(project, 'src/routes/tags.ts')).toContain(thrown);
  expect(await project.crud('order_items')).toMatchObject({ status: 'no_changes' });
}

const HANDLER = `import type { ErrorHandler } from 'hono';
import { AppError } from './errors.js';

export const onError: ErrorHandler = (error, c) => {
  if (error instanceof AppError) {
    c.status(error.statusCode as 400);
    return c.json({ code: error.code, message: error.message });
  }
  return c.json({ code: 'INTERNAL', message: 'Something went wrong' }, 500);
};
`;

const HIERARCHY = `export class AppError extends Error {
  constructor(
    message: string,
    public readonly statusCode: number,
    public readonly code = 'ERROR',
  ) {
    super(message);
  }
}

export class NotFoundError extends AppError {
  constructor(resource: string) {
    super(\`\${resource} not found\`, 404, 'NOT_FOUND');
  }
}

export class ConflictError extends AppError {
  constructor(message = 'Already there') {
    super(message, 409, 'CONFLICT');
  }
}

export class ValidationError extends AppError {
  constructor(message: string) {
    super(message, 422, 'INVALID');
  }
}
`;

describe('an application that throws errors of its own', () => {
  it('below one with a status: new routes throw them, and its onError answers', async () => {
    const project = shopWith({
      'src/lib/errors.ts': HIERARCHY,
      'src/lib/on-error.ts': HANDLER,
      'src/app.ts': app('onError', "import { onError } from './lib/on-error.js';"),
      'src/routes/users.ts': users(
        "new NotFoundError('User')",
        "import { NotFoundError } from '../lib/errors.js';",
      ),
    });
    await takesOrderItems(project);
    expect(source(project, 'src/routes/order-items.ts')).toContain("throw new NotFoundError('Order item');");
    expect(source(project, 'src/lib/crud/errors.ts')).toContain(
      'status === 409 ? new ConflictError(text) : new ValidationError(text)',
    );
    expect(source(project, 'src/routes/order-items.test.ts')).toContain('.onError(onError)');
    await answersAlike(project, {
      invalid: 422,
      missing: { code: 'NOT_FOUND', message: 'Order item not found' },
      names: ['code', 'message'],
    });
    await staysAlike(project, "throw new NotFoundError('Tag');");
  });

  it('by one class that takes the status, where the application has none for each', async () => {
    const project = shopWith({
      'src/errors.ts': `export class ApiError extends Error {
  readonly status: 400 | 404 | 409;

  constructor(status: 400 | 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}
`,
      'src/app.ts': app(
        `(error, c) =>
    error instanceof ApiError
      ? c.json({ error: { status: error.status, detail: error.message } }, error.status)
      : c.json({ error: { status: 500, detail: 'failed' } }, 500),
  `,
        "import { ApiError } from './errors.js';",
      ),
      'src/routes/users.ts': users(
        "new ApiError(404, 'No user')",
        "import { ApiError } from '../errors.js';",
      ),
    });
    await takesOrderItems(project);
    await answersAlike(project, {
      invalid: 400,
      missing: { error: { status: 404, detail: 'There is no such order item' } },
      names: ['error'],
    });
    await staysAlike(project, "throw new ApiError(404, 'There is no such tag');");
  });

  it('that extend HTTPException', async () => {
    const project = shopWith({
      'src/exceptions.ts': `import { HTTPException } from 'hono/http-exception';

export class NotFoundException extends HTTPException {
  constructor(message = 'Not found') {
    super(404, { message });
  }
}

export class ConflictException extends HTTPException {
  constructor(message = 'Conflict', cause?: unknown) {
    super(409, { message, cause });
  }
}

export class BadRequestException extends HTTPException {
  constructor(message?: string) {
    super(400, { message: message ?? 'Bad request' });
  }
}
`,
      'src/app.ts': app(
        `(error, c) => {
    if (error instanceof HTTPException) return c.json({ title: error.message, status: error.status }, error.status);
    return c.json({ title: 'failed', status: 500 }, 500);
  }`,
        "import { HTTPException } from 'hono/http-exception';",
      ),
      'src/routes/users.ts': users(
        'new NotFoundException()',
        "import { NotFoundException } from '../exceptions.js';",
      ),
    });
    await takesOrderItems(project);
    expect(source(project, 'src/lib/crud/errors.ts')).not.toContain('new HTTPException');
    await answersAlike(project, {
      invalid: 400,
      missing: { title: 'There is no such order item', status: 404 },
      names: ['title', 'status'],
    });
    await staysAlike(project, "throw new NotFoundException('There is no such tag');");
  });
});

describe('errors that are not thrown by new routes, which answer themselves', () => {
  const inlineHandler = `(error, c) =>
    error instanceof AppError ? c.json({ oops: error.message }, error.statusCode as 400) : c.json({ oops: 'failed' }, 500),
  `;
  const imported = "import { AppError } from './lib/errors.js';";
  const shop = (errors: string, handler = inlineHandler, ...imports: readonly string[]): CrudFixture =>
    shopWith({
      'src/lib/errors.ts': errors,
      'src/app.ts': app(handler, ...(imports.length > 0 ? imports : [imported])),
      'src/routes/users.ts': users(
        "new NotFoundError('User')",
        "import { NotFoundError } from '../lib/errors.js';",
      ),
    });

  it.each([
    [
      'as they want more than a message',
      HIERARCHY.replace(
        "constructor(message = 'Already there')",
        'constructor(message: string, readonly key: string)',
      ),
    ],
    [
      'as their status is computed',
      HIERARCHY.replace("super(message, 409, 'CONFLICT');", "super(message, Number('409'), 'CONFLICT');"),
    ],
    [
      'as their status is another one',
      HIERARCHY.replace("super(message, 409, 'CONFLICT');", "super(message, 418, 'CONFLICT');"),
    ],
  ])('%s', async (_, errors) => {
    // The one that takes a status would do for all.
    const project = shop(errors.replace("public readonly code = 'ERROR'", 'public readonly code: string'));
    await project.crud(ORDER_ITEMS, { typecheck: true });
    expect(source(project, 'src/lib/crud/errors.ts')).toContain('apiError');
    expect(source(project, 'src/routes/order-items.ts')).not.toContain('NotFoundError');
  });

  it('as only an older domain answers them, for itself', async () => {
    const project = shop(HIERARCHY, '(error, c) => c.json({ oops: error.message }, 500)', '// nothing');
    const path = join(project.root, 'src/routes/users.ts');
    writeFileSync(
      path,
      `import { AppError } from '../lib/errors.js';\n${source(project, 'src/routes/users.ts').replace(
        'return new Hono()',
        `return new Hono().onError(${inlineHandler.trim().replace(/,$/, '')})`,
      )}`,
    );
    await project.crud(ORDER_ITEMS, { typecheck: true });
    expect(source(project, 'src/lib/crud/errors.ts')).toContain('apiError');
  });

  it('as onError does not know them', async () => {
    const project = shop(
      HIERARCHY,
      "(error, c) => c.json({ oops: error.message }, 'code' in error ? 400 : 500)",
      '// nothing',
    );
    await project.crud(ORDER_ITEMS, { typecheck: true });
    expect(source(project, 'src/lib/crud/errors.ts')).toContain('apiError');
    const { send, stop } = await asked(project);
    try {
      expect((await send('GET', `/order-items/${ABSENT}`)).status).toBe(404);
    } finally {
      stop();
    }
  });
});
