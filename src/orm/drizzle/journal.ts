import { join } from 'node:path';
import { readRegularText } from '../../read-regular-file.ts';
import { TableplanError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import type { Journal, JournalEntry } from './artifacts.ts';

export interface JournalFile {
  readonly path: string;
  readonly text: string;
  readonly json: Journal;
}

/** The journal of a migrations folder; undefined where there is none. Throws `history-broken` for what is no journal. */
export async function readJournalFile(outDir: string): Promise<JournalFile | undefined> {
  const path = join(outDir, 'meta', '_journal.json');
  const text = await textOf(path);
  return text === undefined ? undefined : { path, text, json: parseJournal(text, path) };
}

/** A journal's text as read. Throws `history-broken`; `path` is what the error calls it. */
export function parseJournal(text: string, path: string): Journal {
  const json = parseHistoryJson(text, path) as Partial<Journal> | null;
  const { entries } = json ?? {};
  if (!Array.isArray(entries) || !entries.every(isEntry)) {
    throw new TableplanError('history-broken', `${path} is not a journal of drizzle-kit`, {
      hint: 'Restore it from version control.',
      at: { file: path },
    });
  }
  return json as Journal;
}

/** How the files of a history are numbered. */
export interface Numbering {
  /** How far the numbers of new files are ahead of the journal's idx. */
  readonly ahead: number;
  /** The snapshot file that belongs to a journal entry. */
  snapshotFileOf(entry: Pick<JournalEntry, 'tag' | 'idx'>): string;
}

/**
 * drizzle-kit names a snapshot by what stands before the tag's first underscore, which is the entry's idx. Where people
 * count from 0001, they rename the SQL file and its tag; the snapshot keeps the idx. `files` are the snapshots that
 * there are.
 */
export function numberingOf(
  entries: readonly Pick<JournalEntry, 'tag' | 'idx'>[],
  files: ReadonlySet<string>,
): Numbering {
  const last = entries.at(-1);
  const ahead = last === undefined ? 0 : aheadOf(last);
  if (last === undefined || ahead <= 0 || files.has(fileByTag(last)))
    return { ahead: 0, snapshotFileOf: fileByTag };
  const byIdx = fileByIdx(last);
  // A newer one is what drizzle-kit would compare with.
  if ([...files].some((file) => file > byIdx)) return { ahead: 0, snapshotFileOf: fileByTag };
  return {
    ahead,
    snapshotFileOf: (entry) => (aheadOf(entry) === ahead ? fileByIdx(entry) : fileByTag(entry)),
  };
}

/** How far the number of a tag is ahead of its idx; 0 for those that are no such numbers. */
function aheadOf({ tag, idx }: Pick<JournalEntry, 'tag' | 'idx'>): number {
  const number = /^(\d{4})_/.exec(tag)?.[1];
  return number === undefined ? 0 : Number(number) - idx;
}

/** drizzle-kit takes every file in meta/ for a snapshot that does not start with an underscore. */
export function isSnapshotName(name: string): boolean {
  return name.endsWith('_snapshot.json') && !name.startsWith('_');
}

/** The snapshot of a tag as drizzle-kit names it. */
export function fileByTag({ tag }: Pick<JournalEntry, 'tag'>): string {
  return `${tag.split('_')[0]}_snapshot.json`;
}

function fileByIdx({ idx }: Pick<JournalEntry, 'idx'>): string {
  return `${numberText(idx)}_snapshot.json`;
}

/** `0007` */
export function numberText(number: number): string {
  return String(number).padStart(4, '0');
}

function isEntry(entry: unknown): entry is JournalEntry {
  if (typeof entry !== 'object' || entry === null) return false;
  const { idx, when, tag } = entry as Partial<JournalEntry>;
  return (
    Number.isInteger(idx) &&
    typeof when === 'number' &&
    typeof tag === 'string' &&
    tag !== '' &&
    !/[\\/]/.test(tag)
  );
}

/** JSON of a history; git's conflict markers are the usual reason why it is none. Throws `history-broken`. */
export function parseHistoryJson(text: string, path: string): unknown {
  return parseJson(text, ({ message, line, column }) => {
    const marker = text.split('\n').findIndex((each) => /^(<{7}|={7}|>{7})/.test(each));
    const at = marker === -1 ? { file: path, line, column } : { file: path, line: marker + 1 };
    const hint =
      marker === -1
        ? 'Restore it from version control.'
        : 'It holds conflict markers of a merge: take the other branch’s file, delete your own migration, and run the plan again.';
    return new TableplanError('history-broken', `${path} is not JSON (${message}).`, { hint, at });
  });
}

/** The text of a file; undefined where it is not there. */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readRegularText(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
