import { basename } from 'node:path';
import { toSnakeCase } from '../../plan/migration-name.ts';
import type { Documented, DocumentedMigration, MigrationScript } from '../documented.ts';
import type { LoadedDataSource, TypeormMigration } from './child/child.ts';
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

/**
 * What the migrations run, whatever API they are written with: the history once more on a database of its own, then back
 * as far as is asked. A way down that fails ends the way back: of those before it nothing is known.
 */
async function replayed(
  project: StartedTypeorm['project'],
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Omit<MigrationScript, 'downFile'>>> {
  const started = await startTypeorm(project.root, {
    config: project.dataSourcePath,
    keep: false,
    cache: false,
  });
  try {
    const loaded = await started.loaded;
    const { host, current } = started;
    const { shadow, statements } = await replayTypeormHistory({
      host,
      child: current,
      loaded,
      typeormVersion: project.typeorm.version,
      cacheFolder: undefined,
      keep: false,
    });
    const downs = new Map<string, string>();
    shadow.takeStatements();
    const oldest = loaded.history.findIndex(({ name }) => wanted.has(name));
    for (const { name } of loaded.history.slice(Math.max(0, oldest)).toReversed()) {
      const { failure } = await current.run({ name, direction: 'down' });
      if (failure) break;
      const down = asScript(shadow.takeStatements());
      if (down !== '') downs.set(name, down);
    }
    return new Map(
      [...statements]
        .filter(([name]) => wanted.has(name))
        .map(([name, up]) => [name, { up: asScript(up), down: downs.get(name) }]),
    );
  } finally {
    await started.stop();
  }
}
