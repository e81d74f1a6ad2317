import type { Query } from './child/child.ts';

const READS = /^\s*(?:--[^\n]*\n\s*)*(?:select|with|table)\b/i;
const FROM = /\b(?:from|table)\b/i;
const RETURNS = /\breturning\b/i;
/** Done for what it does, not for what it says. */
const ACTS = /\b(?:setval|nextval|set_config|pg_notify|pg_advisory\w*)\s*\(/i;

/**
 * The first query whose rows a migration gets to see. What it runs after that may hang on them, so that the SQL of one run
 * is not that of another. (Looks at the catalog are not among the queries of a migration.)
 */
export function readOfRows(queries: readonly Query[]): Query | undefined {
  return queries.find(
    ({ sql }) => RETURNS.test(sql) || (READS.test(sql) && FROM.test(sql) && !ACTS.test(sql)),
  );
}
