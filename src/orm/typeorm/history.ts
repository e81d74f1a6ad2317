import { readRegularText } from '../../read-regular-file.ts';
import { TableplanError } from '../../errors.ts';
import type { DatabaseSchema, ObjectName } from '../../plan/database-schema.ts';
import type { PgliteEngine } from '../../postgres/engines/pglite.ts';
import { mentionedExtensions, missingExtension } from '../../postgres/known-extensions.ts';
import { readDatabaseSchema } from '../../postgres/read-schema.ts';
import { assumedNote } from '../../rehearse/assumed-extensions.ts';
import { wayToExtension } from '../../rehearse/passed-over.ts';
import { historyKeys, type PastMigration, store } from '../../rehearse/kept-history.ts';
import { cacheWriter } from '../../workspace/own/cache.ts';
import type { LoadedDataSource, Query, TypeormChild, TypeormMigration } from './child/child.ts';
import { type KeptStatements, keptStatements } from './kept-statements.ts';
import { markDerivedNames } from './naming.ts';
import type { RunFailure } from './run-migration.ts';
import { assumedIn, runWithExtensions } from './run-with-extensions.ts';
import type { Shadow } from './shadow.ts';
import { EXTENSIONS, type ShadowHost } from './shadow-host.ts';

export interface HistoryInput {
  readonly host: ShadowHost;
  readonly child: TypeormChild;
  readonly loaded: LoadedDataSource;
  readonly typeormVersion: string;
  /** Where replayed histories are kept; undefined reads and keeps nothing. */
  readonly cacheFolder: string | undefined;
  /** False in a dry run: the cache is used, and nothing is written. */
  readonly keep: boolean;
  /** How many of the migrations are replayed; all unless given. */
  readonly until?: number | undefined;
  /** Their SQL has to be known: what is not kept of it is replayed from the start. */
  readonly needsStatements?: boolean | undefined;
}

export interface TypeormHistory {
  readonly shadow: Shadow;
  /** The schema that the history leads to; `named` says which names TypeORM would not derive. */
  readonly schema: DatabaseSchema;
  /** SQL of each migration whose SQL is known, whatever API it was written with; all with `needsStatements`. */
  readonly statements: ReadonlyMap<string, readonly Query[]>;
  /** What TypeORM runs before the first one. */
  readonly preparation: readonly Query[];
  /** What was done for the history beside running it, in sentences. */
  readonly notes: readonly string[];
  /** Extensions that are loaded into the shadow. */
  readonly extensions: readonly string[];
  readonly kept: Promise<void>;
}

/**
 * Replays the project's migrations on a disposable database, as its migrator runs each, in TypeORM's order, and connects
 * the process to it. Starts from what an earlier run has kept. Throws `history-broken` naming the migration that fails.
 */
export async function replayTypeormHistory(input: HistoryInput): Promise<TypeormHistory> {
  const { host, child, loaded, until = loaded.history.length } = input;
  const writer = cacheWriter();
  const { keys: all, extensions, isKeepable, texts } = await keyed(input);
  const cacheFolder = isKeepable ? input.cacheFolder : undefined;
  const keys = all.slice(0, until + 1);
  const known = await keptStatements(input.needsStatements ? cacheFolder : undefined);
  const isKnown = (replayed: number): boolean =>
    keys.slice(0, replayed + 1).every((key) => known.get(key) !== undefined);
  let { shadow, replayed } = await host.open({ keys, extensions, cacheFolder });
  if (input.needsStatements && replayed > 0 && !isKnown(replayed))
    ({ shadow, replayed } = await host.open({ keys, extensions, cacheFolder, isEmpty: true }));
  shadow.takeStatements();
  await child.connect();
  await child.prepareReplay();
  const preparation = shadow.takeStatements();
  if (replayed === 0) known.set(keys[0]!, preparation);
  for (const [index, migration] of loaded.history.slice(0, until).entries()) {
    if (index < replayed) continue;
    const { failure, queries } = await runWithExtensions({ child, shadow, loaded }, migration);
    if (failure) {
      // Those before it need not be run again.
      if (input.keep) await known.save();
      throw notReplayed(migration, failure, queries);
    }
    known.set(keys[index + 1]!, queries);
  }
  const isNew = replayed < until && shadow.notTested.length === 0;
  const folder = isNew && input.keep ? cacheFolder : undefined;
  const kept =
    folder === undefined
      ? Promise.resolve()
      : store(folder, keys.at(-1)!, await (shadow.engine as PgliteEngine).snapshot(), writer);
  if (input.keep) await known.save();
  if (input.keep && cacheFolder !== undefined)
    await host.remember({ key: keys.at(-1)!, extensions }, cacheFolder);
  const created = new Set(createdIn([...texts, ...preparation.map(({ sql }) => sql)]));
  return {
    shadow,
    schema: await readTypeormSchema(shadow, child, loaded),
    notes: (await assumedIn(shadow, created)).map((name) => assumedNote(name)),
    statements: statementsIn(known, loaded.history.slice(0, until), keys),
    preparation: known.get(keys[0]!) ?? [],
    extensions,
    kept,
  };
}

