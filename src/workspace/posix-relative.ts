import { isAbsolute, relative } from 'node:path';

/** `path` as seen from `root`, with `/`; an absolute path on another drive stays as it is. */
export function posixRelative(root: string, path: string): string {
  const between = relative(root, path);
  return (isAbsolute(between) ? path : between).replaceAll('\\', '/');
}
