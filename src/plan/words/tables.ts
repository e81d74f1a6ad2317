import pluralize from 'pluralize';
import { toSnakeCase } from '../migration-name.ts';
import { nearest } from '../suggest.ts';
import { refusal, type Request, type WordsTable } from './request.ts';

/** The tables that these parts of a name can mean: the one that is called so, else those that differ in number only. */
export function tablesNamed(tokens: readonly string[], tables: readonly WordsTable[]): readonly WordsTable[] {
  const name = tokens.join('_');
  const called: readonly ((table: WordsTable) => string)[] = [
    (table) => toSnakeCase(table.name),
    (table) => toSnakeCase(table.bareName ?? table.name),
  ];
  const exact = called.map((by) => tables.filter((table) => by(table) === name));
  const alike = called.map((by) => tables.filter((table) => singular(by(table)) === singular(name)));
  return [...exact, ...alike].find((found) => found.length > 0) ?? [];
}

/** The one table that these parts of a name mean; undefined when there is none. Throws when two schemas have it. */
export function tableNamed(tokens: readonly string[], request: Request): WordsTable | undefined {
  const found = tablesNamed(tokens, request.context.tables);
  if (found.length < 2) return found[0];
  const inPublic = found.filter((table) => table.schema === 'public');
  if (inPublic.length === 1) return inPublic[0];
  const names = found.map((table) => `${table.schema}.${table.name}`).join(' and ');
  throw refusal(
    request.first,
    `"${tokens.join('_')}" can mean ${names}`,
    'Write the plan as YAML, with schema: …',
  );
}

/** Like `tableNamed`, where there must be one. Throws with the near names. */
export function needTable(tokens: readonly string[], request: Request): WordsTable {
  const table = tableNamed(tokens, request);
  if (table) return table;
  const name = tokens.join('_');
  const near = nearest(
    name,
    request.context.tables.map((candidate) => candidate.name),
  );
  throw refusal(
    request.first,
    `there is no table "${name}"`,
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : knownTables(request),
  );
}

/** The column of a table that these parts of a name mean, as it is called there. */
export function columnNamed(tokens: readonly string[], table: WordsTable): string | undefined {
  const name = tokens.join('_');
  return (
    table.columns.find((column) => column === name) ??
    table.columns.find((column) => toSnakeCase(column) === name)
  );
}

/** Like `columnNamed`, where there must be one. Throws with the near names. */
export function needColumnNamed(tokens: readonly string[], table: WordsTable, request: Request): string {
  const column = columnNamed(tokens, table);
  if (column !== undefined) return column;
  const name = tokens.join('_');
  const near = nearest(name, table.columns);
  throw refusal(
    request.first,
    `table ${table.name} has no column "${name}"`,
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : undefined,
  );
}

/** A name cut in two at a preposition, what is behind it being a table. */
export interface TableSplit {
  readonly left: readonly string[];
  readonly table: WordsTable;
}

/**
 * Cuts at the last of these prepositions behind which a table's name stands; undefined when there is no such
 * preposition at all. Throws when there is one and no table behind it.
 */
export function splitAtTable(
  tokens: readonly string[],
  prepositions: readonly string[],
  request: Request,
): TableSplit | undefined {
  const cuts = tokens.flatMap((token, index) =>
    index > 0 && index < tokens.length - 1 && prepositions.includes(token) ? [index] : [],
  );
  for (const cut of cuts.toReversed()) {
    const table = tableNamed(tokens.slice(cut + 1), request);
    if (table) return { left: tokens.slice(0, cut), table };
  }
  const last = cuts.at(-1);
  if (last === undefined) return undefined;
  return { left: tokens.slice(0, last), table: needTable(tokens.slice(last + 1), request) };
}

/** Every way to read a name as a table followed by columns of it. */
export function tableThenColumns(
  tokens: readonly string[],
  request: Request,
): { table: WordsTable; columns: readonly string[] }[] {
  return tokens.flatMap((_, cut) => {
    if (cut === 0) return [];
    return tablesNamed(tokens.slice(0, cut), request.context.tables).flatMap((table) =>
      splitIntoColumns(tokens.slice(cut), table).map((columns) => ({ table, columns })),
    );
  });
}

/** Every way to read a name as columns of this table, `and` between them or nothing. */
export function splitIntoColumns(tokens: readonly string[], table: WordsTable): (readonly string[])[] {
  if (tokens.length === 0) return [[]];
  const found: (readonly string[])[] = [];
  for (let length = 1; length <= tokens.length; length++) {
    const column = columnNamed(tokens.slice(0, length), table);
    if (column === undefined) continue;
    const behind = tokens.slice(length);
    const next = behind[0] === 'and' && behind.length > 1 ? behind.slice(1) : behind;
    for (const rest of splitIntoColumns(next, table))
      if (!rest.includes(column)) found.push([column, ...rest]);
  }
  return found;
}

/** Parts of a name cut at `and`: `a_and_b` → a, b. */
export function splitAtAnd(tokens: readonly string[]): (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const token of tokens) {
    if (token === 'and') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** The plural of a name: of its last word. */
export function plural(name: string): string {
  return onLastWord(name, (word) => pluralize.plural(word));
}

/** The singular of a name: of its last word. */
export function singular(name: string): string {
  return onLastWord(name, (word) => pluralize.singular(word));
}

function onLastWord(name: string, change: (word: string) => string): string {
  const cut = name.lastIndexOf('_') + 1;
  return name.slice(0, cut) + change(name.slice(cut));
}

function knownTables(request: Request): string | undefined {
  const names = request.context.tables.map((table) => table.name);
  return names.length > 0 && names.length <= 12 ? `Known here: ${names.join(', ')}.` : undefined;
}
