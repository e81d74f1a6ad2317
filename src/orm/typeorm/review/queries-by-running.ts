import { TableplanError } from '../../../errors.ts';
import type { Query } from '../child/child.ts';
import { keptHistory, replayTypeormHistory } from '../history.ts';
import type { LazyTypeorm } from './lazy.ts';

export interface RanQueries {
  readonly queries: ReadonlyMap<string, readonly Query[]>;
  /** Why some of them are not known. */
  readonly reason: string | undefined;
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
    const { host, current: child, project, cacheFolder } = started;
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
        keep: true,
        needsStatements: true,
      });
      return { queries: statements, reason: undefined };
    } catch (error) {
      return { queries: (await keptHistory(input)).statements, reason: told(error) };
    }
  } catch (error) {
    return { queries: new Map(), reason: told(error) };
  }
}

function told(error: unknown): string {
  if (!(error instanceof TableplanError)) throw error;
  return error.message.replace(/\.$/, '');
}
