import { directoryOf } from '../specifier.ts';
import type { Sources } from './sources.ts';

const ENTITY = /@(?:\w+\.)?(?:Entity|ChildEntity)\s*\(|new (?:\w+\.)?EntitySchema\b/;
const entityFiles = new WeakMap<Sources, readonly string[]>();
const sorted = new WeakMap<Sources, Map<string, readonly string[]>>();

/** Whether a file declares an entity, by a look at its text. */
export function declaresEntity(text: string): boolean {
  return ENTITY.test(text);
}

/** Files that declare entities, by a look at their texts, from the nearest to the farthest. */
export function entityFilesNear(path: string, sources: Sources): readonly string[] {
  const files =
    entityFiles.get(sources) ?? sources.paths.filter((each) => declaresEntity(sources.text(each) ?? ''));
  entityFiles.set(sources, files);
  const known = sorted.get(sources) ?? new Map<string, readonly string[]>();
  sorted.set(sources, known);
  const near = known.get(path) ?? byDistance(path, files);
  known.set(path, near);
  return near;
}

function byDistance(path: string, files: readonly string[]): readonly string[] {
  return files
    .map((file) => ({ file, steps: distance(path, file) }))
    .toSorted((a, b) => a.steps - b.steps || (a.file < b.file ? -1 : 1))
    .map(({ file }) => file);
}

/** Steps from folder to folder. */
function distance(from: string, to: string): number {
  if (from === to) return -1;
  const [a, b] = [directoryOf(from).split('/'), directoryOf(to).split('/')];
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared += 1;
  return a.length + b.length - 2 * shared;
}
