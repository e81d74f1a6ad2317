import { TableplanError } from '../../errors.ts';
import type { Notice } from '../../plan/change.ts';
import type { DatabaseSchema } from '../../plan/database-schema.ts';
import { loadSqlParser } from '../../postgres/sql.ts';
import { cacheFolder } from '../../project/cache-folder.ts';
import type { SchemaSources } from '../../project/sources.ts';
import type { StartedDrizzle } from './start.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import type { OpenOptions } from '../orm-project.ts';
import { missingSnapshots } from './check-history.ts';
import { checkHistory, type DrizzleHistory } from './history.ts';
import type { DrizzleConfig } from './kit/kit.ts';
import { withoutOrphans } from './orphan-snapshots.ts';
import { type RepairedHistory, repairSnapshot } from './repair-snapshot.ts';
import { EMPTY_SCHEMA, readSnapshot } from './snapshot.ts';
import { readSourceSnapshot } from './source-snapshot.ts';
import { startWithConfig } from './start-with-config.ts';

export interface UsableHistory {
  readonly history: DrizzleHistory;
  /** The schema as the newest migration leaves it. */
  readonly before: DatabaseSchema;
  readonly notices: readonly Notice[];
  /** What has to be put right before a migration can be added; all else can be done. */
  readonly problem: TableplanError | undefined;
  readonly repairs: readonly FileEdit[];
}

/** The project that a history belongs to. */
export interface HistoryContext {
  readonly started: StartedDrizzle;
  readonly config: DrizzleConfig;
  readonly sources: SchemaSources;
  readonly options: Pick<OpenOptions, 'keep' | 'readOnly' | 'repairSnapshots' | 'signal'>;
}

/**
 * A history as far as it can be worked with: repaired where that was asked for, and with what stands against adding to
 * it. Throws where nothing can be done (`answer-needed` for a newest snapshot that is missing, `history-broken`).
 */
export async function usableHistory(found: DrizzleHistory, context: HistoryContext): Promise<UsableHistory> {
  const { readOnly, repairSnapshots } = context.options;
  const { history, notices, repairs } = repairSnapshots
    ? await repaired(found, context)
    : { history: found, notices: [], repairs: [] };
  const known = { history, before: history.newest?.schema ?? EMPTY_SCHEMA, repairs };
  try {
    const odd = [...checkHistory(history), ...(readOnly ? missingSnapshots(history) : [])];
    return { ...known, notices: [...notices, ...odd], problem: undefined };
  } catch (error) {
    if (!(error instanceof TableplanError) || error.code === 'orm-not-supported') throw error;
    if (!readOnly && !history.newest) throw error;
    return {
      ...known,
      before: history.newest?.schema ?? (await schemaOfSource(context)),
      notices: readOnly ? [...notices, asNotice(error)] : notices,
      problem: error,
    };
  }
}

/** What the newest snapshot should be; the one on disk is looked at too. Throws what `repairSnapshot` throws. */
export async function correctedHead(
  history: DrizzleHistory,
  { started, config, sources, options }: HistoryContext,
): Promise<RepairedHistory> {
  const { project, reverse, limits } = started;
  await loadSqlParser();
  const { kit } = await startWithConfig(project, limits.timeoutMs);
  try {
    const source = await readSourceSnapshot(kit, { cwd: project.root, config, sources });
    const folder = await cacheFolder(project);
    const { keep, signal } = options;
    return await repairSnapshot(history, {
      source,
      reverse,
      replay: {
        cacheFolder: folder,
        keep,
        next: '',
        signal,
        limits,
        engine: { name: 'pglite', from: project.root },
      },
    });
  } finally {
    kit.stop();
  }
}

async function repaired(
  found: DrizzleHistory,
  context: HistoryContext,
): Promise<Pick<UsableHistory, 'history' | 'notices' | 'repairs'>> {
  const { history: kept, edits, notices } = await withoutOrphans(found);
  const { history, edit, notices: ofHead } = await correctedHead(kept, context);
  return { history, repairs: edit ? [...edits, edit] : edits, notices: [...notices, ...ofHead] };
}

/** Where no snapshot says what there is, the sources do; nothing where drizzle-kit cannot read them. */
async function schemaOfSource({ started, config, sources }: HistoryContext): Promise<DatabaseSchema> {
  try {
    const { snapshot } = await readSourceSnapshot(started.kit, {
      cwd: started.project.root,
      config,
      sources,
    });
    return readSnapshot(snapshot);
  } catch (error) {
    if (!(error instanceof TableplanError)) throw error;
    return EMPTY_SCHEMA;
  }
}

function asNotice({ code, message, hint, at }: TableplanError): Notice {
  return {
    severity: 'warning',
    rule: code === 'answer-needed' ? 'missing-snapshot' : code,
    message: `${message}${/[.!?]$/.test(message) ? '' : '.'} ${hint ?? ''}`.trim(),
    file: at?.file,
  };
}
