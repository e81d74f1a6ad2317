import { toPascalCase } from '../migration-name.ts';
import type { PlanIndex } from '../plan.ts';
import { changing, columnNames } from './build.ts';
import { missing, type Pattern, refusal, type Request, type Understood, type WordsTable } from './request.ts';
import {
  needColumnNamed,
  needTable,
  splitAtAnd,
  splitAtTable,
  splitIntoColumns,
  tableNamed,
  tablesNamed,
  tableThenColumns,
} from './tables.ts';

/** What is put on columns: `AddIndex…`, `AddUniqueIndex…`, `AddUnique…`. */
type Kind = 'index' | 'unique index' | 'unique';

/**
 * `AddIndexOnThreadsCreatedAt`, `AddIndexToThreadsOnCreatedAt`, `AddUniqueIndexOnUsersEmail`,
 * `AddStatusIndexToOrders`, `AddUniqueConstraintToUsersOnEmail`; the columns may follow as words.
 */
export const addIndex: Pattern = (request) => {
  const subject = readSubject(request.tokens);
  if (subject === undefined) return undefined;
  const { table, columns } = readTarget(request, subject);
  const fields = request.rest.length > 0 ? columnNames(request) : columns;
  if (fields.length === 0)
    throw missing(request, 'fields', `Which columns of ${table.name}?`, [
      request.first.text,
      table.columns[0] ?? 'column',
    ]);
  return added(subject.kind, table, fields);
};

function added(kind: Kind, table: WordsTable, fields: readonly string[]): Understood {
  if (kind === 'unique') return changing(table, { add_unique: [{ fields: [...fields] }] });
  const index: PlanIndex = { fields: [...fields], type: kind === 'index' ? 'index' : 'unique' };
  return changing(table, { add_indexes: [index] });
}

interface Subject {
  readonly kind: Kind;
  /** Columns named before the word index: AddStatusIndexTo… */
  readonly before: readonly string[];
  /** What follows: `on threads created at`. */
  readonly behind: readonly string[];
}

function readSubject(tokens: readonly string[]): Subject | undefined {
  if (tokens[0] !== 'add') return undefined;
  const preposition = tokens.findIndex(
    (token, index) => index > 1 && ['on', 'to', 'for', 'in'].includes(token),
  );
  const head = tokens.slice(1, preposition === -1 ? tokens.length : preposition);
  const behind = preposition === -1 ? [] : tokens.slice(preposition);
  for (const { words, kind } of SUBJECTS) {
    if (head.slice(-words.length).join() === words.join())
      return { kind, before: head.slice(0, -words.length), behind };
  }
  return undefined;
}

const SUBJECTS: readonly { readonly words: readonly string[]; readonly kind: Kind }[] = [
  { words: ['unique', 'index'], kind: 'unique index' },
  { words: ['index'], kind: 'index' },
  { words: ['indexes'], kind: 'index' },
  { words: ['unique', 'constraint'], kind: 'unique' },
  { words: ['unique'], kind: 'unique' },
];

interface Target {
  readonly table: WordsTable;
  readonly columns: readonly string[];
}

function readTarget(request: Request, { before, behind }: Subject): Target {
  const [preposition, ...named] = behind;
  if (preposition === undefined)
    throw refusal(request.first, 'on which table?', 'Write AddIndexOnTableColumn.');
  if (before.length > 0) return withColumns(request, needTable(named, request), before);
  const crossed = crossedTarget(request, preposition, named);
  return crossed ?? readTableAndColumns(request, named);
}

/** `to threads on created at`, `on created at to threads`. */
function crossedTarget(request: Request, preposition: string, named: readonly string[]): Target | undefined {
  const on = named.indexOf('on');
  if (preposition !== 'on' && on > 0 && on < named.length - 1)
    return withColumns(request, needTable(named.slice(0, on), request), named.slice(on + 1));
  if (preposition !== 'on') return undefined;
  const whole = tableThenColumns(named, request);
  const split =
    whole.length > 0 || tableNamed(named, request)
      ? undefined
      : splitAtTable(named, ['to', 'in', 'of'], request);
  return split && withColumns(request, split.table, split.left);
}

/** Columns named in the words themselves take precedence, so the ones in the name need not exist. */
function withColumns(request: Request, table: WordsTable, tokens: readonly string[]): Target {
  if (request.rest.length > 0) return { table, columns: [] };
  const [columns] = splitIntoColumns(tokens, table);
  return {
    table,
    columns: columns ?? splitAtAnd(tokens).map((part) => needColumnNamed(part, table, request)),
  };
}

function readTableAndColumns(request: Request, named: readonly string[]): Target {
  const whole = tableNamed(named, request);
  if (whole && (request.rest.length > 0 || tableThenColumns(named, request).length === 0))
    return { table: whole, columns: [] };
  const readings = tableThenColumns(named, request);
  const [first, ...others] = preferExact(readings, named);
  if (first && others.length === 0) return first;
  if (first) throw ambiguous(request, [first, ...others]);
  return withoutReading(request, named);
}

/** A table called exactly so goes before one that differs in number. */
function preferExact(readings: readonly Target[], named: readonly string[]): readonly Target[] {
  const name = named.join('_');
  const exact = readings.filter(({ table }) => name.startsWith(`${table.name}_`));
  return exact.length === 1 ? exact : readings;
}

function ambiguous(request: Request, readings: readonly Target[]) {
  const words = readings.map(({ table, columns }) => `${columns.join(' and ')} of ${table.name}`);
  const [supply = '', ...more] = readings.map(
    ({ table, columns }) => `AddIndexTo${toPascalCase(table.name)} ${columns.join(' ')}`,
  );
  return missing(request, 'fields', `Is it ${words.join(' or ')}?`, [supply], more);
}

/** No column fits: the longest table that the name starts with is meant, and its columns are told. */
function withoutReading(request: Request, named: readonly string[]): Target {
  const lengths = named.map((_, index) => named.length - index);
  for (const length of lengths) {
    const [table] = tablesNamed(named.slice(0, length), request.context.tables);
    if (table) return withColumns(request, table, named.slice(length));
  }
  return { table: needTable(named, request), columns: [] };
}
