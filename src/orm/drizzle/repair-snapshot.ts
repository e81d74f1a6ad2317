import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { TableplanError } from '../../errors.ts';
import type { Notice } from '../../plan/change.ts';
import { shortList } from '../../plan/suggest.ts';
import { readCatalog } from '../../postgres/catalog.ts';
import { readRegularText } from '../../read-regular-file.ts';
import { replayHistory, type ReplayOptions } from '../../rehearse/replayed-history.ts';
import { catalogsOf, sourceDifferences } from '../../rehearse/source-drift.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import { printJson } from './artifacts.ts';
import { type DrizzleHistory, readMigrations } from './history.ts';
import { parseHistoryJson } from './journal.ts';
import type { ReverseDiffer } from './kit/reverse.ts';
import { type KnownSnapshot, matchSnapshot } from './match-snapshot.ts';
import { type OtherName, otherNames } from './other-names.ts';
import { unexplained } from './snapshot-diff.ts';
import { EMPTY_SNAPSHOT, type SnapshotJson } from './snapshot-json.ts';
import { readSnapshot, requireSnapshot } from './snapshot.ts';
import type { SourceSnapshot } from './source-snapshot.ts';

export interface RepairedHistory {
  readonly history: DrizzleHistory;
  /** The snapshot as a file to be written; undefined where the one on disk is right. */
  readonly edit: FileEdit | undefined;
  readonly notices: readonly Notice[];
}

export interface RepairOptions {
  readonly source: SourceSnapshot;
  readonly reverse: ReverseDiffer;
  /** For the disposable databases: always PGlite, a server has one to give. */
  readonly replay: ReplayOptions;
}

/**
 * The history with the snapshot that its newest migration should have: what the database has after all migrations, as
 * far as drizzle-kit manages it. Proved by running the SQL of the snapshot on an empty database. Throws `history-broken`
 * where the history cannot be replayed, where the migrations name constraints otherwise than the schema files do, or where no
 * snapshot comes to the same (the differing objects are named).
 */
export async function repairSnapshot(
  history: DrizzleHistory,
  { source, reverse, replay }: RepairOptions,
): Promise<RepairedHistory> {
  const last = history.entries.at(-1);
  if (!last) return { history, edit: undefined, notices: [] };
  const migrations = await readMigrations(history);
  const options = { ...replay, next: migrations.map(({ sql }) => sql).join('\n') };
  const database = await replayed(migrations, options, last.tag);
  const previous = await newestReadable(history);
  const sqlOf = async (snapshot: SnapshotJson): Promise<readonly string[]> =>
    reverse.diff(EMPTY_SNAPSHOT, snapshot);
  const [ofSource, ofPrevious] = await catalogs(
    [source.statements, previous ? await sqlOf(previous) : []],
    options,
  );
  refuseOtherNames(otherNames(ofSource, database), history);
  const older: KnownSnapshot = { snapshot: previous ?? EMPTY_SNAPSHOT, catalog: ofPrevious };
  const { snapshot, isCorrected, unmanaged } = matchSnapshot(
    { snapshot: source.snapshot, catalog: ofSource },
    database,
    { older: older.catalog, others: [older] },
  );
  if (isCorrected) {
    const [proof] = await catalogs([await sqlOf(snapshot)], options);
    const left = sourceDifferences(proof, database).filter(({ object }) => !unmanaged.includes(object));
    if (left.length > 0)
      throw notCertain(
        last.tag,
        left.map(({ object }) => object),
        history,
      );
  }
  return withHead(history, snapshot, unmanaged);
}

/** No snapshot is right for both: drizzle-kit would make what the source names otherwise a second time. */
function refuseOtherNames(names: readonly OtherName[], { outDir }: DrizzleHistory): void {
  if (names.length === 0) return;
  const shown = names.map(({ table, inDatabase, inSource }) => `${inDatabase} of ${table} (${inSource})`);
  throw new TableplanError(
    'history-broken',
    `The migrations have made what the schema files call otherwise: ${shortList(shown)}. drizzle-kit would make it a second time.`,
    {
      hint: [
        'Nothing was written. Rename it in a migration (npx drizzle-kit generate --custom --name rename_constraints), and run this again:',
        ...names.map(({ sql }) => sql),
        "Or give it the database's name in the schema files: unique('name'), foreignKey({ name: 'name', … }), index('name').",
      ].join('\n'),
      at: { file: outDir },
    },
  );
}

