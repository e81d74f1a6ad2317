import { index, integer, pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';
import { users } from '../users/user.schema';

export const orders = pgTable(
  'orders',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    status: varchar('status', { length: 20 }).notNull().default('open'),
    total: integer('total').notNull(),
    createdAt: timestamp('created_at').defaultNow().notNull(),
    updatedAt: timestamp('updated_at').defaultNow().notNull(),
  },
  table => {
    return {
      userIdx: index('orders_user_id_idx').on(table.userId),
      statusIdx: index('orders_status_idx').on(table.status),
    };
  }
);

export type DrizzleOrder = typeof orders.$inferSelect;
export type NewDrizzleOrder = typeof orders.$inferInsert;
