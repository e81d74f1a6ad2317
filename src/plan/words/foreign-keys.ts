import { toPascalCase, toSnakeCase } from '../migration-name.ts';
import type { PlanForeignKey } from '../plan.ts';
import { changing, refuseRest } from './build.ts';
import { type ColumnWord, fieldOf, parseColumnWord } from './column-word.ts';
import { missing, type Pattern, refusal, type Request, type WordsTable } from './request.ts';
import {
  columnNamed,
  needTable,
  plural,
  singular,
  splitAtAnd,
  splitAtTable,
  tableNamed,
  tableThenColumns,
} from './tables.ts';

/**
 * `AddForeignKeyToProducts brand_id:ref(brands)`, `AddForeignKeyOnBrandIdToProducts …`, `AddBrandForeignKeyToProducts`,
 * `AddForeignKeyOnProductsBrandId`. Without a word the table follows from the column: brand_id refers to brands.
 */
export const addForeignKey: Pattern = (request) => {
  const at = request.tokens.findIndex(
    (token, index) => token === 'foreign' && request.tokens[index + 1] === 'key',
  );
  if (request.tokens[0] !== 'add' || at === -1) return undefined;
  const { table, columns } = readTarget(request, request.tokens.slice(1, at), request.tokens.slice(at + 2));
  const words = request.rest.length > 0 ? request.rest.map(parseColumnWord) : undefined;
  if (words) return withWords(table, words);
  if (columns.length === 0)
    throw missing(request, 'references', `Which column of ${table.name} refers to what?`, [
      request.first.text,
      'other_id:ref(others)',
    ]);
  return changing(table, { add_foreign_keys: columns.map((column) => keyByName(request, table, column)) });
};

/** `CascadeDeleteSharesOnScopeDelete`: what becomes of the rows of one table when those of another go. */
export const cascadeDelete: Pattern = (request) => {
  const verb = VERBS.find(({ words }) => request.tokens.slice(0, words.length).join() === words.join());
  if (verb === undefined) return undefined;
  const named = request.tokens
    .slice(verb.words.length)
    .filter((token, index, all) => token !== 'delete' || (index > 0 && index < all.length - 1));
  const cut = named.lastIndexOf('on');
  if (cut < 1 || cut === named.length - 1) return undefined;
  refuseRest(request);
  const other = needTable(named.slice(cut + 1), request);
  const table =
    tableNamed(named.slice(0, cut), request) ??
    referringTable(named.slice(0, cut), other, request) ??
    needTable(named.slice(0, cut), request);
  return changing(table, {
    modify_foreign_keys: [{ ...keyTo(request, table, other), on_delete: verb.action }],
  });
};

/** `Shares` for user_shares, where that is the only table of such a name that refers to the other one. */
function referringTable(
  tokens: readonly string[],
  other: WordsTable,
  request: Request,
): WordsTable | undefined {
  const fitting = request.context.tables.filter(
    (table) => endsLike(toSnakeCase(table.name).split('_'), tokens) && keysBetween(table, other).length > 0,
  );
  const [table, ...others] = fitting;
  if (table === undefined || others.length === 0) return table;
  const lines = fitting.map(({ name }) =>
    request.first.text.replace(new RegExp(toPascalCase(tokens.join('_')), 'i'), toPascalCase(name)),
  );
  throw missing(
    request,
    'table',
    `Is it ${fitting.map(({ name }) => name).join(' or ')}?`,
    [lines[0] ?? ''],
    lines.slice(1),
  );
}

function endsLike(name: readonly string[], tokens: readonly string[]): boolean {
  return singular(name.slice(-tokens.length).join('_')) === singular(tokens.join('_'));
}

function keysBetween(table: WordsTable, other: WordsTable): WordsTable['foreignKeys'] {
  const names = [other.name, `${other.schema}.${other.name}`];
  return table.foreignKeys.filter((key) => names.includes(key.refTable));
}