/**
 * The SQL of a history as far as earlier runs have kept it, by name; no database is started for it. `isComplete`: none of
 * the first `until` is missing.
 */
export async function keptHistory(
  input: Pick<HistoryInput, 'loaded' | 'typeormVersion' | 'cacheFolder'> & { readonly until: number },
): Promise<{ readonly statements: ReadonlyMap<string, readonly Query[]>; readonly isComplete: boolean }> {
  const { keys, isKeepable } = await keyed(input);
  const known = await keptStatements(isKeepable ? input.cacheFolder : undefined);
  const statements = statementsIn(known, input.loaded.history.slice(0, input.until), keys);
  return { statements, isComplete: statements.size === input.until };
}

/** Each migration has the key of the history that ends with it. */
async function keyed(input: Pick<HistoryInput, 'loaded' | 'typeormVersion'>) {
  const { history } = input.loaded;
  const past = await Promise.all(history.map((migration) => asPast(migration, input)));
  const extensions = extensionsIn(past.map(({ sql }) => sql));
  const isKeepable =
    history.every(({ file }) => file !== undefined) && !past.some(({ sql }) => READS_FILES.test(sql));
  return { keys: historyKeys(past, extensions), extensions, isKeepable, texts: past.map(({ sql }) => sql) };
}

function statementsIn(
  known: KeptStatements,
  migrations: readonly TypeormMigration[],
  keys: readonly string[],
): Map<string, readonly Query[]> {
  return new Map(
    migrations.flatMap(({ name }, index) => {
      const queries = known.get(keys[index + 1]!);
      return queries ? [[name, queries] as const] : [];
    }),
  );
}

async function asPast(
  migration: TypeormMigration,
  { typeormVersion }: Pick<HistoryInput, 'typeormVersion'>,
): Promise<PastMigration> {
  return { name: migration.name, sql: `${typeormVersion}\n${await textOf(migration)}` };
}

/** The schema of the disposable database as it is now, without TypeORM's own tables. */
export async function readTypeormSchema(
  shadow: Shadow,
  child: Pick<TypeormChild, 'names'>,
  loaded: OwnTables,
): Promise<DatabaseSchema> {
  const schema = await readDatabaseSchema(shadow.engine, { ignored: ownTables(loaded) });
  return markDerivedNames(schema, child.names);
}

type OwnTables = Pick<LoadedDataSource, 'migrationsTable' | 'metadataTable' | 'schema'>;

/** Tables that TypeORM keeps for itself. */
export function ownTables({ migrationsTable, metadataTable, schema }: OwnTables): ObjectName[] {
  return [migrationsTable.name, metadataTable].map((name) => ({ schema: schema ?? 'public', name }));
}

/** What a migration does is in its file and in what that imports, unless it reads more while it runs. */
async function textOf({ file, name, imports }: TypeormMigration): Promise<string> {
  if (file === undefined) return name;
  return (await Promise.all([file, ...imports].map((path) => readRegularText(path)))).join('\n');
}

const READS_FILES = /\b(readFile|readFileSync|readdir|readdirSync|createReadStream)\b/;

const CREATE_EXTENSION = /create\s+extension\s+(?:if\s+not\s+exists\s+)?[\\"'`]*([\w-]+)/gi;

function createdIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [...text.matchAll(CREATE_EXTENSION)].map(([, name = '']) => name));
}

/** Names after CREATE EXTENSION anywhere in the files, those that they seem to use and those that are always there; sorted. */
function extensionsIn(texts: readonly string[]): string[] {
  return [...new Set([...EXTENSIONS, ...createdIn(texts), ...texts.flatMap(mentionedExtensions)])].toSorted();
}

/** What a migration ran before it failed, and what it failed with: the cause of a `history-broken`. */
export class FailedMigration extends Error {
  readonly migration: string;
  readonly queries: readonly Query[];

  constructor(migration: string, queries: readonly Query[], message: string) {
    super(message);
    this.migration = migration;
    this.queries = queries;
  }
}

function notReplayed(
  { name, file }: TypeormMigration,
  failure: RunFailure,
  queries: readonly Query[],
): TableplanError {
  const ran = failure.query ? [...queries, failure.query] : queries;
  const wanted = missingExtension(failure.message);
  return new TableplanError(
    'history-broken',
    `The migration ${name} fails on an empty database: ${failure.message}${failure.sqlstate === undefined ? '' : ` (${failure.sqlstate})`}.`,
    {
      hint:
        wanted === undefined
          ? 'TypeORM compares entities with a database, which tableplan makes by running all migrations in order. Mend the migration, or let the first one create what it takes for granted.'
          : `TypeORM compares entities with a database, which tableplan makes by running all migrations in order. No migration creates the extension ${wanted}, and PGlite does not have it.${wanted === 'vector' ? wayToExtension('pglite', wanted) : ''}`,
      ...(file !== undefined && { at: { file } }),
      cause: new FailedMigration(name, ran, failure.message),
    },
  );
}
