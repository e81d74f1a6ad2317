import { toPascalCase } from '../migration-name.ts';
import type { PlanModifyColumn } from '../plan.ts';
import { changing, columnNames, likelyType, readColumns, refuseRest } from './build.ts';
import { parseColumnWord, type ColumnWord } from './column-word.ts';
import { missing, type Pattern, refusal, type Request, type Understood, type WordsTable } from './request.ts';
import { columnNamed, needColumnNamed, splitAtAnd, splitAtTable, tablesNamed } from './tables.ts';

/** `AddBrandIdToProducts brand_id:uuid`: the columns that follow; without them the names are known and their types are not. */
export const addColumns: Pattern = (request) => {
  if (request.tokens[0] !== 'add') return undefined;
  const split = splitAtTable(request.tokens.slice(1), ['to', 'on', 'in'], request);
  if (split === undefined) return undefined;
  if (request.rest.length > 0) return columnsAdded(request, split.table);
  const names = splitAtAnd(split.left)
    .map((part) => part.join('_'))
    .filter((name) => name !== 'column' && name !== 'columns');
  const supply = (names.length > 0 ? names : ['name']).map((name) => `${name}:${likelyType(name)}`);
  throw missing(
    request,
    names.join(', '),
    `${names.join(', ') || 'The new column'} of ${split.table.name} needs a type`,
    [request.first.text, ...supply],
  );
};

/** The columns that follow, added to a table. */
export function columnsAdded(request: Request, table: WordsTable): Understood {
  const { fields, indexes, originsAt } = readColumns(request);
  const changes = { add_columns: fields, ...(indexes.length > 0 ? { add_indexes: indexes } : {}) };
  return changing(table, changes, originsAt(['changes', 'add_columns']));
}

/** `RemoveOldFieldFromProducts`, with or without the columns behind it. */
export const removeColumns: Pattern = (request) => {
  if (!['remove', 'drop', 'delete'].includes(request.tokens[0] ?? '')) return undefined;
  const split = splitAtTable(request.tokens.slice(1), ['from'], request);
  if (split === undefined) return undefined;
  const named = splitAtAnd(split.left.filter((token, index) => index > 0 || token !== 'column'));
  const columns =
    request.rest.length > 0
      ? columnNames(request)
      : named.map((part) => needColumnNamed(part, split.table, request));
  return changing(
    split.table,
    { drop_columns: columns },
    request.rest.map((word, index) => ({ path: ['changes', 'drop_columns', index], word })),
  );
};

/** `RemoveUserShareScope`: a table and a column of it, wherever the one ends and the other begins. */
export const removeColumnWithoutPreposition: Pattern = (request) => {
  const [verb = '', ...named] = request.tokens;
  if (!['remove', 'drop', 'delete'].includes(verb) || named.length < 2) return undefined;
  const only = oneReading(
    request,
    tableAndColumn(named, request),
    ({ table, column }) => `Remove${toPascalCase(column)}From${toPascalCase(table.name)}`,
  );
  if (only === undefined) return undefined;
  refuseRest(request);
  return changing(only.table, { drop_columns: [only.column] });
};

/** `RenameTitleToNameInProducts`. */
export const renameColumn: Pattern = (request) => {
  if (request.tokens[0] !== 'rename') return undefined;
  const named = request.tokens.slice(request.tokens[1] === 'column' ? 2 : 1);
  const split = splitAtTable(named, ['in', 'on', 'of', 'for'], request);
  if (split === undefined) return undefined;
  refuseRest(request);
  const { left, table } = split;
  const cuts = left.flatMap((token, index) =>
    token === 'to' && index > 0 && index < left.length - 1 ? [index] : [],
  );
  const cut = cuts.find((at) => columnNamed(left.slice(0, at), table) !== undefined) ?? cuts[0];
  if (cut === undefined)
    throw refusal(
      request.first,
      'the new name of the column is missing',
      'Write RenameOldNameToNewNameInTable.',
    );
  const from = needColumnNamed(left.slice(0, cut), table, request);
  return changing(table, { rename_columns: [{ from, to: left.slice(cut + 1).join('_') }] });
};

