import { SqlFailure } from '../../postgres/engines/engine.ts';
import type { Queries, Query } from './child/child.ts';
import type { Shadow } from './shadow.ts';

export interface Kept extends Queries {
  /** What is renamed instead of being made anew, in words for the record. */
  readonly reasons: readonly string[];
}

/**
 * TypeORM derives the name of a constraint from its table, and renames keys, uniques and indexes with it, but no CHECK: it
 * drops that and makes it under the new name, which reads every row again. Where Postgres shows that both are the same but
 * for their names, the constraint is renamed. The database is as it is before the statements.
 */
export async function withKeptConstraints(diff: Queries, shadow: Shadow): Promise<Kept> {
  let { up, down } = diff;
  const reasons: string[] = [];
  for (const added of diff.up) {
    const add = ADD.exec(added.sql)?.groups;
    if (add === undefined) continue;
    const drops = up.flatMap(({ sql }) => {
      const drop = DROP.exec(sql)?.groups;
      return drop !== undefined && drop.table === add.table ? [drop.name!] : [];
    });
    const same = await sameAs(added, { table: add.table!, name: add.name! }, drops, shadow);
    if (same === undefined) continue;
    const rename = (from: string, to: string): Query => ({
      sql: `ALTER TABLE ${add.table} RENAME CONSTRAINT "${from}" TO "${to}"`,
    });
    up = replaced(up, { table: add.table!, drop: same, add: add.name! }, rename(same, add.name!));
    down = replaced(down, { table: add.table!, drop: add.name!, add: same }, rename(add.name!, same));
    reasons.push(
      `the constraint ${same} gets its new name: TypeORM drops it and makes ${add.name}, which is the same`,
    );
  }
  return { up, down, reasons };
}

const NAME = String.raw`"(?<name>[^"]+)"`;
const TABLE = String.raw`(?<table>(?:"[^"]+"\.)?"[^"]+")`;
const ADD = new RegExp(`^ALTER TABLE ${TABLE} ADD CONSTRAINT ${NAME} `);
const DROP = new RegExp(`^ALTER TABLE ${TABLE} DROP CONSTRAINT ${NAME}$`);

/** The one dropped constraint that Postgres has in the same words as the added one. */
async function sameAs(
  added: Query,
  { table, name }: { readonly table: string; readonly name: string },
  drops: readonly string[],
  { engine }: Shadow,
): Promise<string | undefined> {
  if (drops.length === 0) return undefined;
  await engine.exec('savepoint tableplan_kept');
  try {
    // It stands beside the old one for a moment; what cannot (a second key) is left as it is.
    await engine.query(added.sql, [...(added.parameters ?? [])]);
    const rows = await engine.query<{ name: string; definition: string }>(
      'select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = $1::regclass',
      [table],
    );
    const definition = rows.find((row) => row.name === name)?.definition;
    const alike = rows.filter((row) => drops.includes(row.name) && row.definition === definition);
    return alike.length === 1 ? alike[0]!.name : undefined;
  } catch (error) {
    if (error instanceof SqlFailure) return undefined;
    throw error;
  } finally {
    await engine.exec('rollback to savepoint tableplan_kept');
  }
}

interface Pair {
  readonly table: string;
  readonly drop: string;
  readonly add: string;
}

/** The rename in the place of the drop, and no statement that makes it anew. */
function replaced(queries: readonly Query[], pair: Pair, rename: Query): readonly Query[] {
  return queries.flatMap((query) => {
    const drop = DROP.exec(query.sql)?.groups;
    if (drop?.table === pair.table && drop.name === pair.drop) return [rename];
    const add = ADD.exec(query.sql)?.groups;
    return add?.table === pair.table && add.name === pair.add ? [] : [query];
  });
}
