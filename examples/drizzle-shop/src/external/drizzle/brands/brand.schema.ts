import { pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

export const brands = pgTable('brands', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: varchar('name', { length: 100 }).notNull().unique(),
  createdAt: timestamp('created_at').defaultNow().notNull(),
  updatedAt: timestamp('updated_at').defaultNow().notNull(),
});

export type DrizzleBrand = typeof brands.$inferSelect;
export type NewDrizzleBrand = typeof brands.$inferInsert;
