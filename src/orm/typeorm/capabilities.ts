import type { Capabilities } from '../../plan/resolve/capabilities.ts';

/**
 * What entities can say (plan-format, "What the ORMs can express"), the same in 0.3 and 1.x. An enum lives on its
 * columns; an index takes neither an order nor included columns.
 */
export function typeormCapabilities(version: string): Capabilities {
  return {
    orm: `TypeORM ${version.split('.').slice(0, 2).join('.')}`,
    collation: true,
    indexInclude: false,
    indexOrder: false,
    indexExpression: false,
    operatorClass: false,
    indexMethods: false,
    nullsNotDistinct: false,
    deferrableForeignKey: true,
    serial: false,
    enums: false,
    tableWithoutKey: false,
    dropInlinePrimaryKey: true,
    renameIdentity: true,
  };
}
