import { tableKey } from '../review/operation.ts';
import { readOperations } from '../review/read-operations.ts';
import { parseScript } from '../postgres/parse-script.ts';

/** `table.column` → internal name of the type that statements give it: `int4`. */
export type NewTypes = ReadonlyMap<string, string>;

/** The types that columns are to have. */
export function newTypesOf(statements: readonly string[]): NewTypes {
  const operations = statements.flatMap((sql) =>
    parseScript(sql).flatMap(({ node }) => (node ? readOperations(node) : [])),
  );
  return new Map(
    operations.flatMap((operation) =>
      operation.kind === 'alter-type'
        ? [[`${tableKey(operation.table)}.${operation.column}`, operation.type.name] as const]
        : [],
    ),
  );
}

/** A text that a cast to this type takes; undefined where any text will do, or nobody knows. */
export function castableText(type: string): string | undefined {
  return TEXTS[type];
}

const TEXTS: Readonly<Record<string, string>> = {
  int2: '1',
  int4: '1',
  int8: '1',
  numeric: '1',
  float4: '1',
  float8: '1',
  bool: 'true',
  uuid: '00000000-0000-4000-8000-000000000001',
  date: '2024-02-29',
  time: '12:00:00',
  timetz: '12:00:00+00',
  timestamp: '2024-02-29 12:00:00',
  timestamptz: '2024-02-29 12:00:00+00',
  interval: '1 day',
  json: '{}',
  jsonb: '{}',
  inet: '127.0.0.1',
  cidr: '127.0.0.0/8',
};
