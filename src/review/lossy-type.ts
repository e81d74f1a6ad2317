import type { Node } from 'libpg-query';
import type { TypeSpec } from './operation.ts';
import { typeSpec } from './type-change.ts';

/** Pairs whose cast rounds, cuts or forgets, whatever the values are. */
const LOSSY = new Set(
  `float8 float4|float8 numeric|float4 numeric|numeric float8|numeric float4|float8 int8|float8 int4|float8 int2
  |float4 int8|float4 int4|float4 int2|numeric int8|numeric int4|numeric int2|timestamptz date|timestamp date
  |timestamptz time|timestamp time|timestamptz timestamp|timetz time|json jsonb|inet cidr`
    .replace(/\s*\n\s*/g, '')
    .split('|'),
);

/**
 * Whether a change of type alters stored values, so that the way back cannot bring them. Shorter texts do not: Postgres
 * refuses the change where one is too long, unless a USING cuts it. Undefined where the old type is not known.
 */
export function losesValues(
  from: TypeSpec | string | undefined,
  to: TypeSpec,
  using: Node | undefined,
): boolean | undefined {
  const old = typeof from === 'string' ? typeSpec(from) : from;
  if (!old || old.name === '') return undefined;
  if (LOSSY.has(`${old.name} ${to.name}`)) return true;
  const [first, scale = 0] = to.modifiers;
  const [oldFirst, oldScale = 0] = old.modifiers;
  switch (to.name) {
    case 'numeric':
      return old.name === 'numeric' && first !== undefined && (oldFirst === undefined || scale < oldScale);
    case 'timestamp':
    case 'timestamptz':
    case 'time':
    case 'timetz':
      return first !== undefined && first < (oldFirst ?? 6);
    case 'varchar':
    case 'bpchar':
      // An explicit cast cuts without a word.
      return using !== undefined && first !== undefined && (oldFirst === undefined || first < oldFirst);
    default:
      return false;
  }
}
