import type { TypeormLocation } from '../locate/locate.ts';
import type { LoadedDataSource } from '../child/child.ts';
import type { StartedTypeorm } from '../start.ts';

/** A TypeORM project whose data source is only run when somebody asks for what its text does not say. */
export interface LazyTypeorm {
  readonly project: TypeormLocation;
  /** False keeps nothing of what is found out, and looks at nothing that is kept. */
  readonly cache: boolean;
  /** Throws what loading the data source throws. */
  started(): Promise<{ readonly started: StartedTypeorm; readonly loaded: LoadedDataSource }>;
  /** Ends what was started. */
  stop(): Promise<void>;
}

/** Nothing is started yet. */
export function lazyTypeorm(
  project: TypeormLocation,
  { cache, timeoutMs }: { readonly cache: boolean; readonly timeoutMs?: number | undefined },
): LazyTypeorm {
  let starting: Promise<StartedTypeorm> | undefined;
  const start = async (): Promise<StartedTypeorm> => {
    const { startTypeorm } = await import('../start.ts');
    return startTypeorm(project, {
      keep: cache,
      purpose: 'review',
      timeoutMs,
    });
  };
  return {
    project,
    cache,
    async started() {
      const started = await (starting ??= start());
      return { started, loaded: await started.loaded };
    },
    async stop() {
      await starting?.then(
        (started) => started.stop(),
        () => undefined,
      );
    },
  };
}
