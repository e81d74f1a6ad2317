import { TableplanError } from '../errors.ts';
import { withLineEnds } from './line-ends.ts';

/** Replaces the text between two offsets; `start === end` inserts. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies edits that were all found in the same text, in one pass. Insertions at one offset keep their order, and
 * come before a replacement that starts there. An edit inside a deleted range goes with it.
 * Lines end as those around them. Throws `internal` when two replacements overlap: that is a fault of an editor, and no text is better than a wrong one.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  let end = 0;
  for (const edit of inOrder(edits)) {
    if (edit.start < at) {
      if (edit.end <= end) continue;
      if (edit.text === '' && end === at) {
        at = end = edit.end; // two deletions that share a blank line are one
        continue;
      }
      throw new TableplanError('internal', `two edits overlap at offset ${edit.start}`);
    }
    result += text.slice(at, edit.start) + withLineEnds(edit.text, text, edit);
    at = edit.end;
    end = edit.text === '' ? edit.end : 0;
  }
  return result + text.slice(at);
}

/** By start; insertions first, then the widest, so that a deletion meets what lies inside it afterwards. */
function inOrder(edits: readonly TextEdit[]): readonly TextEdit[] {
  const isInsertion = (edit: TextEdit) => (edit.start === edit.end ? 0 : 1);
  return edits.toSorted((a, b) => a.start - b.start || isInsertion(a) - isInsertion(b) || b.end - a.end);
}

/** Inserts text at the end of the line that a place stands in: what follows it there (a comment) stays with it. */
export function insertAfterLine(text: string, place: number, inserted: string): TextEdit {
  const newline = text.indexOf('\n', place);
  const isCrLf = newline > 0 && text[newline - 1] === '\r';
  const at = newline === -1 ? text.length : isCrLf ? newline - 1 : newline;
  return { start: at, end: at, text: inserted };
}
