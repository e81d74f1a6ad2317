import type { Notice } from '../plan/change.ts';
import type { FileEdit } from '../workspace/file-edit.ts';

/** What an editor of a schema has to say: the files before and after, and what is worth telling. */
export interface EditResult {
  readonly edits: readonly FileEdit[];
  readonly notices: readonly Notice[];
}
