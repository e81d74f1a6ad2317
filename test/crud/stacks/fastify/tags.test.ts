import { expect, it } from 'vitest';
import { tagLike } from '../../../../src/crud/stacks/fastify/tags.ts';
import { projectOf } from '../../in-memory.ts';

it.each([
  ["schema: { tags: ['Users'] }", 'Order items'],
  ["schema: { tags: ['users'] }", 'order items'],
  ["schema: { tags: ['user-roles'] }", 'order-items'],
  ["const tags = ['users', 'admin'];", 'order items'],
  ['schema: { body: user }', undefined],
])('a tag is written as those of the other routes: %s', (schema, tag) => {
  const project = projectOf({
    'routes/users.ts': `import type { FastifyInstance } from 'fastify';\n// ${schema}\n`,
    'seed.ts': "export const posts = [{ tags: ['Sale!'] }];\n",
  });
  expect(tagLike(project, 'order items')).toBe(tag);
});
