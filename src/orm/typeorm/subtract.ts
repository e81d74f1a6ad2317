import type { Change } from '../../plan/change.ts';
import type { Queries, Query } from './child/child.ts';

/**
 * A diff without what was in the baseline: TypeORM writes some statements again in every migration (a default that
 * Postgres prints another way, facts/typeorm.md 4), and those are not the plan's. Names that the plan renames are
 * followed, and those that TypeORM derives of them.
 */
export function withoutBaseline(diff: Queries, baseline: Queries, changes: readonly Change[]): Queries {
  const up = without(diff.up, baseline.up, changes);
  const inDown = ({ sql, ...rest }: Query): Query => ({
    ...rest,
    sql: [...up.names].reduce((text, [from, to]) => text.replaceAll(`"${from}"`, () => `"${to}"`), sql),
  });
  return { up: up.left, down: without(diff.down, baseline.down.map(inDown), changes).left };
}

interface Left {
  readonly left: readonly Query[];
  /** Names that TypeORM derives for what the baseline makes: before the renames, after them. */
  readonly names: ReadonlyMap<string, string>;
}

function without(queries: readonly Query[], baseline: readonly Query[], changes: readonly Change[]): Left {
  const old = baseline.map((query) => ({ query, key: keyOf(query, changes) }));
  const names = new Map<string, string>();
  const left = queries.filter((query) => {
    const key = keyOf(query, []);
    const same = old.findIndex((each) => each.key === key);
    const at = same === -1 ? old.findIndex((each) => unnamed(each.key) === unnamed(key)) : same;
    if (at === -1) return true;
    const [from, to] = [madeName(old[at]!.query.sql), madeName(query.sql)];
    if (from !== undefined && to !== undefined && from !== to) names.set(from, to);
    old.splice(at, 1);
    return false;
  });
  return { left, names };
}

/** What gets a name of its own in a statement: an index, a constraint. */
const MADE =
  /^(CREATE (?:UNIQUE )?(?:SPATIAL )?INDEX (?:CONCURRENTLY )?|ALTER TABLE (?:"[^"]+"\.)?"[^"]+" ADD CONSTRAINT )"([^"]+)"/;

function madeName(sql: string): string | undefined {
  return MADE.exec(sql)?.[2];
}

function unnamed(key: string): string {
  return key.replace(MADE, '$1');
}

function keyOf({ sql, parameters = [] }: Query, changes: readonly Change[]): string {
  return `${changes.reduce(followed, sql)} ${JSON.stringify(parameters)}`;
}

function followed(sql: string, change: Change): string {
  switch (change.kind) {
    case 'rename-table':
      return sql
        .replaceAll(`"${change.table.name}"`, () => `"${change.to}"`)
        .replaceAll(`"${change.table.name}_`, () => `"${change.to}_`);
    case 'rename-column': {
      const { name } = change.table;
      if (!sql.includes(`"${name}"`)) return sql;
      return sql
        .replaceAll(`"${change.from}"`, () => `"${change.to}"`)
        .replaceAll(`"${derived(name, change.from)}`, () => `"${derived(name, change.to)}`);
    }
    default:
      return sql;
  }
}

/** How the names of a column's enum and sequence begin. */
function derived(table: string, column: string): string {
  return `${table}_${column}_`;
}
