const WIDEST = 400;
const MOST_LINES = 60;

/** A message at a length that people read: long lines are cut, and so are many. `--json` has all of it. */
export function clippedMessage(text: string): string {
  const lines = text.split('\n');
  const more = lines.length - MOST_LINES;
  return [
    ...(more > 1 ? lines.slice(0, MOST_LINES) : lines).map((line) => clippedLine(line, WIDEST)),
    ...(more > 1 ? [`… ${more} more lines`] : []),
  ].join('\n');
}

const LONGEST_STATEMENT = 4000;

/** The beginning of a statement for `--json` and SARIF: each finding about it has it, and a dump's INSERT has megabytes. */
export function clippedStatement(sql: string): string {
  return clippedLine(sql, LONGEST_STATEMENT);
}

/** A line of at most `widest` characters, `…` at its end where it was longer. */
export function clippedLine(line: string, widest: number): string {
  if (line.length <= widest) return line;
  // Half a character is none.
  return `${line.slice(0, widest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
