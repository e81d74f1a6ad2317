import { quoteWhereNeeded } from '../postgres/quote.ts';
import type { OperationOf } from './operation.ts';
import type { Statement } from './rule.ts';

type CreateIndex = OperationOf<'create-index'>;

/** CREATE INDEX as written, built without the lock; undefined where it stands inside another statement. */
export function concurrentIndexSql({ text }: Statement): string | undefined {
  const concurrent = text.replace(
    /^(CREATE(?:\s+UNIQUE)?\s+INDEX)\b(?!\s+CONCURRENTLY\b)/i,
    '$1 CONCURRENTLY',
  );
  return /^CREATE(?:\s+UNIQUE)?\s+INDEX\s+CONCURRENTLY\b/i.test(concurrent) ? `${concurrent};` : undefined;
}

/** What a partitioned table takes instead: an index that is not valid until every partition has one attached to it. */
export function partitionedIndexSql({ text }: Statement, { name }: CreateIndex): string | undefined {
  if (!/^CREATE(?:\s+UNIQUE)?\s+INDEX\b/i.test(text)) return undefined;
  const only = text.replace(/\sCONCURRENTLY\b/i, '').replace(/\bON\s+(?!ONLY\b)/i, 'ON ONLY ');
  const index = name === undefined ? 'it' : quoteWhereNeeded(name);
  return `${only};\n-- then, for every partition: the same with CONCURRENTLY, and ALTER INDEX ${index} ATTACH PARTITION …;`;
}
