import { createTwoFilesPatch, OMIT_HEADERS } from 'diff';
import type { FileEdit } from './file-edit.ts';
import { posixRelative } from './posix-relative.ts';

/** One edit as `--json` shows it; `path` is relative to the project, with `/`. */
export interface EditSummary {
  readonly path: string;
  readonly action: 'create' | 'modify' | 'delete';
  readonly diff: string;
}

/** All edits as one git-style unified diff, paths relative to `root`. */
export function unifiedDiff(edits: readonly FileEdit[], root: string): string {
  return edits.map((edit) => fileDiff(edit, root)).join('');
}

export function summarise(edits: readonly FileEdit[], root: string): EditSummary[] {
  return edits.map((edit) => ({
    path: posixRelative(root, edit.path),
    action: actionOf(edit),
    diff: fileDiff(edit, root),
  }));
}

function actionOf(edit: FileEdit): EditSummary['action'] {
  if (edit.before === null) return 'create';
  return edit.after === null ? 'delete' : 'modify';
}

function fileDiff(edit: FileEdit, root: string): string {
  const path = posixRelative(root, edit.path);
  // git ends a name with a tab where it has a space, so that it knows where the name ends.
  const end = path.includes(' ') ? '\t' : '';
  const from = edit.before === null ? '/dev/null' : `a/${path}${end}`;
  const to = edit.after === null ? '/dev/null' : `b/${path}${end}`;
  // Headers of our own: the library would write `ä` as octal digits, which nobody reads.
  const hunks = createTwoFilesPatch('', '', edit.before ?? '', shown(edit, path), undefined, undefined, {
    context: 3,
    headerOptions: OMIT_HEADERS,
  });
  return `--- ${from}\n+++ ${to}\n${hunks.trimStart()}`;
}

/** Nobody reads a snapshot of the whole schema in a diff, and it may be megabytes. */
function shown(edit: FileEdit, path: string): string {
  const text = edit.after ?? '';
  if (edit.before !== null || !path.endsWith('_snapshot.json')) return text;
  const lines = text.split('\n').length;
  return `(${lines} lines: drizzle-kit's snapshot of the whole schema)\n`;
}
