/** What a person is told of own files that this machine and user did not write: what, where, what to do. */
export function foreignNotice(
  what: string,
  path: string,
  { isTracked }: { readonly isTracked: boolean },
): string {
  const why = isTracked
    ? 'git tracks it, so it came with the repository'
    : 'this user did not write it on this machine';
  const way = isTracked
    ? `Take it out of git: git rm -r --cached ${quoted(path)}`
    : `If a run of yours was killed in a container or on another machine, run tableplan there. If you do not know it, remove it: rm -r ${quoted(path)}`;
  return `Ignored a ${what}, ${quoted(path)}: ${why}. ${way}`;
}

/** A name that came with a repository may hold anything: control characters do not reach the terminal. */
function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : JSON.stringify(path).replaceAll(/[\u007F-\u009F]/g, '?');
}
