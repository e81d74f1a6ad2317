/** A word as bash and zsh take it: quoted only where a sign would mean something to them. */
export function quoteForShell(word: string): string {
  return /^[\w.,:/=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
