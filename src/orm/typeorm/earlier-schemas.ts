import type { DatabaseSchema, ObjectName } from '../../plan/database-schema.ts';
import { readDatabaseSchema } from '../../postgres/read-schema.ts';
import { historyKeys, type PastMigration, startFrom } from '../../rehearse/kept-history.ts';
import { replayAll } from '../../rehearse/replayed-history.ts';
import type { Operation } from '../../review/operation.ts';
import { readOperations } from '../../review/read-operations.ts';
import { parseScript } from '../../postgres/parse-script.ts';

/** What takes a name away that words may still mean. */
const TAKES_AWAY: ReadonlySet<Operation['kind']> = new Set([
  'drop-table',
  'rename-table',
  'set-schema',
  'drop-column',
  'rename-column',
  'drop-constraint',
  'rename-constraint',
  'drop-index',
  'rename-index',
  'rename-enum-value',
  'rename-type',
  'drop-type',
  'drop-schema',
  'rename-schema',
  'do-block',
]);

/**
 * The schemas before each migration that took a name away, newest first: what was there once stood in one of them. The
 * history is replayed as SQL on a database of its own for it. Needs `loadSqlParser`.
 */
export async function* earlierSchemas(
  past: readonly PastMigration[],
  options: {
    readonly extensions: readonly string[];
    readonly ignored: readonly ObjectName[];
    readonly cacheFolder: string | undefined;
    /** Folder of the project, whose package pgvector is taken from. */
    readonly from: string;
  },
): AsyncGenerator<DatabaseSchema> {
  const last = past.findLastIndex(takesAway);
  if (last === -1) return;
  const { extensions, cacheFolder, from } = options;
  const keys = historyKeys([], extensions);
  const { engine } = await startFrom(keys, { extensions, from }, { cacheFolder, keep: false });
  const schemas: DatabaseSchema[] = [];
  try {
    for (const migration of past.slice(0, last + 1)) {
      if (takesAway(migration)) schemas.push(await readDatabaseSchema(engine, { ignored: options.ignored }));
      await replayAll(engine, [migration]);
    }
  } finally {
    await engine.close();
  }
  yield* schemas.toReversed();
}

function takesAway({ sql }: PastMigration): boolean {
  return (
    /\b(?:drop|rename|do|set\s+schema)\b/i.test(sql) &&
    parseScript(sql).some(
      ({ node }) => node !== undefined && readOperations(node).some(({ kind }) => TAKES_AWAY.has(kind)),
    )
  );
}
