/** On an embedded server, the function that does `hidingOtherIndexes`: of the table `$1` all but the index `$2`. */
export const HIDE_OTHER_INDEXES = 'pg_catalog.tableplan_hide_other_indexes';

/** Takes all indexes of a table but one out of the planner's sight, until the transaction is undone. */
export function hidingOtherIndexes(table: string, index: string): string {
  return `update pg_catalog.pg_index set indisvalid = false where indrelid = ${table} and indrelid >= 16384 and indexrelid <> ${index}`;
}
