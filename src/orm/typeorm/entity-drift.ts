import { type Catalog, type CatalogDifference, diffCatalogs, readCatalog } from '../../postgres/catalog.ts';
import { SqlFailure } from '../../postgres/engines/engine.ts';
import { realDifferences } from '../../rehearse/drift.ts';
import { isInSources, type SourceCatalogs } from '../../rehearse/source-drift.ts';
import { TableplanError } from '../../errors.ts';
import type { TypeormChild } from './child/child.ts';
import type { Shadow } from './shadow.ts';

/** A database as it is, and as TypeORM would have it for the entities. */
export interface WantedCatalog {
  readonly actual: Catalog;
  readonly wanted: Catalog;
  /** TypeORM's statements from the one to the other. */
  readonly statements: readonly string[];
}

/** Plain indexes do for the catalog what those made CONCURRENTLY do, and may stand in a transaction. */
const CONCURRENTLY = /^((?:CREATE(?: UNIQUE)?|DROP) INDEX )CONCURRENTLY /;

/**
 * What TypeORM would make of the shadow, for its entities: its own diff is run and taken back, so that what it generates
 * time and again without any effect is no difference. Returns a sentence where that cannot be told.
 */
export async function wantedCatalog(
  { engine }: Shadow,
  child: Pick<TypeormChild, 'log'>,
  tables?: readonly string[],
): Promise<WantedCatalog | string> {
  try {
    const { up } = await child.log(tables);
    const actual = await readCatalog(engine);
    await engine.exec('begin');
    try {
      for (const { sql, parameters = [] } of up) {
        const text = sql.replace(CONCURRENTLY, '$1');
        if (parameters.length > 0) await engine.query(text, parameters);
        else await engine.exec(text);
      }
      return { actual, wanted: await readCatalog(engine), statements: up.map(({ sql }) => sql) };
    } finally {
      await engine.exec('rollback');
    }
  } catch (error) {
    if (!(error instanceof SqlFailure || error instanceof TableplanError)) throw error;
    return `The result was not compared with the entities (${error.message}).`;
  }
}

export interface EntityDrift {
  readonly source: SourceCatalogs;
  /** What the entities ask for, and neither the history nor this migration brings. */
  readonly ungenerated: readonly CatalogDifference[];
}

/**
 * What a rehearsal compares the result of the newest migration with. What differed before it in the same way is not its
 * doing.
 */
export function entityDrift(start: WantedCatalog, reached: WantedCatalog): EntityDrift {
  const before = realDifferences(diffCatalogs(start.wanted, start.actual));
  const now = new Map(
    realDifferences(diffCatalogs(reached.wanted, reached.actual)).map((difference) => [
      difference.object,
      difference,
    ]),
  );
  const older = before.filter(({ object, expected, actual }) => {
    const still = now.get(object);
    return still !== undefined && still.expected === expected && still.actual === actual;
  });
  const wanted = new Map(start.actual);
  for (const { object, expected } of older) {
    if (expected === undefined) wanted.delete(object);
    else wanted.set(object, expected);
  }
  return {
    source: { of: 'schema source', before: wanted, after: reached.wanted },
    ungenerated: older.filter(({ object, expected }) => expected !== undefined && isInSources(object)),
  };
}
