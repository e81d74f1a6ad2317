import type { Capabilities } from '../../plan/resolve/capabilities.ts';

/**
 * drizzle-orm 0.45 with drizzle-kit 0.31.11; the last two measured by running it. Dropping an inline primary key gives a
 * comment instead of SQL. A column that is renamed and altered at once is renamed only, while the snapshot says that
 * both were done; altering a column of a table that is renamed at once ends in a TypeError.
 */
export const drizzleCapabilities: Capabilities = {
  orm: 'Drizzle 0.45',
  collation: false,
  indexInclude: false,
  indexOrder: true,
  nullsNotDistinct: true,
  deferrableForeignKey: false,
  enums: true,
  dropInlinePrimaryKey: false,
  alterRenamed: false,
};
