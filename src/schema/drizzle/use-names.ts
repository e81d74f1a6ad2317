import { namesOfFile } from '../names-of-file.ts';
import type { SchemaFile } from '../source-file.ts';
import type { TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';

/** Asks for the imports of names as a neighbour has them; false where one of them cannot be had from another file. */
export function useNames(
  names: ReadonlySet<string>,
  { file, editing, draft }: { file: SchemaFile; editing: Editing; draft: TableDraft },
): boolean {
  const requests = namesOfFile(names, file, draft.path);
  if (requests === undefined) return false;
  if (requests.some((request) => editing.nameFor(draft.path, request) !== request.name)) return false;
  for (const request of requests) editing.needImport(draft.path, request);
  return true;
}
