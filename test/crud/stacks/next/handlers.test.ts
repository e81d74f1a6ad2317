import { describe, expect, it } from 'vitest';
import { middlewareFor, routeFiles } from '../../../../src/crud/stacks/next/handlers.ts';
import { projectOf } from '../../in-memory.ts';

const AUTH = `export async function auth() { return null; }
export const withAuth = (handler) => async (request) => (request.headers.get('authorization') ? handler(request) : new Response(null, { status: 401 }));
export async function requireUser() { throw new Response('Unauthorized', { status: 401 }); }
`;
const IMPORTS = `import { auth, requireUser, withAuth } from '../../../auth';\nimport { NextResponse, type NextRequest } from 'next/server';\n`;

const route = (code: string) =>
  routeFiles(projectOf({ 'auth.ts': AUTH, 'app/api/users/route.ts': `${IMPORTS}${code}` }))[0];

describe('a route handler is closed', () => {
  it('by the statements that it begins with, all of them', () => {
    const found = route(`export async function GET(req: NextRequest) {
  const session = await auth();
  if (!session) return NextResponse.json({ error: 'no' }, { status: 401 });
  if (session.role !== 'staff') return new NextResponse(null, { status: 403 });
  const rows = [];
  return NextResponse.json(rows);
}
`);
    expect(found).toMatchObject({ name: 'users', closing: 'auth()' });
    expect(found?.guard).toMatchObject({
      isWrapper: false,
      request: { name: 'req', type: 'NextRequest' },
      imports: [
        { name: 'auth', path: '/p/src/auth.ts' },
        { name: 'NextResponse', module: 'next/server' },
        { name: 'NextRequest', module: 'next/server' },
      ],
    });
    expect(found?.guard?.code).toContain('status: 403');
    expect(found?.guard?.code).not.toContain('rows');
  });

  it('by what it is wrapped in', () => {
    expect(route('export const GET = withAuth(async () => Response.json([]));\n')).toMatchObject({
      closing: 'withAuth',
      guard: { isWrapper: true, code: 'withAuth' },
    });
  });

  it('by a call that throws', () => {
    expect(
      route('export async function GET() {\n  await requireUser();\n  return Response.json([]);\n}\n')?.guard
        ?.code,
    ).toBe('await requireUser();');
  });

  it('though its check cannot be had elsewhere', () => {
    expect(
      route(`const isKnown = (request: Request) => request.headers.has('x-key');
export async function GET(request: Request) {
  if (!isKnown(request)) return new Response(null, { status: 401 });
  return Response.json([]);
}
`),
    ).toMatchObject({ closing: expect.any(String) as string, guard: undefined });
  });

  it('but not where one of several is open, nor where it only looks who somebody is', () => {
    expect(
      route(`export async function GET() {
  return Response.json([]);
}
export async function POST() {
  const session = await auth();
  if (!session) return new Response(null, { status: 401 });
  return Response.json({});
}
`)?.closing,
    ).toBeUndefined();
    expect(
      route(
        'export async function GET() {\n  const session = await auth();\n  return Response.json({ session });\n}\n',
      )?.closing,
    ).toBeUndefined();
  });
});

describe('a middleware runs', () => {
  const REFUSES =
    "export function middleware(request) {\n  if (!request.headers.get('authorization')) return new Response(null, { status: 401 });\n}\n";
  const runs = (code: string) => middlewareFor('/api/brands', projectOf({ 'middleware.ts': code }));

  it('for every path without a matcher, and for what its matchers have', () => {
    expect(runs(REFUSES)).toEqual({ path: '/p/src/middleware.ts', refuses: true });
    expect(runs(`${REFUSES}export const config = { matcher: ['/api/:path*'] };\n`)?.refuses).toBe(true);
    expect(
      runs(`${REFUSES}export const config = { matcher: '/((?!_next|favicon.ico).*)' };\n`)?.refuses,
    ).toBe(true);
  });

  it('not for others, and does not close what it lets through', () => {
    expect(runs(`${REFUSES}export const config = { matcher: ['/admin/:path*'] };\n`)).toBeUndefined();
    expect(runs(`${REFUSES}export const config = { matcher: '/((?!api|_next).*)' };\n`)).toBeUndefined();
    expect(runs('export function middleware() {}\n')?.refuses).toBe(false);
  });
});
