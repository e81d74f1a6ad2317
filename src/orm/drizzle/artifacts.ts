import { TableplanError } from '../../errors.ts';
import { numberText } from './journal.ts';
import { PENDING_NAME } from './kit/kit.ts';

export interface JournalEntry {
  readonly idx: number;
  readonly version: string;
  readonly when: number;
  readonly tag: string;
  readonly breakpoints: boolean;
}

export interface Journal {
  readonly version: string;
  readonly dialect: string;
  readonly entries: readonly JournalEntry[];
}

/** One migration as drizzle-kit writes it, with its real name and a `when` above all others. */
export interface Artifacts {
  /** `0007_add_brand_id_to_products` */
  readonly tag: string;
  /** What stands before the name: `0007`, or a timestamp where the config asks for one. */
  readonly number: string;
  readonly entry: JournalEntry;
  readonly sql: string;
  readonly snapshot: { readonly file: string; readonly text: string; readonly json: SnapshotHead };
  readonly journal: string;
  /** Set where `when` had to be raised above a predecessor from the future. */
  readonly raisedWhen: boolean;
  /** Further files that drizzle-kit wrote (`migrations.js` of the expo driver): name → text. */
  readonly others: ReadonlyMap<string, string>;
}

export interface SnapshotHead {
  readonly id: string;
  readonly prevId: string;
  readonly [key: string]: unknown;
}

/** drizzle-kit's root of the snapshot chain. */
const NO_PARENT = '00000000-0000-0000-0000-000000000000';

export const BREAKPOINT = '--> statement-breakpoint';

/**
 * Judges a run of drizzle-kit by what it wrote (its exit code says nothing, facts/drizzle.md 2.2): exactly one new
 * journal entry, SQL file and snapshot that hangs on `parentId`. `undefined` when it wrote nothing because there
 * is no change. Throws `generate-failed` with its output for everything else.
 */
export function readArtifacts(
  files: ReadonlyMap<string, string>,
  context: {
    name: string;
    previous: Journal | undefined;
    parentId: string | undefined;
    output: string;
    /** How far the project's numbers are ahead of drizzle-kit's. */
    ahead: number;
  },
): Artifacts | undefined {
  const fail = (message: string): TableplanError =>
    new TableplanError('generate-failed', message, {
      hint: "Nothing was written. Below is drizzle-kit's own output; run the project's generate script by hand to see it again.",
      frame: context.output,
    });
  const journalText = files.get('meta/_journal.json');
  const before = context.previous?.entries.length ?? 0;
  const journal = journalText === undefined ? undefined : parseJson<Journal>(journalText, fail);
  if (!journal || journal.entries.length === before) {
    if (/No schema changes/.test(context.output)) return undefined;
    throw fail('drizzle-kit generate wrote no migration.');
  }
  const entry = journal.entries.at(-1);
  const sqlFiles = [...files].filter(([path]) => /^[^/]+\.sql$/.test(path));
  const snapshots = [...files].filter(([path]) => /^meta\/.+_snapshot\.json$/.test(path));
  const [sqlFile] = sqlFiles;
  const [snapshotFile] = snapshots;
  if (
    !entry ||
    journal.entries.length !== before + 1 ||
    sqlFiles.length !== 1 ||
    snapshots.length !== 1 ||
    !sqlFile ||
    !snapshotFile
  ) {
    throw fail(
      `drizzle-kit generate should have written one migration; it wrote ${journal.entries.length - before} journal entries, ${sqlFiles.length} SQL files and ${snapshots.length} snapshots.`,
    );
  }
  const json = parseJson<SnapshotHead>(snapshotFile[1], fail);
  if (sqlFile[0] !== `${entry.tag}.sql` || !entry.tag.endsWith(PENDING_NAME))
    throw fail(`drizzle-kit generate wrote ${sqlFile[0]} for the journal entry ${entry.tag}.`);
  if (json.prevId !== (context.parentId ?? NO_PARENT))
    throw fail('The new snapshot does not follow the newest one: its prevId is another.');

  const own = entry.tag.slice(0, -PENDING_NAME.length).replace(/_$/, '');
  const number = context.ahead === 0 ? own : numberText(Number(own) + context.ahead);
  const tag = number === '' ? context.name : `${number}_${context.name}`;
  const newest = Math.max(0, ...journal.entries.slice(0, -1).map(({ when }) => when));
  const raisedWhen = entry.when <= newest;
  const renamed: JournalEntry = { ...entry, tag, when: raisedWhen ? newest + 1 : entry.when };
  const others = new Map(
    [...files]
      .filter(([path]) => path !== 'meta/_journal.json' && path !== sqlFile[0] && path !== snapshotFile[0])
      .map(([path, text]) => [path, text.replaceAll(entry.tag, tag)] as const),
  );
  return {
    tag,
    number,
    entry: renamed,
    sql: sqlFile[1],
    snapshot: { file: snapshotFile[0].slice('meta/'.length), text: snapshotFile[1], json },
    journal: printJson({ ...journal, entries: [...journal.entries.slice(0, -1), renamed] }),
    raisedWhen,
    others,
  };
}

/** The statements of a migration file, without the markers between them. */
export function splitStatements(sql: string): string[] {
  return sql
    .split(BREAKPOINT)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/** Statements as drizzle-kit joins them, with or without its breakpoint marker. */
export function joinStatements(statements: readonly string[], options: { breakpoints: boolean }): string {
  return statements.join(options.breakpoints ? `\n${BREAKPOINT}\n` : '\n');
}

/** JSON as drizzle-kit writes it: two spaces, no newline at the end. */
export function printJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function parseJson<T>(text: string, fail: (message: string) => TableplanError): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw fail('drizzle-kit generate wrote a file that is no JSON.');
  }
}
