import { describe, expect, it } from 'vitest';
import { closedByItself, registeredAt } from '../../../../src/crud/stacks/elysia/closed.ts';
import { parseText } from '../../../../src/schema/parse.ts';
import { projectOf } from '../../in-memory.ts';

const AUTH = `import { Elysia } from 'elysia';
export const requireAuth = ({ headers, status }) => {
  if (headers.authorization === undefined) return status(401, 'no');
};
export const setUser = ({ headers }) => ({ user: headers.authorization ?? null });
export const localAuth = new Elysia().onBeforeHandle(requireAuth);
export const globalAuth = new Elysia().onBeforeHandle({ as: 'global' }, requireAuth);
export const withAuth = (app) => app.onBeforeHandle(requireAuth);
`;
const IMPORTS = `import { container } from './container';
import { globalAuth, localAuth, requireAuth, setUser, withAuth } from './auth';
import { GetUserController } from './get-user.controller';
`;
const REGISTERED = 'container.resolve(GetUserController).register';

const at = (code: string) => {
  const text = `${IMPORTS}${code}`;
  const project = projectOf({ 'auth.ts': AUTH, 'routes.ts': text });
  const path = '/p/src/routes.ts';
  return registeredAt('GetUserController', { path, ast: parseText(path, text) }, project);
};
const routes = (body: string): string => `export function routes(app) {\n${body}\n  return app;\n}\n`;

describe('a controller is registered where', () => {
  it.each([
    [
      'a guard is around it',
      `app.guard({ beforeHandle: requireAuth }, (guarded) => ${REGISTERED}(guarded));`,
      '{ beforeHandle: requireAuth }',
      'guarded',
    ],
    [
      'a group with a hook is around it',
      `app.group('/v1', { beforeHandle: [requireAuth] }, (v1) => ${REGISTERED}(v1));`,
      '{ beforeHandle: [requireAuth] }',
      'v1',
    ],
    [
      'a function has closed the application',
      `const protectedApp = withAuth(app);\n${REGISTERED}(protectedApp);`,
      'withAuth(app)',
      'protectedApp',
    ],
    [
      'a hook stands before it',
      `app.onBeforeHandle(requireAuth);\n${REGISTERED}(app);`,
      'requireAuth',
      'app',
    ],
    [
      'a plugin that holds everywhere stands before it',
      `app.use(globalAuth);\n${REGISTERED}(app);`,
      'globalAuth',
      'app',
    ],
    [
      'its application is made closed',
      `const inner = new Elysia().use(globalAuth);\n${REGISTERED}(inner);`,
      'globalAuth',
      'inner',
    ],
    [
      'an instance of it is registered later',
      `const getUserController = container.resolve(GetUserController);\nconst closed = withAuth(app);\ngetUserController.register(closed);`,
      'withAuth(app)',
      'closed',
    ],
    [
      'all of a list are',
      `const closed = withAuth(app);\nfor (const each of [GetUserController]) container.resolve(each).register(closed);`,
      'withAuth(app)',
      undefined,
    ],
  ])('%s: closed', (_, body, closedBy, receiver) => {
    expect(at(routes(body))).toEqual({ closedBy, receiver });
  });

  it.each([
    ['nothing is around it', `${REGISTERED}(app);`],
    ['a hook stands behind it', `${REGISTERED}(app);\napp.onBeforeHandle(requireAuth);`],
    ['a plugin holds in itself alone', `app.use(localAuth);\n${REGISTERED}(app);`],
    ['a hook refuses nobody', `app.derive(setUser);\n${REGISTERED}(app);`],
    [
      'a guard is around others',
      `app.guard({ beforeHandle: requireAuth }, (guarded) => guarded.get('/me', () => 1));\n${REGISTERED}(app);`,
    ],
    ['another application is closed', `const protectedApp = withAuth(new Elysia());\n${REGISTERED}(app);`],
  ])('%s: open', (_, body) => {
    expect(at(routes(body))).toMatchObject({ closedBy: undefined });
  });

  it('and nowhere, where the file does not know it', () => {
    const path = '/p/src/routes.ts';
    expect(
      registeredAt('OtherController', { path, ast: parseText(path, IMPORTS) }, projectOf({})),
    ).toBeUndefined();
  });
});

it.each([
  [
    'a hook of the route',
    "app.get('/', () => 1, { beforeHandle: requireAuth });",
    'beforeHandle: requireAuth',
  ],
  ['a macro', "app.get('/', () => 1, { isSignedIn: true });", 'isSignedIn: true'],
  ['a role', "app.get('/', () => 1, { role: 'admin' });", "role: 'admin'"],
  ['nothing', "app.get('/', () => 1, { beforeHandle: setUser, detail: {} });", undefined],
])('a controller closes its routes itself by %s', (_, code, found) => {
  const path = '/p/src/get-user.controller.ts';
  const text = `import { requireAuth, setUser } from './auth';\nclass GetUserController { register(app) { ${code} } }\n`;
  const project = projectOf({ 'auth.ts': AUTH, 'get-user.controller.ts': text });
  expect(closedByItself({ path, ast: parseText(path, text) }, project)).toBe(found);
});
