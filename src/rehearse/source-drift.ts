import { type Catalog, type CatalogDifference, diffCatalogs, readCatalog } from '../postgres/catalog.ts';
import { type Engine, SqlFailure } from '../postgres/engines/engine.ts';
import { quoteIdentifier } from '../postgres/quote.ts';
import { realDifferences } from './drift.ts';
import { extensionsOf, replayHistory, type ReplayOptions } from './replayed-history.ts';

/** Schemas as the ORM writes them on an empty database: before a migration, after it, and as its snapshot has it. */
export interface SourceSql {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Where `after` is the schema source itself: what the snapshot of the migration says beside it. */
  readonly snapshot?: readonly string[] | undefined;
}

/** The same, read back from a database. */
export interface SourceCatalogs {
  /** What `after` is. */
  readonly of: 'schema source' | 'snapshot';
  readonly before: Catalog;
  readonly after: Catalog;
  readonly snapshot?: Catalog | undefined;
}

/**
 * Lets an engine of its own say what the schema source comes to. Returns a sentence where Postgres refuses its SQL (a
 * type of an extension that the engine lacks).
 */
export async function readSource(
  source: SourceSql,
  of: SourceCatalogs['of'],
  options: ReplayOptions,
): Promise<SourceCatalogs | string> {
  const { before, after, snapshot } = source;
  const found = await catalogsOf([before, after, snapshot ?? []], options);
  if (typeof found === 'string') return `The result was not compared with the ${of} (${found}).`;
  return { of, before: found[0], after: found[1], snapshot: snapshot && found[2] };
}

/**
 * What scripts come to, each on an empty database with the extensions of `options.next`; Postgres' words where it refuses
 * one of them.
 */
export async function catalogsOf<const Scripts extends readonly (readonly string[])[]>(
  scripts: Scripts,
  options: ReplayOptions,
): Promise<{ [Index in keyof Scripts]: Catalog } | string> {
  const { engine, kept } = await replayHistory([], options);
  try {
    for (const name of extensionsOf([options.next])) {
      await engine.exec(`create extension if not exists ${quoteIdentifier(name)}`);
    }
    const catalogs: Catalog[] = [];
    for (const script of scripts) catalogs.push(await catalogOf(engine, script));
    return catalogs as { [Index in keyof Scripts]: Catalog };
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    return error.message;
  } finally {
    await Promise.all([engine.close(), kept]);
  }
}

async function catalogOf(engine: Engine, statements: readonly string[]): Promise<Catalog> {
  await engine.exec('begin');
  try {
    for (const sql of statements) await engine.exec(sql);
    return await readCatalog(engine);
  } finally {
    await engine.exec('rollback');
  }
}

/** What a schema source can say; functions, triggers, comments and the like are the migration's own affair. */
const IN_SOURCES = /^(table|column|constraint|index|enum|view|materialized view|policy) /;

/** Whether a schema source can say such a thing. */
export function isInSources(object: string): boolean {
  return IN_SOURCES.test(object);
}

/**
 * Where the migration leaves the database otherwise than the source has it. What differed before it, and what it has left
 * as it was, is not its doing.
 */
export function sourceDrift(
  source: SourceCatalogs,
  { start, reached }: { readonly start: Catalog; readonly reached: Catalog },
): CatalogDifference[] {
  const older = new Set(sourceDifferences(source.before, start).map(({ object }) => object));
  return sourceDifferences(source.after, reached).filter(
    ({ object }) => !older.has(object) || start.get(object) !== reached.get(object),
  );
}

/** Where source and database agree, and the snapshot between them does not: the next generate would repeat it. */
export function snapshotLag({ after, snapshot }: SourceCatalogs, reached: Catalog): CatalogDifference[] {
  if (!snapshot) return [];
  const drift = new Set(sourceDifferences(after, reached).map(({ object }) => object));
  return sourceDifferences(snapshot, reached).filter(({ object }) => !drift.has(object));
}

/** What differs of that which a schema source can say. */
export function sourceDifferences(expected: Catalog, actual: Catalog): CatalogDifference[] {
  return realDifferences(diffCatalogs(expected, actual)).filter(({ object }) => isInSources(object));
}
