import { type Catalog, type CatalogDifference, diffCatalogs, readCatalog } from '../postgres/catalog.ts';
import { SqlFailure } from '../postgres/engines/engine.ts';
import { quoteIdentifier } from '../postgres/quote.ts';
import { realDifferences } from './drift.ts';
import { extensionsOf, replayHistory, type ReplayOptions } from './replayed-history.ts';

/** Two schemas as the ORM writes them on an empty database, before and after a migration. */
export interface SourceSql {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The same, read back from a database. */
export interface SourceCatalogs {
  readonly before: Catalog;
  readonly after: Catalog;
}

/**
 * Lets an engine of its own say what the schema source comes to. Returns a sentence where Postgres refuses its SQL (a
 * type of an extension that the engine lacks).
 */
export async function readSource(
  source: SourceSql,
  options: ReplayOptions,
): Promise<SourceCatalogs | string> {
  const { engine, kept } = await replayHistory([], options);
  const catalogOf = async (statements: readonly string[]): Promise<Catalog> => {
    await engine.exec('begin');
    try {
      for (const sql of statements) await engine.exec(sql);
      return await readCatalog(engine);
    } finally {
      await engine.exec('rollback');
    }
  };
  try {
    for (const name of extensionsOf([options.next])) {
      await engine.exec(`create extension if not exists ${quoteIdentifier(name)}`);
    }
    return { before: await catalogOf(source.before), after: await catalogOf(source.after) };
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return `The result was not compared with the schema source (${error.message}).`;
  } finally {
    await Promise.all([engine.close(), kept]);
  }
}

/** What a schema source can say; functions, triggers, comments and the like are the migration's own affair. */
const IN_SOURCES = /^(table|column|constraint|index|enum|view|materialized view|policy) /;

/** Whether a schema source can say such a thing. */
export function isInSources(object: string): boolean {
  return IN_SOURCES.test(object);
}

/** Where the migration leaves the database otherwise than the source has it; what differed before it is not its doing. */
export function sourceDrift(
  source: SourceCatalogs,
  database: { readonly start: Catalog; readonly reached: Catalog },
): CatalogDifference[] {
  const older = new Set(
    realDifferences(diffCatalogs(source.before, database.start)).map(({ object }) => object),
  );
  return realDifferences(diffCatalogs(source.after, database.reached)).filter(
    ({ object }) => isInSources(object) && !older.has(object),
  );
}
