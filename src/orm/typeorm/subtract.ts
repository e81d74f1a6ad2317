import type { Change } from '../../plan/change.ts';
import type { Queries, Query } from './child/child.ts';

/**
 * A diff without what was in the baseline: TypeORM writes some statements again in every migration (a default that
 * Postgres prints another way, facts/typeorm.md 4), and those are not the plan's. Names that the plan renames are
 * followed.
 */
export function withoutBaseline(diff: Queries, baseline: Queries, changes: readonly Change[]): Queries {
  return {
    up: without(diff.up, baseline.up, changes),
    down: without(diff.down, baseline.down, changes),
  };
}

function without(queries: readonly Query[], baseline: readonly Query[], changes: readonly Change[]): Query[] {
  const left = baseline.map((query) => keyOf(query, changes));
  return queries.filter((query) => {
    const at = left.indexOf(keyOf(query, []));
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}

function keyOf({ sql, parameters = [] }: Query, changes: readonly Change[]): string {
  return `${changes.reduce(followed, sql)} ${JSON.stringify(parameters)}`;
}

function followed(sql: string, change: Change): string {
  switch (change.kind) {
    case 'rename-table':
      return sql.replaceAll(`"${change.table.name}"`, `"${change.to}"`);
    case 'rename-column':
      return sql.includes(`"${change.table.name}"`)
        ? sql.replaceAll(`"${change.from}"`, `"${change.to}"`)
        : sql;
    default:
      return sql;
  }
}
