import type { CrudDomain } from './domain.ts';

/** How queries of Drizzle leave out and mark deleted rows, and what they set at each change: texts of code. */
export interface DrizzleRows {
  /** Of the rows that are there: `isNull(products.deletedAt)`; undefined where deleted rows go. */
  readonly alive: string | undefined;
  /** The one row of a key, if it is there. */
  readonly byId: string;
  /** What marks a row as deleted; undefined where it goes. */
  readonly deleted: string | undefined;
  /** What the code sets at each change: members of an object. */
  readonly changed: readonly string[];
  /** What of drizzle-orm this uses. */
  readonly uses: readonly string[];
}

/** `table` is what the code calls the table, `member` gives a property of it, `id` is the variable with the key. */
export function drizzleRows(
  { id, deletion, touched, bumped }: CrudDomain,
  member: (key: string) => string,
  property: (key: string) => string = (key) => key,
): DrizzleRows {
  const key = `eq(${member(id.key)}, id)`;
  const changed = [
    ...(touched === undefined ? [] : [`${property(touched.key)}: sql\`now()\``]),
    ...(bumped === undefined ? [] : [`${property(bumped.key)}: sql\`\${${member(bumped.key)}} + 1\``]),
  ];
  const uses = ['eq', ...(changed.length > 0 ? ['sql'] : [])];
  if (deletion === undefined) return { alive: undefined, byId: key, deleted: undefined, changed, uses };
  const { field, mark } = deletion;
  const isTime = mark === 'time';
  const alive = isTime ? `isNull(${member(field.key)})` : `eq(${member(field.key)}, false)`;
  return {
    alive,
    byId: `and(${key}, ${alive})`,
    deleted: `{ ${[`${property(field.key)}: ${isTime ? 'sql`now()`' : 'true'}`, ...changed].join(', ')} }`,
    changed,
    uses: [...new Set([...uses, 'and', ...(isTime ? ['isNull', 'sql'] : [])])],
  };
}
