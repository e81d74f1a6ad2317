import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder outside the project in which drizzle-kit writes; `remove` takes it away. */
export interface Staging {
  readonly out: string;
  remove(): Promise<void>;
}

/** What drizzle-kit reads of a history: the journal and the newest snapshot. Older snapshots are checked by `history.ts`. */
export interface StagedHistory {
  readonly journal: string | undefined;
  /** File name and text of the newest snapshot. */
  readonly snapshot: { readonly file: string; readonly text: string } | undefined;
}

/** Lays a copy of the history's head into a new temporary folder. Only these two files are read by `generate`. */
export async function stageHistory(history: StagedHistory): Promise<Staging> {
  const out = await mkdtemp(join(tmpdir(), 'tableplan-'));
  if (history.journal !== undefined) {
    await mkdir(join(out, 'meta'));
    await writeFile(join(out, 'meta', '_journal.json'), history.journal);
    if (history.snapshot) await writeFile(join(out, 'meta', history.snapshot.file), history.snapshot.text);
  }
  return { out, remove: () => rm(out, { recursive: true, force: true }) };
}

/** The files in a staging folder that were not laid there or that changed: path relative to it → text. */
export async function stagedArtifacts(
  staging: Staging,
  history: StagedHistory,
): Promise<Map<string, string>> {
  const laid = new Map<string, string>();
  if (history.journal !== undefined) laid.set('meta/_journal.json', history.journal);
  if (history.snapshot) laid.set(`meta/${history.snapshot.file}`, history.snapshot.text);
  const artifacts = new Map<string, string>();
  for (const entry of await readdir(staging.out, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name)
      .slice(staging.out.length + 1)
      .replaceAll('\\', '/');
    const text = await readFile(join(staging.out, path), 'utf8');
    if (laid.get(path) !== text) artifacts.set(path, text);
  }
  return artifacts;
}
