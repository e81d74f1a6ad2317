import { changing } from './build.ts';
import { missing, type Pattern, refusal, type Request, type Understood, type WordsTable } from './request.ts';
import { splitAtTable } from './tables.ts';

/** `RemoveIndexFromThreads threads_created_at_idx`, `DropForeignKeyFromShares scope_id`, `RemoveCheckFromOrders positive`. */
export const dropNamed: Pattern = (request) => {
  if (!['remove', 'drop', 'delete'].includes(request.tokens[0] ?? '')) return undefined;
  const split = splitAtTable(request.tokens.slice(1), ['from', 'on'], request);
  const key = split && KEYS.get(split.left.join(' '));
  if (split === undefined || key === undefined) return undefined;
  if (request.rest.length === 0)
    throw missing(request, 'name', `Which ${split.left.join(' ')} of ${split.table.name}?`, [
      request.first.text,
      'its_name',
    ]);
  return dropped(key, split.table, request);
};

type Key = 'drop_indexes' | 'drop_unique' | 'drop_foreign_keys' | 'drop_checks';

const KEYS: ReadonlyMap<string, Key> = new Map([
  ['index', 'drop_indexes'],
  ['unique index', 'drop_indexes'],
  ['indexes', 'drop_indexes'],
  ['unique', 'drop_unique'],
  ['unique constraint', 'drop_unique'],
  ['foreign key', 'drop_foreign_keys'],
  ['check', 'drop_checks'],
  ['check constraint', 'drop_checks'],
]);

function dropped(key: Key, table: WordsTable, request: Request): Understood {
  const names = request.rest.map((word) =>
    key === 'drop_foreign_keys' ? foreignKeyName(word.text, table, request) : word.text,
  );
  return changing(
    table,
    { [key]: names },
    request.rest.map((word, index) => ({ path: ['changes', key, index], word })),
  );
}

/** A foreign key may be called by its name or by its column. */
function foreignKeyName(text: string, table: WordsTable, request: Request): string {
  const key =
    table.foreignKeys.find((candidate) => candidate.name === text) ??
    table.foreignKeys.find((candidate) => candidate.columns.join() === text);
  if (key) return key.name;
  const names = table.foreignKeys.map((candidate) => candidate.name);
  throw refusal(
    request.first,
    `${table.name} has no foreign key "${text}"`,
    names.length > 0 ? `Known here: ${names.join(', ')}.` : undefined,
  );
}
