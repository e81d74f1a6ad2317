import type { DatabaseSchema, ForeignKeyDef, TableDef } from '../../src/plan/database-schema.ts';

/** A table with an id, and a required key to each of `to`. */
export function table(name: string, to: readonly string[] = [], more: Partial<TableDef> = {}): TableDef {
  return {
    schema: 'public',
    name,
    columns: [
      { name: 'id', type: 'uuid', notNull: true },
      ...to.map((target) => ({ name: `${target}_id`, type: 'uuid', notNull: true })),
    ],
    primaryKey: { name: `${name}_pk`, named: false, columns: ['id'] },
    uniques: [],
    indexes: [],
    foreignKeys: to.map((target): ForeignKeyDef => ({
      name: `${name}_${target}_fk`,
      named: false,
      columns: [`${target}_id`],
      references: { schema: 'public', name: target, columns: ['id'] },
      onDelete: 'no action',
      onUpdate: 'no action',
    })),
    checks: [],
    ...more,
  };
}

export function schemaOf(tables: readonly TableDef[], more: Partial<DatabaseSchema> = {}): DatabaseSchema {
  return { tables, enums: [], schemas: [], views: [], ...more };
}
