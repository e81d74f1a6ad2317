import { posix } from 'node:path';
import type { Change } from '../../../src/plan/change.ts';
import type {
  ColumnDef,
  DatabaseSchema,
  ForeignKeyDef,
  IndexDef,
  ObjectName,
  TableDef,
} from '../../../src/plan/database-schema.ts';
import { editDrizzleSchema } from '../../../src/schema/drizzle/edit.ts';
import type { EditResult } from '../../../src/schema/edit-result.ts';
import type { EditInput } from '../../../src/schema/drizzle/editing.ts';

export const EMPTY: DatabaseSchema = { tables: [], enums: [], schemas: [], views: [] };

export const name = (table: string, schema = 'public'): ObjectName => ({ schema, name: table });

export const column = (columnName: string, type: string, more: Partial<ColumnDef> = {}): ColumnDef => ({
  name: columnName,
  type,
  notNull: false,
  ...more,
});

export const table = (
  tableName: string,
  columns: readonly ColumnDef[],
  more: Partial<TableDef> = {},
): TableDef => ({
  schema: 'public',
  name: tableName,
  columns,
  uniques: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
  ...more,
});

export const index = (indexName: string, columns: readonly string[]): IndexDef => ({
  name: indexName,
  unique: false,
  columns: columns.map((expression) => ({ expression, isExpression: false, order: 'asc', nulls: 'last' })),
  using: 'btree',
  concurrently: false,
});

export const foreignKey = (from: string, to: string, key: string): ForeignKeyDef => ({
  name: `${from}_${key}_${to}_id_fk`,
  named: false,
  columns: [key],
  references: { schema: 'public', name: to, columns: ['id'] },
  onDelete: 'no action',
  onUpdate: 'no action',
});

/** Edits texts by their absolute paths; the first one is what drizzle-kit loads unless `entries` says otherwise. */
export function edit(
  texts: Readonly<Record<string, string>>,
  changes: readonly Change[],
  more: Partial<EditInput> = {},
): EditResult & { text(path: string): string | null | undefined } {
  const paths = Object.keys(texts);
  const result = editDrizzleSchema({
    root: '/p',
    entries: paths.slice(0, 1),
    globMatches: () => false,
    files: paths.map((path) => ({ path, text: texts[path]! })),
    resolveImport: (from, specifier) => {
      const base = specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
      return [`${base}.ts`, `${base}/index.ts`].find((path) => paths.includes(path));
    },
    changes,
    before: EMPTY,
    ...more,
  });
  return {
    ...result,
    text: (path) =>
      result.edits.some((each) => each.path === path)
        ? result.edits.find((each) => each.path === path)?.after
        : texts[path],
  };
}
