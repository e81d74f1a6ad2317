import { expect } from 'vitest';
import type { Answer, Application, Headers, Request } from './application.ts';

export interface Domains {
  /** What stands before the domains' paths: `/api`, `/v1`. */
  readonly base: string;
  /** What a request needs to be let in. */
  readonly headers: Headers;
  /** The paths and the key of the person in an order item, as the application writes them. */
  readonly names: { readonly people: string; readonly orderItems: string; readonly personId: string };
  /** The rows of deleted people stay in the table, marked. */
  readonly deletesSoftly: boolean;
  /** Required texts of the older domain are not empty. */
  readonly refusesEmpty?: boolean;
}

/** The ten requests of the two new domains, as somebody sends them who knows nothing: for what they answer without headers. */
export function newRequests({ base, names }: Domains): readonly Request[] {
  return [names.people, names.orderItems].flatMap((domain) => {
    const path = `${base}/${domain}`;
    return [
      { method: 'GET', path },
      { method: 'POST', path, body: {} },
      { method: 'GET', path: `${path}/1` },
      { method: 'PATCH', path: `${path}/1`, body: {} },
      { method: 'DELETE', path: `${path}/1` },
    ] as const;
  });
}

/**
 * The life of rows of `people` (a name, a unique email) and `order-items` (a person, a sku, a quantity) over HTTP, through the
 * application: the same for every shape.
 */
export async function lifeOfTwoDomains(application: Application, domains: Domains): Promise<void> {
  const { base, headers, names } = domains;
  const people = `${base}/${names.people}`;
  const items = `${base}/${names.orderItems}`;
  const send = (method: Request['method'], path: string, body?: unknown): Promise<Answer> =>
    application.send({ method, path, body }, headers);

  const ada = await send('POST', people, { name: 'Ada', email: 'ada@example.com' });
  expect(ada).toMatchObject({ status: 201, body: { name: 'Ada', email: 'ada@example.com' } });
  expect(await send('POST', people, { name: 'Eve', email: 'ada@example.com' })).toMatchObject({
    status: 409,
  });
  expect(await send('POST', people, { email: 'nameless@example.com' })).toMatchObject({ status: 400 });
  expect(await send('POST', people, { name: 'x'.repeat(81), email: 'long@example.com' })).toMatchObject({
    status: 400,
  });
  if (domains.refusesEmpty === true)
    expect(await send('POST', people, { name: '', email: 'empty@example.com' })).toMatchObject({
      status: 400,
    });
  const { id } = ada.body as { readonly id: string | number };
  const nobody = typeof id === 'number' ? 987_654 : '00000000-0000-4000-8000-000000000000';

  const item = (person: unknown): unknown => ({ [names.personId]: person, sku: 'A-1', quantity: 2 });
  expect(await send('POST', items, item(nobody))).toMatchObject({ status: 400 });
  const first = await send('POST', items, item(id));
  expect(first).toMatchObject({ status: 201, body: { [names.personId]: id, sku: 'A-1', quantity: 2 } });
  const { id: itemId } = first.body as { readonly id: string | number };
  expect(await send('GET', `${items}/${itemId}`)).toEqual({ status: 200, body: first.body });
  expect(await send('GET', `${items}?limit=1`)).toMatchObject({
    status: 200,
    body: { data: [first.body], meta: { page: 1, limit: 1, total: 1, totalPages: 1 } },
  });
  expect(await send('PATCH', `${items}/${itemId}`, { quantity: 3 })).toMatchObject({
    status: 200,
    body: { quantity: 3, sku: 'A-1' },
  });
  expect(await send('PATCH', `${items}/${itemId}`, { quantity: 'many' })).toMatchObject({ status: 400 });
  expect(await send('GET', `${people}/${nobody}`)).toMatchObject({ status: 404 });
  expect(await send('PATCH', `${people}/${nobody}`, { name: 'Nobody' })).toMatchObject({ status: 404 });
  expect((await send('GET', `${people}/%00`)).status).toBe(400);

  // A row that is only marked is still referred to.
  if (!domains.deletesSoftly) expect(await send('DELETE', `${people}/${id}`)).toMatchObject({ status: 409 });
  expect(await send('DELETE', `${items}/${itemId}`)).toEqual({ status: 204, body: undefined });
  expect(await send('DELETE', `${items}/${itemId}`)).toMatchObject({ status: 404 });
  expect(await send('DELETE', `${people}/${id}`)).toEqual({ status: 204, body: undefined });
  expect(await send('GET', `${people}/${id}`)).toMatchObject({ status: 404 });
  expect(await send('GET', people)).toMatchObject({ status: 200, body: { data: [], meta: { total: 0 } } });
}
