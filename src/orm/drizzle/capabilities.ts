import type { Capabilities } from '../../plan/resolve/capabilities.ts';

/**
 * drizzle-orm 0.45 with drizzle-kit 0.31.11, measured by running them. Dropping an inline primary key gives a comment
 * instead of SQL; renaming a table with an identity column ends in a TypeError. Left to itself, drizzle-kit also loses an
 * alteration of what is renamed at once: that is why renames are told to it (`tell-differ.ts`).
 */
export const drizzleCapabilities: Capabilities = {
  orm: 'Drizzle 0.45',
  collation: false,
  indexInclude: false,
  indexOrder: true,
  indexExpression: true,
  operatorClass: true,
  indexMethods: true,
  nullsNotDistinct: true,
  deferrableForeignKey: false,
  enums: true,
  serial: true,
  tableWithoutKey: true,
  dropInlinePrimaryKey: false,
  renameIdentity: false,
};
