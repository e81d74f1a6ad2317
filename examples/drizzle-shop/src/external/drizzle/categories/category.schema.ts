import { pgTable, text, timestamp, uniqueIndex, uuid, varchar } from 'drizzle-orm/pg-core';

export const categories = pgTable(
  'categories',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: varchar('name', { length: 100 }).notNull(),
    description: text('description'),
    createdAt: timestamp('created_at').defaultNow().notNull(),
    updatedAt: timestamp('updated_at').defaultNow().notNull(),
  },
  table => {
    return {
      nameIdx: uniqueIndex('categories_name_idx').on(table.name),
    };
  }
);

export type DrizzleCategory = typeof categories.$inferSelect;
export type NewDrizzleCategory = typeof categories.$inferInsert;
