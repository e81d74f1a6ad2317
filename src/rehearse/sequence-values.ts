import { quoteIdentifier } from '../postgres/quote.ts';
import type { Engine } from '../postgres/engines/engine.ts';
import type { RowDifference } from './row-snapshot.ts';

/** `tickets`, `app.tickets` → the value that the sequence gives next. */
export type SequenceValues = ReadonlyMap<string, bigint>;

/** Reads all sequences, those of serial and identity columns too. */
export async function readSequences(engine: Engine): Promise<SequenceValues> {
  const found = await engine.query<{ schema: string; name: string; increment: string }>(
    `select n.nspname as schema, c.relname as name, s.seqincrement::text as increment
     from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_' order by 1, 2`,
  );
  if (found.length === 0) return new Map();
  const states = found.map(
    ({ schema, name }, index) =>
      `select ${index} as index, last_value::text as last, is_called as "isCalled" from ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
  );
  const values = await engine.query<{ index: number; last: string; isCalled: boolean }>(
    states.join(' union all '),
  );
  return new Map(
    values.map(({ index, last, isCalled }) => {
      const { schema, name, increment } = found[index]!;
      return [
        schema === 'public' ? name : `${schema}.${name}`,
        BigInt(last) + (isCalled ? BigInt(increment) : 0n),
      ];
    }),
  );
}

const SETS = /\bsetval\b|\brestart\b/i;

/**
 * Sequences that `statements` leave at another value. One that has gone on is as it was, for inserts do that and no
 * rollback undoes it; unless a statement sets it.
 */
export function compareSequences(
  before: SequenceValues,
  after: SequenceValues,
  statements: readonly string[],
): RowDifference[] {
  const isSet = statements.some((sql) => SETS.test(sql));
  return [...before].flatMap(([name, old]): RowDifference[] => {
    const now = after.get(name);
    if (now === undefined || now === old || (now > old && !isSet)) return [];
    const example = { before: String(old), after: String(now) };
    return [{ table: name, column: 'next value', count: 1, example }];
  });
}
