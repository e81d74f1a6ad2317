import { join } from 'node:path';
import { TableplanError } from '../../errors.ts';
import { cacheFolder } from '../../project/cache-folder.ts';
import { locateTypeorm, type TypeormLocation } from '../../project/typeorm-locate.ts';
import { type LoadedDataSource, startTypeormChild, type TypeormChild } from './child/child.ts';
import { type ShadowHost, shadowHost } from './shadow-host.ts';

/** A located TypeORM project whose data source is being loaded. */
export interface StartedTypeorm {
  readonly orm: 'typeorm';
  readonly project: TypeormLocation;
  /** The disposable database of both processes. */
  readonly host: ShadowHost;
  /** The project as it lies on disk. */
  readonly current: TypeormChild;
  readonly loaded: Promise<LoadedDataSource>;
  /** For the project with the plan's edits: started, nothing loaded yet. */
  readonly staged: TypeormChild;
  readonly cacheFolder: string | undefined;
  /** Ends both processes and the database, whatever they are at. */
  stop(): Promise<void>;
}

/**
 * Finds the project and loads its data source in a process of its own, before anything heavy is loaded here. Whoever
 * calls it stops it. Throws what `locateTypeorm` throws; `loaded` rejects with `config-invalid` or
 * `dialect-not-supported`.
 */
export async function startTypeorm(
  cwd: string,
  options: {
    readonly config?: string | undefined;
    readonly keep: boolean;
    /** False starts from nothing that an earlier run has kept. */
    readonly cache?: boolean;
  },
): Promise<StartedTypeorm> {
  const project = await locateTypeorm(cwd, options);
  const folder = options.cache === false ? undefined : await cacheFolder(project);
  const host = shadowHost(project.dataSourcePath);
  host.prepare(folder);
  const start = (): TypeormChild =>
    startTypeormChild({
      root: project.root,
      dataSourcePath: project.dataSourcePath,
      preload: project.script?.preload ?? [],
      env: project.script?.env ?? {},
      cache: folder === undefined ? undefined : { folder: join(folder, 'typeorm'), keep: options.keep },
      engine: host.engine,
    });
  const [current, staged] = [start(), start()];
  const loaded = current.load({}).then(requirePostgres);
  // A run that fails earlier for another reason must not die of an unobserved rejection.
  loaded.catch(() => undefined);
  return {
    orm: 'typeorm',
    project,
    host,
    current,
    loaded,
    staged,
    cacheFolder: folder,
    async stop() {
      current.stop();
      staged.stop();
      await host.close();
    },
  };
}

function requirePostgres(loaded: LoadedDataSource): LoadedDataSource {
  if (loaded.type === 'postgres') return loaded;
  throw new TableplanError('dialect-not-supported', `The data source is of type ${loaded.type}.`, {
    hint: 'tableplan works on PostgreSQL only. Where there are several data sources, name the one that is meant with --config.',
  });
}
