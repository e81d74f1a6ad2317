import pluralize from 'pluralize';
import type { DatabaseSchema, IndexDef, TableDef } from './database-schema.ts';

/** How a schema calls its indexes: a template, and which form of the table's name stands in it. */
export interface IndexConvention {
  readonly template: string;
  readonly table: 'as-is' | 'singular';
}

/**
 * The convention that most index names of a schema follow: `{table}_{columns}_idx`, `idx_{table}_{columns}`,
 * `{columns}_idx` … Undefined when no name shows one.
 */
export function indexConventionOf(
  schema: DatabaseSchema,
  kind: { readonly unique: boolean },
): IndexConvention | undefined {
  const counts = new Map<string, Counted>();
  for (const table of schema.tables) {
    for (const index of table.indexes.filter(({ unique }) => unique === kind.unique)) {
      const convention = conventionOf(table, index);
      if (convention) count(counts, convention, table);
    }
  }
  return [...counts.values()].filter(isShared).toSorted((a, b) => b.count - a.count)[0]?.convention;
}

interface Counted {
  readonly convention: IndexConvention;
  readonly tables: Set<TableDef>;
  count: number;
}

/** What indexes are called everywhere. Other words are a convention only where several tables have them: else they mean the table. */
const USUAL = /^(u?idx|ix|index|inx|i|uq|uniq|unique|uk|key|by|on)$/;

function isShared({ convention, tables }: Counted): boolean {
  const words = convention.template
    .replace(/\{(table|columns)\}/g, '')
    .split('_')
    .filter(Boolean);
  return tables.size > 1 || words.every((word) => USUAL.test(word));
}

/** The name that a convention gives an index. */
export function writeIndexName(
  convention: IndexConvention,
  table: string,
  columns: readonly string[],
): string {
  const tableName = convention.table === 'singular' ? pluralize.singular(table) : table;
  return convention.template
    .replace('{table}', () => tableName)
    .replace('{columns}', () => columns.join('_'));
}

function count(counts: Map<string, Counted>, convention: IndexConvention, table: TableDef): void {
  const key = `${convention.table} ${convention.template}`;
  const seen = counts.get(key) ?? { convention, tables: new Set(), count: 0 };
  seen.count += 1;
  seen.tables.add(table);
  counts.set(key, seen);
}

/** Short words around table and columns belong to a convention; longer ones say what this one index is for. */
const AROUND = /^[a-z]{0,6}(_[a-z]{0,6})?$/;

function conventionOf(table: TableDef, index: IndexDef): IndexConvention | undefined {
  if (index.columns.length === 0 || index.columns.some((column) => column.isExpression)) return undefined;
  const columns = index.columns.map((column) => column.expression).join('_');
  const singular = pluralize.singular(table.name);
  return (
    matchName(index.name, columns, table.name, 'as-is') ??
    (singular === table.name ? undefined : matchName(index.name, columns, singular, 'singular')) ??
    matchColumnsOnly(index.name, columns)
  );
}

/** `prefix table between columns suffix`, where between is `_` or `_on_`. */
function matchName(
  name: string,
  columns: string,
  table: string,
  form: IndexConvention['table'],
): IndexConvention | undefined {
  for (const between of ['_', '_on_']) {
    const middle = `${table}${between}${columns}`;
    const at = name.indexOf(middle);
    if (at === -1) continue;
    const [prefix, suffix] = [name.slice(0, at), name.slice(at + middle.length)];
    if (isAround(prefix, suffix))
      return { template: `${prefix}{table}${between}{columns}${suffix}`, table: form };
  }
  return undefined;
}

function matchColumnsOnly(name: string, columns: string): IndexConvention | undefined {
  const at = name.indexOf(columns);
  if (at === -1) return undefined;
  const [prefix, suffix] = [name.slice(0, at), name.slice(at + columns.length)];
  return isAround(prefix, suffix) ? { template: `${prefix}{columns}${suffix}`, table: 'as-is' } : undefined;
}

/** Something stands around it, set off by underscores. */
function isAround(prefix: string, suffix: string): boolean {
  const setOff = (prefix === '' || prefix.endsWith('_')) && (suffix === '' || suffix.startsWith('_'));
  const words = [prefix.replace(/_$/, ''), suffix.replace(/^_/, '')];
  return setOff && words.join('') !== '' && words.every((word) => AROUND.test(word));
}
