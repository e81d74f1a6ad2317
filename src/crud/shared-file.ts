import { posix } from 'node:path';
import type { StackFile } from './stack.ts';

/** A file that all domains share, by its place below their folder; its template has the same name. */
export function sharedFile(folder: string, id: string, path: string, view?: StackFile['view']): StackFile {
  return {
    id,
    template: `${posix.basename(path)}.hbs`,
    path: posix.join(folder, path),
    isShared: true,
    view,
  };
}
