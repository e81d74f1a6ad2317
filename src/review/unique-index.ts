import type { ConstraintSpec, TableRef } from './operation.ts';
import { columnList } from './not-valid.ts';
import { sqlName } from './print.ts';

type KeySpec = Extract<ConstraintSpec, { type: 'unique' | 'primary-key' }>;

/** The index of a key, built without a lock; undefined where an index cannot become that key afterwards. */
export function uniqueIndexSql(table: TableRef, name: string, key: KeySpec): string | undefined {
  if (key.withoutOverlaps || key.columns.length === 0) return undefined;
  const including = key.including.length > 0 ? ` INCLUDE ${columnList(key.including)}` : '';
  const nulls = key.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '';
  const index = sqlName({ schema: undefined, name });
  return `CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${sqlName(table)} ${columnList(key.columns)}${including}${nulls};`;
}

/** `ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key`; the index then takes the constraint's name. */
export function usingIndexCommand(name: string, key: KeySpec, indexName = name): string {
  const [constraint, index] = [name, indexName].map((each) => sqlName({ schema: undefined, name: each }));
  const type = key.type === 'unique' ? 'UNIQUE' : 'PRIMARY KEY';
  const deferrable = key.deferrable === '' ? '' : ` ${key.deferrable}`;
  return `ADD CONSTRAINT ${constraint} ${type} USING INDEX ${index}${deferrable}`;
}