/** What the migrations come to. */
async function replayed(
  migrations: Awaited<ReturnType<typeof readMigrations>>,
  options: ReplayOptions,
  tag: string,
): ReturnType<typeof readCatalog> {
  const { engine, failure, kept } = await replayHistory(migrations, options);
  try {
    if (!failure) return await readCatalog(engine);
    throw new TableplanError(
      'history-broken',
      `The snapshot of ${tag} cannot be made: the history cannot be replayed, ${failure.migration} fails (${failure.sqlstate}: ${failure.message}).`,
      {
        hint: `Nothing was written. ${failure.hint ?? 'Fix that migration, or restore the snapshot from version control.'}`,
      },
    );
  } finally {
    await Promise.all([engine.close(), kept]);
  }
}

async function catalogs<const Scripts extends readonly (readonly string[])[]>(
  scripts: Scripts,
  options: ReplayOptions,
) {
  const found = await catalogsOf(scripts, options);
  if (typeof found === 'string')
    throw new TableplanError('history-broken', `The snapshot cannot be made: ${found}.`, {
      hint: 'Nothing was written. Restore the snapshot from version control.',
    });
  return found;
}

/** The newest snapshot that there is: its objects are drizzle-kit's. */
async function newestReadable(history: DrizzleHistory): Promise<SnapshotJson | undefined> {
  if (history.newest) return history.newest.json;
  const path = history.snapshots.at(-1)?.path;
  return path === undefined
    ? undefined
    : requireSnapshot(parseHistoryJson(await readRegularText(path), path), path);
}

function withHead(
  history: DrizzleHistory,
  made: SnapshotJson,
  unmanaged: readonly string[],
): RepairedHistory {
  const last = history.entries.at(-1);
  const { newest } = history;
  const left: Notice[] =
    unmanaged.length === 0
      ? []
      : [
          {
            severity: 'info',
            rule: 'snapshot-repaired',
            message: `The repaired snapshot leaves out what the migrations made and the schema files never had: ${namesOf(unmanaged)}. drizzle-kit ignores it.`,
          },
        ];
  if (!last || (newest && unexplained(newest.json, made, []).length === 0))
    return { history, edit: undefined, notices: [] };
  const file = history.numbering.snapshotFileOf(last);
  const path = join(history.outDir, 'meta', file);
  const head = newest?.json ?? {
    id: randomUUID(),
    prevId: history.snapshots.at(-1)?.id ?? EMPTY_SNAPSHOT.id,
  };
  const json: SnapshotJson = { ...made, id: head.id, prevId: head.prevId };
  const text = printJson(json);
  const snapshots = [
    ...history.snapshots.filter((snapshot) => snapshot.file !== file),
    { file, path, id: json.id, prevId: json.prevId, version: '7' },
  ].toSorted((a, b) => (a.file < b.file ? -1 : 1));
  return {
    history: { ...history, snapshots, newest: { file, path, text, json, schema: readSnapshot(json, path) } },
    edit: { path, before: newest?.text ?? null, after: text },
    notices: [
      {
        severity: 'info',
        rule: 'snapshot-repaired',
        message: `The snapshot of ${last.tag} was ${newest ? 'corrected' : 'missing: it was made'} from the history, replayed on a disposable Postgres.`,
        file: path,
      },
      ...left,
    ],
  };
}

function notCertain(tag: string, objects: readonly string[], { outDir }: DrizzleHistory): TableplanError {
  return new TableplanError(
    'history-broken',
    `No snapshot for ${tag} is certain: the replayed history and the schema files differ in ${namesOf(objects)}.`,
    {
      hint: 'Nothing was written. Make the schema files say what the migrations make there (or add the migration that is missing), then run the command again.',
      at: { file: outDir },
    },
  );
}

function namesOf(objects: readonly string[]): string {
  return shortList(objects.map((object) => object.replace(/(?<= )public\./, '')));
}