/** `RenameUserShareScopeToLevel`: a table and a column of it, then the new name. */
export const renameColumnWithoutPreposition: Pattern = (request) => {
  const [verb, ...named] = request.tokens;
  if (verb !== 'rename') return undefined;
  const readings = named.flatMap((token, cut) =>
    token === 'to' && cut < named.length - 1
      ? tableAndColumn(named.slice(0, cut), request).map((found) => ({
          ...found,
          to: named.slice(cut + 1).join('_'),
        }))
      : [],
  );
  const only = oneReading(
    request,
    readings,
    ({ table, column, to }) =>
      `Rename${toPascalCase(column)}To${toPascalCase(to)}In${toPascalCase(table.name)}`,
  );
  if (only === undefined) return undefined;
  refuseRest(request);
  return changing(only.table, { rename_columns: [{ from: only.column, to: only.to }] });
};

interface ColumnOfTable {
  readonly table: WordsTable;
  readonly column: string;
}

/** Every way to read a name as a table followed by one column of it. */
function tableAndColumn(named: readonly string[], request: Request): ColumnOfTable[] {
  return named.flatMap((_, cut) =>
    tablesNamed(named.slice(0, cut), request.context.tables).flatMap((table) => {
      const column = columnNamed(named.slice(cut), table);
      return column === undefined ? [] : [{ table, column }];
    }),
  );
}

/** The only way to read a name; undefined when there is none. Throws `answer-needed` with the words for each when there are several. */
function oneReading<Reading extends ColumnOfTable>(
  request: Request,
  readings: readonly Reading[],
  wordsFor: (reading: Reading) => string,
): Reading | undefined {
  if (readings.length < 2) return readings[0];
  const [supply = '', ...more] = readings.map(wordsFor);
  const meant = readings.map(({ table, column }) => `${column} of ${table.name}`).join(' or ');
  throw missing(request, 'table', `Is it ${meant}?`, [supply], more);
}

/** `ChangePriceOnProducts price:numeric(10,2)`. */
export const changeColumns: Pattern = (request) => {
  if (!['change', 'modify', 'alter', 'update'].includes(request.tokens[0] ?? '')) return undefined;
  const split = splitAtTable(request.tokens.slice(1), ['in', 'on', 'of', 'for'], request);
  if (split === undefined) return undefined;
  const { table } = split;
  if (request.rest.length > 0)
    return modified(
      table,
      request.rest.map((word) => modification(parseColumnWord(word))),
      request,
    );
  const named = splitAtAnd(split.left).map((part) =>
    part.at(-1) === 'type' && columnNamed(part, table) === undefined ? part.slice(0, -1) : part,
  );
  const columns = named.map((part) => needColumnNamed(part, table, request));
  throw missing(request, columns.join(', '), `Which type shall ${columns.join(', ')} have?`, [
    request.first.text,
    ...columns.map((column) => `${column}:${likelyType(column)}`),
  ]);
};

/** `MakePriceRequiredInProducts`, `MakePriceNullableInProducts`. */
export const makeNullable: Pattern = (request) => {
  if (request.tokens[0] !== 'make') return undefined;
  const split = splitAtTable(request.tokens.slice(1), ['in', 'on', 'of', 'for'], request);
  if (split === undefined) return undefined;
  const ending = ENDINGS.find(
    ({ words }) =>
      split.left.slice(-words.length).join() === words.join() && split.left.length > words.length,
  );
  if (ending === undefined) return undefined;
  refuseRest(request);
  const columns = splitAtAnd(split.left.slice(0, -ending.words.length)).map((part) =>
    needColumnNamed(part, split.table, request),
  );
  return modified(
    split.table,
    columns.map((name) => ({ name, nullable: ending.nullable })),
    request,
  );
};

const ENDINGS = [
  { words: ['not', 'null'], nullable: false },
  { words: ['required'], nullable: false },
  { words: ['mandatory'], nullable: false },
  { words: ['nullable'], nullable: true },
  { words: ['optional'], nullable: true },
] as const;

function modified(table: WordsTable, columns: PlanModifyColumn[], request: Request): Understood {
  return changing(
    table,
    { modify_columns: columns },
    request.rest.map((word, index) => ({ path: ['changes', 'modify_columns', index], word })),
  );
}

function modification(column: ColumnWord): PlanModifyColumn {
  const misplaced = column.unique
    ? 'unique'
    : column.index
      ? 'index'
      : column.primaryKey
        ? 'pk'
        : column.reference
          ? 'ref'
          : undefined;
  if (misplaced !== undefined)
    throw refusal(
      column.word,
      `:${misplaced} cannot be said of a change`,
      'Write it as a plan of its own.',
      column.word.text.indexOf(`:${misplaced}`),
    );
  return {
    name: column.name,
    ...(column.type === undefined ? {} : { new_type: column.type }),
    ...(column.notNull ? { nullable: false } : {}),
    ...(column.default === undefined ? {} : { default: column.default }),
  };
}
