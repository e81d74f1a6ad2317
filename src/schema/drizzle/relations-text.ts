import type { RelationEntry, RelationsBlock } from './relations-model.ts';
import { capitalise, mapName, pluralName, singularName, wordsOf } from '../word-names.ts';
import type { FileStyle } from '../source-file.ts';

/** One entry of a relations block to be written; table names as the file has them. */
export interface NewEntry {
  readonly key: string;
  readonly kind: 'one' | 'many';
  readonly target: string;
  /** `orders.userId`; empty where the other side has the columns. */
  readonly fields: readonly string[];
  readonly references: readonly string[];
  readonly relationName?: string | undefined;
}

export interface EntryLayout {
  /** `one` or `r.one`. */
  readonly helperPrefix: string;
  /** The entry's own indent; undefined when it stands on a line with others. */
  readonly indent: string | undefined;
  readonly config: 'broken' | 'one-line';
  readonly style: FileStyle;
}

/** `user: one(users, { fields: [orders.userId], references: [users.id] })`, without a comma. */
export function entryText(entry: NewEntry, layout: EntryLayout): string {
  const options = [
    ...(entry.fields.length === 0
      ? []
      : [`fields: [${entry.fields.join(', ')}]`, `references: [${entry.references.join(', ')}]`]),
    ...(entry.relationName === undefined
      ? []
      : [`relationName: ${layout.style.quote}${entry.relationName}${layout.style.quote}`]),
  ];
  const head = `${entry.key}: ${layout.helperPrefix}${entry.kind}(${entry.target}`;
  return options.length === 0 ? `${head})` : `${head}, ${optionsText(options, layout)})`;
}

function optionsText(options: readonly string[], { indent, config, style }: EntryLayout): string {
  if (indent === undefined || config === 'one-line') return `{ ${options.join(', ')} }`;
  const lines = options.map(
    (option, index) =>
      `${indent}${style.indent}${option}${index < options.length - 1 ? ',' : style.trailingComma}`,
  );
  return ['{', ...lines, `${indent}}`].join(style.eol);
}

/** A whole block: `export const ordersRelations = relations(orders, ({ one }) => ({ … }));` */
export function blockText(
  block: { readonly variable: string; readonly table: string; readonly callee: string },
  entries: readonly NewEntry[],
  layout: Omit<EntryLayout, 'helperPrefix' | 'indent'>,
  parameter: string | undefined,
): string {
  const { style } = layout;
  const kinds = (['one', 'many'] as const).filter((kind) => entries.some((entry) => entry.kind === kind));
  const written = parameter ?? `{ ${kinds.join(', ')} }`;
  const head = parameter !== undefined && style.arrowParens === 'avoid' ? written : `(${written})`;
  const inner = {
    ...layout,
    helperPrefix: parameter === undefined ? '' : `${parameter}.`,
    indent: style.indent,
  };
  const lines = entries.map(
    (entry, index) =>
      `${style.indent}${entryText(entry, inner)}${index < entries.length - 1 ? ',' : style.trailingComma}`,
  );
  return [
    `export const ${block.variable} = ${block.callee}(${block.table}, ${head} => ({`,
    ...lines,
    `}))${style.semicolon}`,
  ].join(style.eol);
}

/** The name of a block for a table, as the neighbour's is derived from its table. */
export function blockVariable(table: string, like: RelationsBlock): string {
  return mapName(like.variable, { from: lastName(like.table), to: table }) ?? `${table}Relations`;
}

/** `userId` → `user`; a key that is not named after a column of the other table takes that table's name. */
export function oneKey(columnKeys: readonly string[], target: string): string {
  const [key] = columnKeys;
  const stem =
    columnKeys.length === 1 && key !== undefined
      ? /^(.+?)(?:_id|Id|ID|_uuid|Uuid)$/.exec(key)?.[1]
      : undefined;
  return stem ?? singularName(tableStem(target));
}

/** What the other side calls its rows: as in the neighbour's entries, else the table's name in the plural. */
export function inverseKey(table: string, kind: 'one' | 'many', examples: readonly RelationEntry[]): string {
  const same = examples.filter((entry) => entry.kind === 'many' && !entry.hasConfig);
  const mapped = same
    .map((entry) => mapName(entry.key, { from: lastName(entry.target), to: table }))
    .find((key) => key !== undefined);
  const key = mapped ?? pluralName(tableStem(table));
  return kind === 'many' ? key : singularName(key);
}

/** `ordersTable` and `tblOrders` are about `orders`. */
function tableStem(variable: string): string {
  const words = wordsOf(variable);
  const isAffix = (word: string | undefined) =>
    words.length > 1 && word !== undefined && /^(table|tbl|model|schema)$/i.test(word);
  if (isAffix(words.at(-1))) return variable.slice(0, -words.at(-1)!.length).replace(/_$/, '');
  if (!isAffix(words[0])) return variable;
  const rest = variable.slice(words[0]!.length).replace(/^_/, '');
  return rest.charAt(0).toLowerCase() + rest.slice(1);
}

/** Keys for several relations between the same two tables: `authorPosts`, `editorPosts`. */
export function qualifiedKey(oneSide: string, inverse: string): string {
  return `${oneSide}${capitalise(inverse)}`;
}

function lastName(written: string): string {
  return written.slice(written.lastIndexOf('.') + 1);
}
