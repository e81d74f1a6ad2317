import { join } from 'node:path';
import { TableplanError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { cacheFolder } from '../../project/cache-folder.ts';
import { limitsOf } from '../../project/settings.ts';
import { requireRegularFile } from '../../read-regular-file.ts';
import type { StartOptions } from '../orm.ts';
import type { TypeormLocation } from './locate/locate.ts';
import { type LoadedDataSource, startTypeormChild, type TypeormChild } from './child/child.ts';
import { type ShadowHost, shadowHost } from './shadow-host.ts';

/** A located TypeORM project whose data source is being loaded. */
export interface StartedTypeorm {
  readonly project: TypeormLocation;
  /** The disposable database of both processes. */
  readonly host: ShadowHost;
  /** Resolves when neither needs this thread to go on starting. */
  readonly begun: Promise<void>;
  /** The project as it lies on disk. */
  readonly current: TypeormChild;
  readonly loaded: Promise<LoadedDataSource>;
  /** Loads it once more, in a process of its own: `current` and `loaded` are those of it then. */
  reload(): Promise<void>;
  /** For the project with the plan's edits: started where edits are to come, nothing loaded yet. */
  readonly staged: TypeormChild;
  readonly cacheFolder: string | undefined;
  readonly limits: Limits;
  /** Ends both processes and the database, whatever they are at. */
  stop(): Promise<void>;
}

export interface TypeormStartOptions extends StartOptions {
  /** False starts from nothing that an earlier run has kept. */
  readonly cache?: boolean | undefined;
}

/**
 * Loads the data source of a project in a process of its own, before anything heavy is loaded here. Whoever calls it stops
 * it. `loaded` rejects with `config-invalid` or `dialect-not-supported`.
 */
export async function startTypeorm(
  project: TypeormLocation,
  options: TypeormStartOptions,
): Promise<StartedTypeorm> {
  const { purpose = 'edit' } = options;
  await requireRegularFile(project.dataSourcePath);
  const limits = await limitsOf(project.root, options.timeoutMs);
  const folder = options.cache === false ? undefined : await cacheFolder(project);
  // Each purpose remembers its own start: a rehearsal wants the history without its newest migration.
  const host = shadowHost(project.dataSourcePath + (purpose === 'edit' ? '' : ` (${purpose})`), {
    ...options,
    limits,
    from: project.root,
  });
  // A review may find that it needs no database.
  const begun = purpose === 'review' ? Promise.resolve() : host.prepare(folder);
  const start = (): TypeormChild =>
    startTypeormChild({
      root: project.root,
      repoRoot: project.repoRoot,
      dataSourcePath: project.dataSourcePath,
      preload: project.script?.preload ?? [],
      env: project.script?.env ?? {},
      cache: folder === undefined ? undefined : { folder: join(folder, 'typeorm'), keep: options.keep },
      engine: host.engine,
      limits,
    });
  let current = start();
  let staged = purpose === 'edit' ? start() : undefined;
  const mode = project.migrateScript?.transactionMode;
  const load = (child: TypeormChild): Promise<LoadedDataSource> => {
    const loading = child.load({}).then((source) => {
      requirePostgres(source);
      return mode === undefined ? source : { ...source, transactionMode: mode };
    });
    // A run that fails earlier for another reason must not die of an unobserved rejection.
    loading.catch(() => undefined);
    return loading;
  };
  let loaded = load(current);
  let isStopped = false;
  // The two would only hold each other up.
  if (staged)
    loaded.then(
      () => staged?.prepare(),
      () => undefined,
    );
  return {
    project,
    host,
    begun,
    get current() {
      return current;
    },
    get loaded() {
      return loaded;
    },
    async reload() {
      await current.stop();
      // It failed because it was stopped.
      if (isStopped) return;
      current = start();
      loaded = load(current);
    },
    get staged() {
      return (staged ??= start());
    },
    cacheFolder: folder,
    limits,
    async stop() {
      isStopped = true;
      await Promise.all([current.stop(), staged?.stop(), host.close()]);
    },
  };
}

function requirePostgres(loaded: LoadedDataSource): void {
  if (loaded.type === 'postgres') return;
  throw new TableplanError('dialect-not-supported', `The data source is of type ${loaded.type}.`, {
    hint: 'tableplan works on PostgreSQL only. Where there are several data sources, name the one that is meant with --config.',
  });
}
