import {
  displayName,
  type DatabaseSchema,
  findTable,
  type ForeignKeyDef,
  type ObjectName,
  type TableDef,
} from '../plan/database-schema.ts';
import { printable } from '../plan/visible.ts';

/**
 * A Mermaid `erDiagram` of the given tables as they are in `schema`, with the tables that they refer to as boxes
 * without columns. Empty when none of the tables is there (all dropped).
 */
export function entityDiagram(schema: DatabaseSchema, names: readonly ObjectName[]): string {
  const tables = names.map((name) => findTable(schema, name)).filter((table) => table !== undefined);
  if (tables.length === 0) return '';
  return ['erDiagram', ...tables.flatMap((table) => [...entity(table), ...relations(table)])]
    .map((line, index) => (index === 0 ? line : `  ${line}`))
    .join('\n');
}

/** A table without columns is a box: Mermaid refuses an empty block in older versions. */
function entity(table: TableDef): string[] {
  if (table.columns.length === 0) return [quoted(displayName(table))];
  return [
    `${quoted(displayName(table))} {`,
    ...table.columns.map(({ name, type }) => {
      const short = unquoted(shortType(type));
      const [typeWord, nameWord] = [word(short), word(name)];
      const unsaid = [
        ...(typeWord === short.replaceAll(' ', '_') ? [] : [short]),
        ...(nameWord === name ? [] : [name]),
      ];
      const comment = unsaid.length > 0 ? ` ${quoted(unsaid.join('; '))}` : '';
      return `  ${typeWord} ${nameWord}${marks(table, name)}${comment}`;
    }),
    '}',
  ];
}

function relations(table: TableDef): string[] {
  return table.foreignKeys.map(
    (key) =>
      `${quoted(displayName(table))} ${manyOrOne(table, key)}--${isRequired(table, key) ? '||' : 'o|'} ${quoted(displayName(key.references))} : ${quoted(key.columns.join(', '))}`,
  );
}

function marks(table: TableDef, column: string): string {
  const found = [
    table.primaryKey?.columns.includes(column) && 'PK',
    table.foreignKeys.some((key) => key.columns.includes(column)) && 'FK',
    uniqueSets(table).some((columns) => columns.length === 1 && columns[0] === column) && 'UK',
  ].filter(Boolean);
  return found.length > 0 ? ` ${found.join(', ')}` : '';
}

/** A row has at most one counterpart where the key's columns, or some of them, are unique. */
function manyOrOne(table: TableDef, key: ForeignKeyDef): '|o' | '}o' {
  const sets = [...uniqueSets(table), ...(table.primaryKey ? [table.primaryKey.columns] : [])];
  return sets.some((columns) => columns.every((name) => key.columns.includes(name))) ? '|o' : '}o';
}

/** Columns that are unique together, by constraint or by an index over all rows. */
function uniqueSets(table: TableDef): (readonly string[])[] {
  return [
    ...table.uniques.map(({ columns }) => columns),
    ...table.indexes
      .filter(
        ({ unique, where, columns }) =>
          unique && where === undefined && columns.every(({ isExpression }) => !isExpression),
      )
      .map(({ columns }) => columns.map(({ expression }) => expression)),
  ].filter((columns) => columns.length > 0);
}

/** A key of which one column may be NULL refers to nothing then (MATCH SIMPLE). */
function isRequired(table: TableDef, key: ForeignKeyDef): boolean {
  return key.columns.every(
    (name) =>
      table.primaryKey?.columns.includes(name) ||
      table.columns.some((column) => column.name === name && column.notNull),
  );
}

const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^character varying\b/i, 'varchar'],
  [/^character\b/i, 'char'],
  [/^timestamp(\(\d\))? with time zone\b/i, 'timestamptz$1'],
  [/^timestamp(\(\d\))? without time zone\b/i, 'timestamp$1'],
  [/^time(\(\d\))? with time zone\b/i, 'timetz$1'],
  [/^time(\(\d\))? without time zone\b/i, 'time$1'],
];

/** Postgres' own short name of a type, where it has one. */
export function shortType(type: string): string {
  const [found, short] = SHORT.find(([pattern]) => pattern.test(type)) ?? [];
  return found && short ? type.replace(found, short) : type;
}

/** The name of an enum as it is, without the quotes that SQL wants: `billing."State"[]` → `billing.State[]`. */
function unquoted(type: string): string {
  return type.replaceAll(/"((?:[^"]|"")+)"/g, (_, name: string) => name.replaceAll('""', '"'));
}

/** Older Mermaids take no more than these in types and names of columns; dot and comma came later. */
const UNFIT = /(?:(?![A-Za-z0-9_()[\]-]|(?![\0-\u00BF])[\p{L}\p{N}\p{M}]).)+/gsu;

/** Text as Mermaid reads a type or the name of a column. What is lost, the comment of the column says. */
function word(text: string): string {
  const fit = text.replaceAll(UNFIT, '_');
  // A key mark is read as one wherever it stands; a name starts with a letter.
  return /^(pk|fk|uk)(?![A-Za-z0-9_])|^[-0-9()[\]]|^$/i.test(fit) ? `_${fit}` : fit;
}

/** Any text in quotes. What would end or break them is written as an entity, which Mermaid shows as the character. */
function quoted(text: string): string {
  const line = printable(text.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' '));
  return `"${line
    .replaceAll(/["#%\\~]/g, (char) => `#${char.codePointAt(0)};`)
    // Mermaid takes a whole line that says so for the direction of the diagram, quotes or not.
    .replaceAll(/(direction) +(?=(?:tb|bt|rl|lr)\b)/gi, '$1#32;')}"`;
}
