import {
  displayName,
  type DatabaseSchema,
  findTable,
  type ObjectName,
  type TableDef,
} from '../plan/database-schema.ts';

/**
 * A Mermaid `erDiagram` of the given tables as they are in `schema`, with the tables that they refer to as boxes
 * without columns. Empty when none of the tables is there (all dropped).
 */
export function entityDiagram(schema: DatabaseSchema, names: readonly ObjectName[]): string {
  const tables = names.map((name) => findTable(schema, name)).filter((table) => table !== undefined);
  if (tables.length === 0) return '';
  const lines = tables.flatMap((table) => [
    `  ${entity(table)} {`,
    ...table.columns.map(
      (column) => `    ${word(column.type)} ${word(column.name)}${keys(table, column.name)}`,
    ),
    '  }',
    ...table.foreignKeys.map(
      (key) =>
        `  ${entity(table)} }o--${key.columns.every((name) => isRequired(table, name)) ? '||' : 'o|'} ${entity(key.references)} : "${key.columns.join(', ').replaceAll('"', "'")}"`,
    ),
  ]);
  return ['erDiagram', ...lines].join('\n');
}

function keys(table: TableDef, column: string): string {
  const marks = [
    table.primaryKey?.columns.includes(column) && 'PK',
    table.foreignKeys.some((key) => key.columns.includes(column)) && 'FK',
    table.uniques.some((unique) => unique.columns.length === 1 && unique.columns[0] === column) && 'UK',
  ].filter(Boolean);
  return marks.length > 0 ? ` ${marks.join(', ')}` : '';
}

function isRequired(table: TableDef, column: string): boolean {
  return table.columns.find(({ name }) => name === column)?.notNull ?? false;
}

/** Mermaid reads only letters, digits, `_`, `-`, brackets and parentheses in types and names. */
function word(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}_()[\]-]+/gu, '_').replace(/_+$/, '') || '_';
}

function entity(name: ObjectName): string {
  return `"${displayName(name).replaceAll('"', "'")}"`;
}
