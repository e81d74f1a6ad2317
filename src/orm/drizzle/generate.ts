import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import type { Change } from '../../plan/change.ts';
import { displayName } from '../../plan/database-schema.ts';
import { loadSqlParser } from '../../postgres/sql.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import {
  type Artifacts,
  joinStatements,
  printJson,
  readArtifacts,
  splitStatements,
  type Journal,
  type SnapshotHead,
} from './artifacts.ts';
import { withEntry } from './journal-text.ts';
import { numberText } from './journal.ts';
import type { DrizzleConfig, Kit } from './kit/kit.ts';
import { EMPTY_SNAPSHOT, type SnapshotJson } from './snapshot-json.ts';
import { type StagedHistory, stagedArtifacts, stageHistory } from './staging.ts';
import { type RenameStatements, renameStatements } from './rename-statements.ts';
import { requireSnapshot } from './snapshot.ts';
import { tellDiffer } from './tell-differ.ts';

export interface GenerateInput {
  readonly kit: Kit;
  /** Folder in which drizzle-kit runs; `outDir` is its migrations folder, absolute. */
  readonly cwd: string;
  readonly outDir: string;
  readonly config: DrizzleConfig;
  /** Schema files that drizzle-kit is to load, absolute. */
  readonly schemaFiles: readonly string[];
  readonly edits: readonly FileEdit[];
  readonly changes: readonly Change[];
  readonly name: string;
  readonly history: {
    readonly journal: { readonly text: string; readonly json: Journal } | undefined;
    /** How far the project's numbers are ahead of drizzle-kit's. */
    readonly ahead: number;
    /** The newest snapshot; `told` is it with the plan's renames carried out. */
    readonly snapshot:
      | { readonly file: string; readonly text: string; readonly json: SnapshotHead; readonly told: unknown }
      | undefined;
  };
  readonly now: number;
}

export interface GeneratedMigration {
  readonly tag: string;
  readonly number: string;
  /** The SQL as it is in the file, statement by statement. */
  readonly statements: readonly string[];
  readonly sql: string;
  /** The new snapshot (v7 JSON). */
  readonly snapshot: SnapshotHead;
  /** SQL file, snapshot and journal as edits in the project's migrations folder. */
  readonly edits: readonly FileEdit[];
  readonly sqlPath: string;
  /** What stands in the SQL that drizzle-kit did not write, in words for the record. */
  readonly byHand: readonly string[];
  readonly raisedWhen: boolean;
  readonly renames: RenameStatements;
}

/**
 * Has the project's drizzle-kit generate the migration for staged edits, in a staging folder, and completes it with
 * what its differ cannot express. `undefined`: neither drizzle-kit nor the plan has a statement to write.
 * Throws `generate-failed` (with drizzle-kit's output) or `schema-drift`; nothing of the project is touched.
 */
export async function generateMigration(input: GenerateInput): Promise<GeneratedMigration | undefined> {
  const { history } = input;
  const staged: StagedHistory = {
    journal: history.journal?.text,
    snapshot: history.snapshot && { file: history.snapshot.file, text: printJson(history.snapshot.told) },
  };
  const staging = await stageHistory(staged);
  try {
    const output = await input.kit.generate({
      files: Object.fromEntries(input.edits.map((edit) => [edit.path, edit.after])),
      created: createdObjects(input.changes),
      config: {
        // drizzle-kit puts `./` before the folder: only a relative path survives that.
        out: relative(input.cwd, staging.out).replaceAll('\\', '/'),
        schema: input.schemaFiles.map((file) => relative(input.cwd, file).replaceAll('\\', '/')),
      },
    });
    const artifacts = readArtifacts(await stagedArtifacts(staging, staged), {
      name: input.name,
      previous: history.journal?.json,
      parentId: history.snapshot?.json.id,
      output,
      ahead: history.ahead,
    });
    const generated = artifacts ? splitStatements(artifacts.sql) : [];
    await loadSqlParser();
    const from = (history.snapshot?.told ?? EMPTY_SNAPSHOT) as SnapshotJson;
    const to = artifacts ? requireSnapshot(artifacts.snapshot.json, artifacts.tag) : from;
    const before = (history.snapshot?.json ?? EMPTY_SNAPSHOT) as SnapshotJson;
    const renames = renameStatements(input.changes, before, to);
    const told = tellDiffer(generated, input.changes, { from, to, renames: renames.up });
    if (told.statements.length === 0) return undefined;
    return { ...finish(input, artifacts ?? copySnapshot(input), told), renames };
  } finally {
    await staging.remove();
  }
}

