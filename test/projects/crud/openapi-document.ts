import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, inject } from 'vitest';
import { run } from '../project.ts';
import type { Application } from './application.ts';
import { type Domains, newRequests } from './two-domains.ts';

interface Served {
  /** Where the application serves its document. */
  readonly path: string;
  readonly domains: Domains;
  /** The root of the repository, in whose node_modules the client is put. */
  readonly folder: string;
}

interface Validator {
  validate(document: object): Promise<{ readonly valid: boolean; readonly errors?: unknown }>;
  resolveRefs(): unknown;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

/**
 * The OpenAPI document of a running application is valid, has the operations of the new domains, and a client that is made of it
 * knows their bodies, queries and answers.
 */
export async function checkDocument(application: Application, served: Served): Promise<void> {
  const { domains, folder } = served;
  const { body } = await application.send({ method: 'GET', path: served.path });
  await checkValid(body as object);
  // Fastify answers at `/people` and `/people/`, and documents the latter.
  const paths = Object.fromEntries(
    Object.entries((body as Document).paths).map(([path, methods]) => [
      path.replace(/(?<=.)\/$/, ''),
      methods,
    ]),
  );
  for (const { method, path } of newRequests(domains))
    expect(Object.keys(paths[path.replace(/\/1$/, '/{id}')] ?? {}), path).toContain(method.toLowerCase());
  await compileClient({ ...(body as Document), paths }, domains, folder);
}

/** A document is valid in the version of OpenAPI that it says, and all that it refers to is there. */
export async function checkValid(document: object): Promise<void> {
  const { Validator } = await tool<{ Validator: new () => Validator }>('@seriousme/openapi-schema-validator');
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  validator.resolveRefs();
}

/** Compiles a client that says the right things, and one line for each wrong one that has to be an error. */
async function compileClient(document: object, domains: Domains, root: string): Promise<void> {
  const { base, names } = domains;
  const openapi = await tool<{
    default(document: object): Promise<unknown>;
    astToString(ast: unknown): string;
  }>('openapi-typescript');
  const folder = join(root, 'node_modules/client');
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(inject('tools'), 'node_modules'), join(folder, 'node_modules'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('api.ts', openapi.astToString(await openapi.default(structuredClone(document))));
  write('tsconfig.json', TSCONFIG);
  write(
    'client.ts',
    `import createClient from 'openapi-fetch';
import type { paths } from './api.js';

const client = createClient<paths>({ baseUrl: 'http://localhost' });
type Items = paths['${base}/${names.orderItems}'];
type Body = Items['post']['requestBody']['content']['application/json'];
type Key = Body['${names.personId}'];

export async function sell(person: Key) {
  const body: Body = { ${names.personId}: person, sku: 'A-1', quantity: 2 };
  const { data } = await client.POST('${base}/${names.orderItems}', { body });
  const quantity: number | undefined = data?.quantity;
  const { data: page } = await client.GET('${base}/${names.orderItems}', { params: { query: { limit: 5 } } });
  const skus: string[] | undefined = page?.data.map(({ sku }) => sku);
  await client.PATCH('${base}/${names.orderItems}/{id}', {
    params: { path: { id: data!.id } },
    body: { quantity: 3 },
  });
  return { quantity, skus };
}

export function wrong(person: Key) {
  // @ts-expect-error a quantity is a number
  const text: Body = { ${names.personId}: person, sku: 'A-1', quantity: 'many' };
  // @ts-expect-error a sku is needed
  const missing: Body = { ${names.personId}: person, quantity: 2 };
  // @ts-expect-error a limit is a number
  const page = client.GET('${base}/${names.orderItems}', { params: { query: { limit: 'five' } } });
  // @ts-expect-error there is no such route
  const route = client.GET('${base}/${names.orderItems}-none');
  return { text, missing, page, route };
}
`,
  );
  run(folder, ['tsc', '-p', '.']);
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "lib": ["ES2022", "DOM", "DOM.Iterable"],
    "types": [],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "files": ["client.ts"]
}
`;

async function tool<T>(name: string): Promise<T> {
  const path = createRequire(join(inject('tools'), 'package.json')).resolve(name);
  return (await import(pathToFileURL(path).href)) as T;
}
