import { TableplanError } from '../../../errors.ts';
import type { Query } from '../child/child.ts';
import { FailedMigration, keptHistory, replayTypeormHistory } from '../history.ts';
import type { LazyTypeorm } from './lazy.ts';

export interface RanQueries {
  readonly queries: ReadonlyMap<string, readonly Query[]>;
  /** Why some of them are not known. */
  readonly reason: string | undefined;
  /** The migration that fails; its queries end there. */
  readonly failed?: string | undefined;
}

/**
 * The SQL of migrations (by name) that have to be run for it: all before them are replayed on a disposable database,
 * unless an earlier run has kept what they do. Never throws for what the project does.
 */
export async function queriesByRunning(
  names: readonly string[],
  lazy: LazyTypeorm | undefined,
): Promise<RanQueries> {
  if (!lazy) return { queries: new Map(), reason: 'it lies in no TypeORM project' };
  try {
    const { started, loaded } = await lazy.started();
    const { host, current: child, project } = started;
    const cacheFolder = lazy.cache ? started.cacheFolder : undefined;
    const last = loaded.history.findLastIndex(({ name }) => names.includes(name));
    const input = {
      loaded,
      typeormVersion: project.typeorm.version,
      cacheFolder,
      until: last + 1,
    };
    const kept = await keptHistory(input);
    if (kept.isComplete || last === -1) return { queries: kept.statements, reason: undefined };
    try {
      const { statements } = await replayTypeormHistory({
        ...input,
        host,
        child,
        keep: lazy.cache,
        needsStatements: true,
      });
      return { queries: statements, reason: undefined };
    } catch (error) {
      const { statements } = await keptHistory(input);
      const failed = failedIn(error);
      // What stands before the failure, and what fails, is known of it.
      const partly = failed ? [[failed.migration, failed.queries] as const] : [];
      return { queries: new Map([...statements, ...partly]), reason: told(error), failed: failed?.migration };
    }
  } catch (error) {
    return { queries: new Map(), reason: told(error) };
  }
}

function failedIn(error: unknown): FailedMigration | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof FailedMigration ? cause : undefined;
}

function told(error: unknown): string {
  if (!(error instanceof TableplanError)) throw error;
  return error.message.replace(/\.$/, '');
}
