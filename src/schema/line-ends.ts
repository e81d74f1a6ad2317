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
