/** A longer line than this is broken, unless the file has longer ones. */
const WIDTH = 100;
/** No file means longer ones, whatever strings it holds. */
const WIDEST = 160;

/** An import line that is longer is broken. */
export const IMPORT_WIDTH = 120;
const SHORT_IMPORT_WIDTH = 80;

/** The length of import lines in some files: that of their longest, or the usual one where they break none. */
export function importWidthOf(texts: readonly string[]): number {
  const longest = Math.max(
    0,
    ...texts.flatMap((text) =>
      (text.match(/^import .*['"];?[ \t]*\r?$/gm) ?? []).map((line) => line.trimEnd().length),
    ),
  );
  const isBroken = texts.some((text) => /^import (?:type )?\{[ \t]*\r?$/m.test(text));
  return Math.min(WIDEST, Math.max(longest, isBroken ? SHORT_IMPORT_WIDTH : IMPORT_WIDTH));
}

/** The length of line that a file allows itself. */
export function widthOf(text: string): number {
  let longest = WIDTH;
  for (let start = 0, end = 0; end !== -1 && longest < WIDEST; start = end + 1) {
    end = text.indexOf('\n', start);
    longest = Math.max(longest, (end === -1 ? text.length : end) - start);
  }
  return Math.min(longest, WIDEST);
}
