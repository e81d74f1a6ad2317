import { readFile } from 'node:fs/promises';
import { TableplanError } from '../../errors.ts';
import type { DatabaseSchema, ObjectName } from '../../plan/database-schema.ts';
import type { PgliteEngine } from '../../postgres/engines/pglite.ts';
import { readDatabaseSchema } from '../../postgres/read-schema.ts';
import { historyKeys, store } from '../../rehearse/replayed-history.ts';
import type { LoadedDataSource, Query, TypeormChild, TypeormMigration } from './child/child.ts';
import { markDerivedNames } from './naming.ts';
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
}

export interface TypeormHistory {
  readonly shadow: Shadow;
  /** The schema that the history leads to; `named` says which names TypeORM would not derive. */
  readonly schema: DatabaseSchema;
  /** SQL of each migration that was replayed now, whatever API it was written with. */
  readonly statements: ReadonlyMap<string, readonly Query[]>;
  readonly kept: Promise<void>;
}

/**
 * Replays the project's migrations on a disposable database, one transaction each, in TypeORM's order, and connects the
 * process to it. Starts from what an earlier run has kept. Throws `history-broken` naming the migration that fails.
 */
export async function replayTypeormHistory(input: HistoryInput): Promise<TypeormHistory> {
  const { host, child, loaded, cacheFolder } = input;
  const past = await Promise.all(
    loaded.history.map(async (migration) => ({
      name: migration.name,
      sql: `${input.typeormVersion}\n${await textOf(migration)}`,
    })),
  );
  const extensions = extensionsIn(past.map(({ sql }) => sql));
  const isKeepable =
    loaded.history.every(({ file }) => file !== undefined) && !past.some(({ sql }) => READS_FILES.test(sql));
  const keys = historyKeys(past, extensions);
  const { shadow, replayed } = await host.open({
    keys,
    extensions,
    cacheFolder: isKeepable ? cacheFolder : undefined,
  });
  await child.connect();
  await child.prepareReplay();
  shadow.takeStatements();
  const statements = new Map<string, readonly Query[]>();
  for (const migration of loaded.history.slice(replayed)) {
    const { failure } = await child.run({ name: migration.name, direction: 'up' });
    if (failure) throw notReplayed(migration, failure);
    statements.set(migration.name, shadow.takeStatements());
  }
  const isNew = replayed < loaded.history.length && shadow.notTested.length === 0;
  const folder = isNew && isKeepable && input.keep ? cacheFolder : undefined;
  const kept =
    folder === undefined
      ? Promise.resolve()
      : store(folder, keys.at(-1)!, await (shadow.engine as PgliteEngine).snapshot());
  if (input.keep && isKeepable && cacheFolder !== undefined)
    await host.remember({ key: keys.at(-1)!, extensions }, cacheFolder);
  return {
    shadow,
    schema: await readTypeormSchema(shadow, child, loaded),
    statements,
    kept: kept.catch(() => undefined),
  };
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
  return (await Promise.all([file, ...imports].map((path) => readFile(path, 'utf8')))).join('\n');
}

const READS_FILES = /\b(readFile|readFileSync|readdir|readdirSync|createReadStream)\b/;

const CREATE_EXTENSION = /create\s+extension\s+(?:if\s+not\s+exists\s+)?[\\"'`]*([\w-]+)/gi;

/** Names after CREATE EXTENSION anywhere in the files, with those that are always there, sorted. */
function extensionsIn(texts: readonly string[]): string[] {
  const named = texts.flatMap((text) => [...text.matchAll(CREATE_EXTENSION)].map(([, name = '']) => name));
  return [...new Set([...EXTENSIONS, ...named])].toSorted();
}

function notReplayed(
  { name, file }: TypeormMigration,
  failure: { readonly message: string; readonly sqlstate: string | undefined },
): TableplanError {
  return new TableplanError(
    'history-broken',
    `The migration ${name} fails on an empty database: ${failure.message}${failure.sqlstate === undefined ? '' : ` (${failure.sqlstate})`}.`,
    {
      hint: 'TypeORM compares entities with a database, which tableplan makes by running all migrations in order. Mend the migration, or let the first one create what it takes for granted.',
      ...(file !== undefined && { at: { file } }),
    },
  );
}