function finish(
  input: GenerateInput,
  artifacts: Artifacts,
  told: { statements: readonly string[]; byHand: readonly string[] },
): Omit<GeneratedMigration, 'renames'> {
  const sql =
    told.byHand.length === 0 && artifacts.sql !== ''
      ? artifacts.sql
      : joinStatements(told.statements, { breakpoints: artifacts.entry.breakpoints });
  const inOut = (path: string): string => join(input.outDir, path);
  const { journal } = input.history;
  const edits: FileEdit[] = [
    { path: inOut(`${artifacts.tag}.sql`), before: null, after: sql },
    { path: inOut(`meta/${artifacts.snapshot.file}`), before: null, after: artifacts.snapshot.text },
    {
      path: inOut('meta/_journal.json'),
      before: journal?.text ?? null,
      after: journal ? withEntry(journal.text, journal.json, artifacts.entry) : artifacts.journal,
    },
  ];
  return {
    tag: artifacts.tag,
    number: artifacts.number,
    statements: told.statements,
    sql,
    snapshot: artifacts.snapshot.json,
    edits,
    sqlPath: inOut(`${artifacts.tag}.sql`),
    byHand: told.byHand,
    raisedWhen: artifacts.raisedWhen,
  };
}

/**
 * The migration that drizzle-kit's `--custom` would make: where everything the plan asks for is SQL that the differ
 * does not see, the snapshot is the newest one (as told) under a new id.
 */
function copySnapshot(input: GenerateInput): Artifacts {
  const { journal, snapshot, ahead } = input.history;
  const last = journal?.json.entries.at(-1);
  const idx = last ? last.idx + 1 : 0;
  const { prefix } = input.config.migrations ?? {};
  const number = numberOf(prefix, idx + ahead, input.now);
  const tag = `${number}_${input.name}`;
  const newest = Math.max(0, ...(journal?.json.entries ?? []).map(({ when }) => when));
  const raisedWhen = input.now <= newest;
  const entry = {
    idx,
    version: '7',
    when: raisedWhen ? newest + 1 : input.now,
    tag,
    breakpoints: input.config.breakpoints ?? true,
  };
  const json = { ...(snapshot?.told as SnapshotHead), id: randomUUID(), prevId: snapshot?.json.id ?? '' };
  return {
    tag,
    number,
    entry,
    sql: '',
    snapshot: { file: `${numberOf(prefix, idx, input.now)}_snapshot.json`, text: printJson(json), json },
    journal: printJson({
      ...(journal?.json ?? { version: '7', dialect: 'postgresql', entries: [] }),
      entries: [...(journal?.json.entries ?? []), entry],
    }),
    raisedWhen,
    others: new Map(),
  };
}

/** What drizzle-kit 0.31 puts before a migration's name. */
function numberOf(prefix: string | undefined, idx: number, now: number): string {
  switch (prefix) {
    case 'timestamp':
    case 'supabase':
      return new Date(now).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
    case 'unix':
      return String(Math.floor(now / 1000));
    default:
      return numberText(idx);
  }
}

/**
 * What to call created when drizzle-kit asks "created or renamed?", which it does wherever something is added and something else goes:
 * everything that the plan makes is new. What it renames is renamed in the snapshot that drizzle-kit gets already.
 */
function createdObjects(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => {
    switch (change.kind) {
      case 'create-table':
        return [`table:${displayName(change.table)}`];
      case 'create-enum':
        return [`enum:${displayName(change.enum)}`];
      case 'add-column':
        return [`column:${change.table.name}.${change.column.name}`];
      case 'add-enum-value':
      case 'rename-enum-value':
      case 'drop-enum-value':
      case 'drop-enum':
      case 'rename-table':
      case 'drop-table':
      case 'rename-column':
      case 'alter-column':
      case 'drop-column':
      case 'set-primary-key':
      case 'add-unique':
      case 'drop-unique':
      case 'add-index':
      case 'drop-index':
      case 'add-foreign-key':
      case 'alter-foreign-key':
      case 'drop-foreign-key':
      case 'add-check':
      case 'drop-check':
      case 'comment':
      case 'raw-sql':
        return [];
    }
  });
}
