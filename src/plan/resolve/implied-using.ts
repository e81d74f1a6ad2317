import { quoteIdentifier } from '../../postgres/quote.ts';
import { type PgType, parseType } from '../../postgres/sql.ts';

export interface TypeChange {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  /** Whether a type is an enum of the schema. */
  readonly isEnum: (type: PgType) => boolean;
}

/** Types that everything can be assigned to, and that need a cast to become anything else. */
const TEXTS = new Set(['text', 'varchar', 'char', 'name', 'citext']);

/** Pairs of other types that Postgres casts only where it is told to (pg_cast, castcontext `e`). */
const EXPLICIT = new Set([
  'integer boolean',
  'boolean integer',
  'integer bit',
  'bigint bit',
  'bit integer',
  'bit bigint',
  'jsonb boolean',
  'jsonb numeric',
  'jsonb smallint',
  'jsonb integer',
  'jsonb bigint',
  'jsonb real',
  'jsonb double precision',
]);

/**
 * The USING that a type change needs because Postgres has a cast between the two types and does not make it by itself:
 * from text to anything else, between enums. Undefined where none is needed, and where there is no such cast: what the
 * values become is for the plan to say then.
 *
 * @example impliedUsing({ column: 'addr', from: 'varchar(45)', to: 'inet', isEnum }) // '"addr"::inet'
 */
export function impliedUsing({ column, from, to, isEnum }: TypeChange): string | undefined {
  const [before, after] = [parseType(from), parseType(to)];
  if (before.arrayDims > 0 !== after.arrayDims > 0) return undefined;
  const array = before.arrayDims > 0 ? '[]' : '';
  const isText = (type: PgType): boolean => type.schema === undefined && TEXTS.has(type.name);
  // Both ORMs' generators and the plan's own DDL cast to a new enum.
  if (isText(after) || (isEnum(after) && array === '')) return undefined;
  const value = quoteIdentifier(column);
  if (isText(before)) return `${value}::${after.text}`;
  if (isEnum(before) && isEnum(after)) return `${value}::text[]::${after.text}`;
  return EXPLICIT.has(`${before.name} ${after.name}`) ? `${value}::${after.text}` : undefined;
}
