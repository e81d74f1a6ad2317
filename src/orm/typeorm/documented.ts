import { basename } from 'node:path';
import { toSnakeCase } from '../../plan/migration-name.ts';
import type { Documented, DocumentedMigration, MigrationScript } from '../documented.ts';
import type { LoadedDataSource, TypeormMigration } from './child/child.ts';
import { transactionModeOf } from './run-migration.ts';
import { replayTypeormHistory } from './history.ts';
import { migrationFolder } from './next-migration.ts';
import { asScript } from './script.ts';
import { type StartedTypeorm, startTypeorm } from './start.ts';

/** What a TypeORM project's data source says of it. */
export function documentTypeorm({ project }: StartedTypeorm, loaded: LoadedDataSource): Documented {
  const { schema, name } = loaded.migrationsTable;
  const tags = new Map(loaded.history.map((migration) => [tagOf(migration), migration]));
  return {
    migrations: loaded.history.map(described),
    migrationsFolder: migrationFolder(loaded, project.dataSourcePath),
    rollbackFolder: undefined,
    config: project.dataSourcePath,
    tables: loaded.models.flatMap(({ table, file }) => (file === undefined ? [] : [{ ...table, file }])),
    entries: loaded.entities.files,
    bookkeeping: schema === undefined ? name : `${schema}.${name}`,
    async scripts(wanted) {
      const names = wanted.flatMap((tag) => tags.get(tag)?.name ?? []);
      const scripts = await replayed(project, new Set(names));
      return new Map(
        wanted.flatMap((tag) => {
          const migration = tags.get(tag);
          const script = migration && scripts.get(migration.name);
          return script ? [[tag, { ...script, downFile: migration.file }] as const] : [];
        }),
      );
    },
  };
}

function described(migration: TypeormMigration): DocumentedMigration {
  const { className, stamp, file } = migration;
  const number = /\d{10,}$/.exec(className)?.[0];
  const words = number === undefined ? className : className.slice(0, -number.length);
  return {
    tag: tagOf(migration),
    number,
    name: toSnakeCase(words) || className,
    made: number?.length === 13 ? stamp : undefined,
    file,
  };
}

function tagOf({ file, name }: TypeormMigration): string {
  return file === undefined ? name : basename(file).replace(/\.[cm]?[jt]s$/, '');
}

type Script = Omit<MigrationScript, 'downFile'>;

/** Each way down that fails or does nothing costs another replay of what comes before it. */
const MOST_REPLAYS = 10;

/**
 * What the migrations run, whatever API they are written with: the history once more on a database of its own, and back
 * from its end. Where a way down leads nowhere, those before it are run from a history that ends there.
 */
async function replayed(
  project: StartedTypeorm['project'],
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Script>> {
  const ups = new Map<string, string>();
  const downs = new Map<string, Pick<Script, 'down' | 'noWayBack'>>();
  let end: number | undefined;
  for (let count = 0; count < MOST_REPLAYS && end !== 0; count += 1) {
    const replay = await upAndDown(project, { end, wanted });
    for (const [name, up] of replay.ups) ups.set(name, ups.get(name) ?? up);
    for (const [name, down] of replay.downs) downs.set(name, down);
    end = replay.end;
  }
  const unread = { down: undefined, noWayBack: 'Its rollback could not be read.' };
  return new Map(
    [...ups]
      .filter(([name]) => wanted.has(name))
      .map(([name, up]) => [name, { up, ...(downs.get(name) ?? unread) }]),
  );
}

interface Replay {
  readonly ups: ReadonlyMap<string, string>;
  readonly downs: ReadonlyMap<string, Pick<Script, 'down' | 'noWayBack'>>;
  /** How many migrations are before the one whose way down leads nowhere; 0 where all that is wanted is known. */
  readonly end: number;
}

/** The first `end` migrations up, then down until one leads nowhere or nothing older is wanted. */
async function upAndDown(
  project: StartedTypeorm['project'],
  { end, wanted }: { readonly end: number | undefined; readonly wanted: ReadonlySet<string> },
): Promise<Replay> {
  const started = await startTypeorm(project, { keep: false, cache: false });
  try {
    const all = await started.loaded;
    const { host, current } = started;
    const history = all.history.slice(0, end);
    const { shadow, statements } = await replayTypeormHistory({
      host,
      child: current,
      loaded: { ...all, history },
      typeormVersion: project.typeorm.version,
      cacheFolder: undefined,
      keep: false,
    });
    const ups = new Map([...statements].map(([name, up]) => [name, asScript(up)]));
    const downs = new Map<string, Pick<Script, 'down' | 'noWayBack'>>();
    const oldest = history.findIndex(({ name }) => wanted.has(name));
    if (oldest === -1) return { ups, downs, end: 0 };
    shadow.takeStatements();
    for (let index = history.length - 1; index >= oldest; index -= 1) {
      const migration = history[index]!;
      const { name } = migration;
      const { failure } = await current.run({
        name,
        direction: 'down',
        inTransaction: transactionModeOf(all, migration) !== 'none',
      });
      const down = asScript(shadow.takeStatements());
      if (!failure && down !== '') {
        downs.set(name, { down });
        continue;
      }
      const noWayBack = failure ? `Its \`down\` fails: ${failure.message}.` : 'Its `down` does nothing.';
      downs.set(name, { down: undefined, noWayBack });
      return { ups, downs, end: index };
    }
    return { ups, downs, end: 0 };
  } finally {
    await started.stop();
  }
}
