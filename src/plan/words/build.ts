import { toSnakeCase } from '../migration-name.ts';
import type { ModifyTableDocument, PlanField, PlanIndex, PlanPath } from '../plan.ts';
import { type ColumnWord, fieldOf, parseColumnWord } from './column-word.ts';
import { tableNamed } from './tables.ts';
import {
  missing,
  type Origin,
  refusal,
  type Request,
  shown,
  type Understood,
  type WordsTable,
} from './request.ts';

/** A plan that changes this table. */
export function changing(
  table: WordsTable,
  changes: ModifyTableDocument['changes'],
  origins: readonly Origin[] = [],
): Understood {
  const schema = table.schema === 'public' ? {} : { schema: table.schema };
  return {
    document: { migration_type: 'modify_existing', ...schema, table_name: table.name, changes },
    origins,
    notices: [],
  };
}

/** Column words as the fields and single-column indexes of a plan, each value with the word that it came from. */
export interface ReadColumns {
  readonly fields: PlanField[];
  readonly indexes: PlanIndex[];
  readonly originsAt: (path: PlanPath) => Origin[];
}

/** Reads column words that must each have a type. Throws `answer-needed` naming every one that has none. */
export function readColumns(request: Request): ReadColumns {
  const columns = request.rest.map((word) => asReference(parseColumnWord(word), request));
  needTypes(
    request,
    columns.filter((column) => column.type === undefined),
  );
  return {
    fields: columns.map((column) => fieldOf(column, column.type ?? '')),
    indexes: columns
      .filter((column) => column.index)
      .map((column) => ({ fields: [column.name], type: 'index' })),
    originsAt: (path) => columns.map((column, index) => ({ path: [...path, index], word: column.word })),
  };
}

/** `author:ref(user)`: a reference that says no type is a column for the key of that table, with an index. */
function asReference(column: ColumnWord, request: Request): ColumnWord {
  const { reference, type } = column;
  if (reference === undefined || type !== undefined || reference.target.includes('(')) return column;
  const table = tableNamed([toSnakeCase(reference.target)], request);
  if (table?.key === undefined) return column;
  const { key } = table;
  const schema = table.schema === 'public' ? '' : `${table.schema}.`;
  const isNamed = toSnakeCase(column.name).endsWith(`_${toSnakeCase(key.name)}`);
  return {
    ...column,
    name: isNamed ? column.name : `${column.name}_${toSnakeCase(key.name)}`,
    type: key.type,
    index: !column.unique && !column.primaryKey,
    reference: { ...reference, target: `${schema}${table.name}(${key.name})` },
  };
}

/** Words that name columns of a table: `status`, or `status:varchar(20)` with a type that says nothing new. */
export function columnNames(request: Request): string[] {
  return request.rest.map((word) => parseColumnWord(word).name);
}

/** Throws when words are left over that this plan has no use for. */
export function refuseRest(request: Request): void {
  const [word] = request.rest;
  if (word)
    throw refusal(word, `${shown(word)} is not needed: ${shown(request.first)} says it all`, 'Remove it.');
}

function needTypes(request: Request, untyped: readonly ColumnWord[]): void {
  const [first] = untyped;
  if (first === undefined) return;
  const names = untyped.map((column) => column.name);
  const supply = request.rest.map((word) =>
    names.includes(word.text.split(':')[0] ?? '') ? withType(word.text) : word.text,
  );
  throw missing(
    request,
    names.join(', '),
    `${names.join(', ')} ${names.length === 1 ? 'needs' : 'need'} a type`,
    [request.first.text, ...supply],
  );
}

function withType(text: string): string {
  const [name = '', ...rest] = text.split(':');
  return [name, likelyType(name), ...rest].join(':');
}

/** The type that a column of this name most often has: what an error proposes, never what is taken. */
export function likelyType(name: string): string {
  const snake = toSnakeCase(name);
  if (snake.endsWith('_id')) return 'uuid';
  if (snake.endsWith('_at')) return 'timestamptz';
  if (/_(on|date)$/.test(snake)) return 'date';
  if (/^(is|has|can)_/.test(snake)) return 'boolean';
  if (/(count|quantity|position|amount|price|number|age)$/.test(snake)) return 'integer';
  return 'text';
}
