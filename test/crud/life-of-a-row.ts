import { expect } from 'vitest';

type Json = Record<string, unknown>;

interface Answer {
  readonly status: number;
  readonly body: Json & { readonly data: Json[]; readonly meta: Json };
  readonly text: string;
}

/** What a database says and a client must not read. */
const LEAKS =
  /duplicate key|violates|constraint "|syntax|relation |_pkey|_idx|_unique|_fk|insert into|select "|pg_/i;

/**
 * Drives an application with the domains `categories` and `order-items` over HTTP through the whole life of a row, with
 * what clients get wrong. The same for every stack: only the body of errors is the stack's own.
 */
export async function lifeOfARow(url: string): Promise<void> {
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });
    const text = await response.text();
    if (response.status >= 400) expect(text).not.toMatch(LEAKS);
    return {
      status: response.status,
      text,
      body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : ({} as Answer['body']),
    };
  };
  const get = (path: string): Promise<Answer> => send('GET', path);
  const refused = async (
    status: number,
    field: string | undefined,
    answer: Promise<Answer>,
  ): Promise<void> => {
    const { status: actual, text } = await answer;
    expect({ status: actual, text }).toMatchObject({ status });
    if (field !== undefined) expect(text).toContain(field);
  };

  const category = await send('POST', '/categories', { name: 'Tools', slug: 'tools' });
  expect(category).toMatchObject({ status: 201, body: { name: 'Tools', slug: 'tools', isActive: true } });
  const other = await send('POST', '/categories', { name: '100% wool_en', slug: 'wool', isActive: false });
  expect(other.status).toBe(201);
  await refused(409, 'name', send('POST', '/categories', { name: 'Tools', slug: 'tools-2' }));
  await refused(400, 'name', send('POST', '/categories', { slug: 'nameless' }));
  await refused(400, 'name', send('POST', '/categories', { name: '', slug: 'empty' }));
  await refused(400, 'name', send('POST', '/categories', { name: 'x'.repeat(101), slug: 'long' }));
  await refused(400, 'name', send('POST', '/categories', { name: null, slug: 'null' }));
  await refused(400, 'slug', send('POST', '/categories', { name: 'Bad', slug: 'Not A Slug' }));
  await refused(400, 'name', send('POST', '/categories', { name: 'N\0L', slug: 'nul' }));
  await refused(400, undefined, send('POST', '/categories', '{"name": '));
  await refused(400, undefined, send('POST', '/categories', '[]'));
  // As many characters as the column takes, each of them two UTF-16 units.
  expect(await send('POST', '/categories', { name: '😀'.repeat(100), slug: 'smile' })).toMatchObject({
    status: 201,
  });

  const id = String(category.body['id']);
  expect((await get(`/categories/${id}`)).body).toEqual(category.body);
  await refused(400, undefined, get('/categories/not-an-id'));
  await refused(404, undefined, get('/categories/00000000-0000-4000-8000-000000000000'));
  expect((await get('/categories?search=TOOL')).body.data).toEqual([category.body]);
  expect((await get('/categories?search=%25')).body.data).toEqual([other.body]);
  expect((await get('/categories?search=_')).body.data).toEqual([other.body]);
  expect((await get('/categories?search=%5C')).body.data).toEqual([]);
  expect((await get('/categories?isActive=false')).body.data).toEqual([other.body]);
  await refused(400, 'isActive', get('/categories?isActive=perhaps'));
  await refused(400, 'page', get('/categories?page=0'));
  await refused(400, 'limit', get('/categories?limit=1000'));
  await refused(400, 'sortBy', get('/categories?sortBy=id;drop'));

  await refused(
    400,
    'categoryId',
    send('POST', '/order-items', {
      categoryId: '00000000-0000-4000-8000-000000000000',
      sku: 'A',
      price: '1',
    }),
  );
  const bodies = ['C', 'A', 'B'].map((sku, index) => ({
    categoryId: id,
    sku,
    price: `${index + 1}.50`,
    quantity: index + 1,
  }));
  const items = [];
  for (const body of bodies) items.push(await send('POST', '/order-items', body));
  expect(items[0]).toMatchObject({
    status: 201,
    body: {
      categoryId: id,
      sku: 'C',
      price: '1.50',
      quantity: 1,
      state: 'open',
      isGift: false,
      tags: [],
      note: null,
    },
  });
  expect(items[0]!.text).not.toContain('accessToken');
  await refused(409, 'sku', send('POST', '/order-items', bodies[0]));
  for (const [field, value] of [
    ['quantity', 1001],
    ['quantity', 1.5],
    ['price', '123456789.00'],
    ['price', '-1'],
    ['price', 'cheap'],
    ['state', 'lost'],
    ['serialNo', '99999999999999999999'],
    ['dueAt', '2026-02-30T00:00:00Z'],
    ['dueOn', '2026-13-01'],
    ['tags', 'one'],
    ['weight', 'heavy'],
    ['isGift', 'yes'],
  ] as const)
    await refused(
      400,
      field,
      send('POST', '/order-items', { categoryId: id, sku: 'X', price: '1', [field]: value }),
    );
  await refused(
    400,
    undefined,
    send('POST', '/order-items', { categoryId: id, sku: 'X', price: '1', weight: 1e300 }),
  );

  const skus = async (query: string): Promise<unknown[]> =>
    (await get(`/order-items?${query}`)).body.data.map((row) => row['sku']);
  expect(await skus('sortBy=sku&sortOrder=asc')).toEqual(['A', 'B', 'C']);
  expect(await skus('sortBy=sku&sortOrder=desc')).toEqual(['C', 'B', 'A']);
  expect(await skus('sortBy=price&sortOrder=desc&limit=2')).toEqual(['B', 'A']);
  expect(await get('/order-items?limit=2&page=2&sortBy=sku')).toMatchObject({
    body: { data: [{ sku: 'C' }], meta: { page: 2, limit: 2, total: 3, totalPages: 2 } },
  });
  expect(await skus(`categoryId=${id}&state=open`)).toHaveLength(3);
  expect(await skus('state=sent')).toEqual([]);

  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  await refused(
    400,
    undefined,
    send('POST', '/order-items', `{ "categoryId": "${id}", "sku": "D", "price": "1", "details": ${deep} }`),
  );
  await refused(
    400,
    undefined,
    send('POST', '/order-items', { categoryId: id, sku: 'D', price: '1', details: { a: 'N\0' } }),
  );

  const path = `/order-items/${String(items[0]!.body['id'])}`;
  const details = { colour: 'red', sizes: [1, 2] };
  expect(
    await send('PATCH', path, {
      quantity: 7,
      note: 'fragile',
      details,
      dueAt: '2026-05-01T10:00:00+02:00',
      tags: ['a', 'b'],
    }),
  ).toMatchObject({
    status: 200,
    body: {
      quantity: 7,
      note: 'fragile',
      details,
      dueAt: '2026-05-01T08:00:00.000Z',
      tags: ['a', 'b'],
      sku: 'C',
    },
  });
  expect(await send('PATCH', path, { note: null })).toMatchObject({
    status: 200,
    body: { note: null, quantity: 7 },
  });
  expect(await send('PATCH', path, {})).toMatchObject({ status: 200, body: { quantity: 7 } });
  await refused(400, 'sku', send('PATCH', path, { sku: null }));
  await refused(409, 'sku', send('PATCH', path, { sku: 'A' }));
  await refused(
    400,
    'categoryId',
    send('PATCH', path, { categoryId: '00000000-0000-4000-8000-000000000000' }),
  );
  await refused(404, undefined, send('PATCH', '/order-items/987654', { quantity: 1 }));
  await refused(400, undefined, get('/order-items/99999999999999999999'));

  await refused(409, undefined, send('DELETE', `/categories/${id}`));
  for (const { body } of items)
    expect(await send('DELETE', `/order-items/${String(body['id'])}`)).toMatchObject({
      status: 204,
      text: '',
    });
  await refused(404, undefined, send('DELETE', path));
  expect((await send('DELETE', `/categories/${id}`)).status).toBe(204);
  await refused(404, undefined, get(`/categories/${id}`));

  const atOnce = [1, 2, 3].map(() => send('POST', '/categories', { name: 'Race', slug: 'race' }));
  expect((await Promise.all(atOnce)).map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
}