const VERBS = [
  { words: ['cascade', 'delete'], action: 'CASCADE' },
  { words: ['cascade'], action: 'CASCADE' },
  { words: ['restrict', 'delete'], action: 'RESTRICT' },
  { words: ['set', 'null'], action: 'SET NULL' },
] as const;

function keyTo(request: Request, table: WordsTable, other: WordsTable): { field: string } | { name: string } {
  const keys = keysBetween(table, other);
  const [key, ...others] = keys;
  if (key === undefined) throw refusal(request.first, `${table.name} has no foreign key to ${other.name}`);
  if (others.length > 0) {
    throw refusal(
      request.first,
      `${table.name} has ${keys.length} foreign keys to ${other.name}: ${keys.map(({ name }) => name).join(', ')}`,
      'Write the plan as YAML: changes: {modify_foreign_keys: [{name: …, on_delete: …}]}.',
    );
  }
  const [column] = key.columns;
  return key.columns.length === 1 && column !== undefined ? { field: column } : { name: key.name };
}

function readTarget(
  request: Request,
  before: readonly string[],
  behind: readonly string[],
): { table: WordsTable; columns: readonly string[] } {
  const [preposition, ...named] = behind;
  if (preposition === undefined || named.length === 0)
    throw refusal(request.first, 'on which table?', 'Write AddForeignKeyToTable column:ref(other_table).');
  if (before.length > 0)
    return { table: needTable(named, request), columns: [ownColumn(before, needTable(named, request))] };
  const table = tableNamed(named, request);
  if (table) return { table, columns: [] };
  const [reading] = tableThenColumns(named, request);
  if (reading) return reading;
  const split = splitAtTable(named, ['to', 'on', 'in'], request);
  if (split)
    return preposition === 'from'
      ? fromTo(request, named)
      : { table: split.table, columns: splitAtAnd(split.left).map((part) => ownColumn(part, split.table)) };
  return { table: needTable(named, request), columns: [] };
}

/** `AddForeignKeyFromSharesToScopes`. */
function fromTo(request: Request, named: readonly string[]) {
  const cut = named.lastIndexOf('to');
  const table = needTable(named.slice(0, cut), request);
  return {
    table,
    columns: [
      ownColumn(
        named.slice(cut + 1).join('_') === '' ? [] : [singular(named.slice(cut + 1).join('_'))],
        table,
      ),
    ],
  };
}

/** `brand` means the column brand_id. */
function ownColumn(tokens: readonly string[], table: WordsTable): string {
  return (
    columnNamed(tokens, table) ??
    columnNamed([...tokens, 'id'], table) ??
    `${tokens.join('_').replace(/_id$/, '')}_id`
  );
}

function keyByName(request: Request, table: WordsTable, column: string): PlanForeignKey {
  const stem = column.replace(/_?id$/i, '');
  const other = tableNamed(stem.split('_'), request);
  if (other === undefined) {
    throw missing(request, 'references', `Which table does ${column} of ${table.name} refer to?`, [
      request.first.text,
      `${column}:ref(${plural(stem)})`,
    ]);
  }
  return {
    field: column,
    references: other.schema === 'public' ? other.name : `${other.schema}.${other.name}`,
  };
}

function withWords(table: WordsTable, words: readonly ColumnWord[]) {
  const keys: PlanForeignKey[] = [];
  const columns: ReturnType<typeof fieldOf>[] = [];
  for (const word of words) {
    if (word.reference === undefined)
      throw refusal(word.word, `${word.name} refers to nothing`, `Write ${word.name}:ref(table).`);
    if (word.type !== undefined && columnNamed([word.name], table) === undefined)
      columns.push(fieldOf(word, word.type));
    else
      keys.push({
        field: word.name,
        references: word.reference.target,
        ...(word.reference.onDelete === undefined ? {} : { on_delete: word.reference.onDelete }),
      });
  }
  return changing(table, {
    ...(columns.length > 0 ? { add_columns: columns } : {}),
    ...(keys.length > 0 ? { add_foreign_keys: keys } : {}),
  });
}
