import pluralize from 'pluralize';
import { type DatabaseSchema, displayName, type TableDef } from '../plan/database-schema.ts';
import { indexConventionOf } from '../plan/index-convention.ts';
import { codeText } from '../record/markdown.ts';

/**
 * What the tables of a project have in common, as sentences with their counts: a convention is told where most tables follow
 * it, and by how many. Empty for a schema without tables.
 */
export function conventionsOf(schema: DatabaseSchema): string[] {
  const { tables } = schema;
  if (tables.length === 0) return [];
  return [
    ...most('named in plural snake_case', tables, ({ name }) => SNAKE.test(name) && isPlural(name)),
    ...columnNames(tables),
    ...keys(tables),
    ...most('that have `created_at`', tables, (table) => hasColumn(table, 'created_at')),
    ...most('that have `updated_at`', tables, (table) => hasColumn(table, 'updated_at')),
    ...indexNames(schema),
    ...indexedKeys(tables),
  ];
}

const SNAKE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

function isPlural(name: string): boolean {
  return pluralize.plural(name) === name;
}

function most(what: string, tables: readonly TableDef[], test: (table: TableDef) => boolean): string[] {
  const count = tables.filter(test).length;
  return count * 2 > tables.length ? [`Tables ${what}: ${count} of ${tables.length}.`] : [];
}

function columnNames(tables: readonly TableDef[]): string[] {
  const names = tables.flatMap(({ columns }) => columns.map(({ name }) => name));
  const count = names.filter((name) => SNAKE.test(name)).length;
  return count * 2 > names.length ? [`Columns in snake_case: ${count} of ${names.length}.`] : [];
}

/** The primary key that most tables have. */
function keys(tables: readonly TableDef[]): string[] {
  const counts = new Map<string, number>();
  for (const { primaryKey, columns } of tables) {
    const column =
      primaryKey?.columns.length === 1
        ? columns.find(({ name }) => name === primaryKey.columns[0])
        : undefined;
    if (!column) continue;
    const made = column.identity
      ? ', identity'
      : column.default === undefined
        ? ''
        : `, default \`${codeText(column.default)}\``;
    const text = `\`${codeText(column.name)}\` of type \`${codeText(column.type)}\`${made}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const [first] = [...counts].toSorted(([, a], [, b]) => b - a);
  return first && first[1] * 2 > tables.length
    ? [`Primary keys ${first[0]}: ${first[1]} of ${tables.length} tables.`]
    : [];
}

function indexNames(schema: DatabaseSchema): string[] {
  const convention =
    indexConventionOf(schema, { unique: false }) ?? indexConventionOf(schema, { unique: true });
  return convention
    ? [
        `Indexes are called \`${convention.template}\`${convention.table === 'singular' ? ' (the table in singular)' : ''}.`,
      ]
    : [];
}

/** Foreign keys whose columns no index starts with: deletes in the other table read all of this one. */
function indexedKeys(tables: readonly TableDef[]): string[] {
  const all = tables.flatMap((table) => table.foreignKeys.map((key) => ({ table, columns: key.columns })));
  if (all.length === 0) return [];
  const bare = all.filter(({ table, columns }) => !isIndexed(table, columns));
  const names = bare.map(
    ({ table, columns }) => `\`${codeText(`${displayName(table)}(${columns.join(', ')})`)}\``,
  );
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? `, and ${names.length - 10} more` : '');
  return [
    `Foreign keys with an index: ${all.length - bare.length} of ${all.length}.${bare.length > 0 ? ` Without: ${shown}.` : ''}`,
  ];
}

function isIndexed(table: TableDef, columns: readonly string[]): boolean {
  const lists = [
    ...table.indexes
      .filter(({ where }) => where === undefined)
      .map((index) => index.columns.map(({ expression, isExpression }) => (isExpression ? '' : expression))),
    ...table.uniques.map((unique) => unique.columns),
    ...(table.primaryKey ? [table.primaryKey.columns] : []),
  ];
  return lists.some((list) => columns.every((name) => list.slice(0, columns.length).includes(name)));
}

function hasColumn({ columns }: TableDef, name: string): boolean {
  return columns.some((column) => column.name === name);
}
