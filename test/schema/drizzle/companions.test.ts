import { describe, expect, it } from 'vitest';
import { companionsOf, companionTexts } from '../../../src/schema/drizzle/companions.ts';
import { parseText } from '../../../src/schema/parse.ts';

const zodFile = `import { createInsertSchema, createSelectSchema } from 'drizzle-zod';
import { z } from 'zod';
export const users = pgTable('users', { id: uuid().primaryKey(), email: text() });

export const insertUserSchema = createInsertSchema(users, { email: z.string().email() }).omit({ id: true, email: true });
export const selectUserSchema = createSelectSchema(users);
export type User = z.infer<typeof selectUserSchema>;
export type NewUser = z.infer<typeof insertUserSchema>;
export type UserWithPosts = User & { posts: (typeof posts.$inferSelect)[] };
export function greet(user: User) { return users; }
`;

function written(source: string, variable: string, table: { variable: string; keys: readonly string[] }) {
  return companionTexts({ source: parseText('/a.ts', source), variable }, table);
}

describe('what a file declares for the rows of a table', () => {
  it('is found, also through another name', () => {
    const names = companionsOf(parseText('/a.ts', zodFile), 'users').map((companion) => companion.name);
    expect(names).toEqual(['insertUserSchema', 'selectUserSchema', 'User', 'NewUser']);
  });

  it.each([
    'export type User = typeof users.$inferSelect;',
    'export type User = InferSelectModel<typeof users>;',
    'export interface User extends InferSelectModel<typeof users> {}',
    'export type UserId = (typeof users.$inferSelect)["id"];',
  ])('%s', (line) => {
    expect(companionsOf(parseText('/a.ts', line), 'users')).toHaveLength(1);
  });
});

describe('the same for a new table', () => {
  it('row types', () => {
    const source =
      'export type DrizzleUser = typeof users.$inferSelect;\nexport type NewDrizzleUser = typeof users.$inferInsert;\n';
    expect(written(source, 'users', { variable: 'products', keys: ['id'] })).toEqual({
      text: 'export type DrizzleProduct = typeof products.$inferSelect;\nexport type NewDrizzleProduct = typeof products.$inferInsert;',
      types: ['DrizzleProduct', 'NewDrizzleProduct'],
      values: [],
      imports: [],
    });
  });

  it("zod schemas, without what is about the neighbour's columns", () => {
    const result = written(zodFile, 'users', { variable: 'orderItems', keys: ['id', 'title'] });
    expect(result?.text.split('\n')).toEqual([
      'export const insertOrderItemSchema = createInsertSchema(orderItems).omit({ id: true });',
      'export const selectOrderItemSchema = createSelectSchema(orderItems);',
      'export type OrderItem = z.infer<typeof selectOrderItemSchema>;',
      'export type NewOrderItem = z.infer<typeof insertOrderItemSchema>;',
    ]);
    expect(result?.imports.map((name) => name.name)).toEqual([
      'createInsertSchema',
      'createSelectSchema',
      'z',
    ]);
  });

  it('drops a chained call that lists or extends columns', () => {
    const source =
      'export const insertUserSchema = createInsertSchema(users).extend({ age: z.number() }).omit({ role: true }).partial();';
    expect(written(source, 'users', { variable: 'posts', keys: ['id'] })?.text).toBe(
      'export const insertPostSchema = createInsertSchema(posts).partial();',
    );
  });

  it('nothing where the names cannot be derived', () => {
    expect(
      written('export type Account = typeof users.$inferSelect;', 'users', { variable: 'posts', keys: [] }),
    ).toBeUndefined();
  });
});
