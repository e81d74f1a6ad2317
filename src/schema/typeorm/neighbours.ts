import { directoryOf } from '../specifier.ts';
import type { Sources } from './sources.ts';

const ENTITY = /@(?:\w+\.)?(?:Entity|ChildEntity)\s*\(|new (?:\w+\.)?EntitySchema\b/;
const known = new WeakMap<Sources, readonly string[]>();

/** Files that declare entities, by a look at their texts, from the nearest to the farthest. */
export function entityFilesNear(path: string, sources: Sources): readonly string[] {
  const files = known.get(sources) ?? sources.paths.filter((each) => ENTITY.test(sources.text(each) ?? ''));
  known.set(sources, files);
  return files.toSorted((a, b) => distance(path, a) - distance(path, b) || (a < b ? -1 : 1));
}

/** Steps from folder to folder. */
function distance(from: string, to: string): number {
  if (from === to) return -1;
  const [a, b] = [directoryOf(from).split('/'), directoryOf(to).split('/')];
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared += 1;
  return a.length + b.length - 2 * shared;
}
