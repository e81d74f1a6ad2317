import { formatEditedFile } from '../../project/format.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import { printJson } from './artifacts.ts';

/**
 * The snapshots among some edits as the project's formatter leaves them, where it has left the newest one so: else they
 * are as drizzle-kit writes them. `newest` is the text of the newest snapshot that was there.
 */
export async function layOutSnapshots(
  edits: readonly FileEdit[],
  { newest, root }: { readonly newest: string | undefined; readonly root: string },
): Promise<readonly FileEdit[]> {
  if (newest === undefined || newest === printJson(JSON.parse(newest))) return edits;
  return Promise.all(
    edits.map(async (edit) =>
      edit.after !== null && edit.path.endsWith('_snapshot.json')
        ? {
            ...edit,
            after: await formatEditedFile({ before: newest, after: edit.after }, edit.path, { root }),
          }
        : edit,
    ),
  );
}
