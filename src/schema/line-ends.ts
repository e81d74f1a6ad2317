import type { FileEdit, SourceText } from '../workspace/file-edit.ts';

/**
 * Files as the editors take them, which find lines by their line feeds: one whose lines end in carriage returns alone (an old
 * Mac wrote it) has line feeds in their place, and `restored` puts the carriage returns back into its edit. Both are one
 * character, so that places stay.
 */
export function withLineFeeds(files: readonly SourceText[]): {
  readonly files: readonly SourceText[];
  readonly restored: (edits: readonly FileEdit[]) => readonly FileEdit[];
} {
  const returned = new Map(
    files.flatMap(({ path, text }) => (text.includes('\r') && !text.includes('\n') ? [[path, text]] : [])),
  );
  if (returned.size === 0) return { files, restored: (edits) => edits };
  return {
    files: files.map((file) =>
      returned.has(file.path) ? { ...file, text: file.text.replaceAll('\r', '\n') } : file,
    ),
    restored: (edits) =>
      edits.map((edit) => {
        const before = returned.get(edit.path);
        if (before === undefined) return edit;
        return { ...edit, before, after: edit.after && edit.after.replaceAll('\n', '\r') };
      }),
  };
}

const LINE = /[^\r\n]*(?:\r\n|\r|\n|$)/g;

/**
 * What is written in place of `replaced` at `start` of a text, with the line ends of its neighbourhood: a line that was
 * there keeps its own, a new one ends as the line before it does. Files may mix them.
 */
export function withLineEnds(
  written: string,
  text: string,
  { start, end }: { start: number; end: number },
): string {
  if (!/[\r\n]/.test(written) || !text.includes('\r')) return written;
  let near = endNear(text, start);
  const old = linesOf(text.slice(start, end));
  let from = 0;
  return linesOf(written)
    .map((line) => {
      const [content, lineEnd] = parts(line);
      if (lineEnd === '') return content;
      const at = old.findIndex(
        (other, index) => index >= from && parts(other)[0] === content && parts(other)[1] !== '',
      );
      if (at === -1) return content + near;
      from = at + 1;
      near = parts(old[at] ?? '')[1];
      return content + near;
    })
    .join('');
}

/** How the line before this place ends; the one after it where there is none. */
function endNear(text: string, start: number): string {
  const [before] = text.slice(0, start).match(/(?:\r\n|\r|\n)(?=[^\r\n]*$)/) ?? [];
  return before ?? /\r\n|\r|\n/.exec(text.slice(start))?.[0] ?? '\n';
}

function linesOf(text: string): string[] {
  return (text.match(LINE) ?? []).filter((line) => line !== '');
}

function parts(line: string): [content: string, end: string] {
  const end = /(?:\r\n|\r|\n)$/.exec(line)?.[0] ?? '';
  return [line.slice(0, line.length - end.length), end];
}
