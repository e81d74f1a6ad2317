import { type Sample, sampleOf } from './conventions.ts';
import type { SchemaModel } from './model.ts';
import type { Casing } from './read-columns.ts';
import { type Sources, tablesIn } from './sources.ts';
import { directoryOf } from '../specifier.ts';

/** Reads how the tables around a place are written. */
export interface Neighbours {
  /** Tables of the file (the last ones first), then of the files nearest to it; a dozen at most. */
  samplesNear(path: string): readonly Sample[];
  /** Schema files from the nearest to the farthest, the file itself first when it exists. */
  filesNear(path: string): readonly string[];
}

/** So many tables show a convention. */
const ENOUGH = 12;

export function findNeighbours(sources: Sources, model: SchemaModel, casing: Casing): Neighbours {
  const schemaFiles = sources.paths.filter((path) => sources.isSchemaFile(path));
  const samples = new Map<string, readonly Sample[]>();
  const filesNear = (path: string) =>
    schemaFiles.toSorted((a, b) => distance(path, a) - distance(path, b) || (a < b ? -1 : 1));
  const read = (path: string): readonly Sample[] => {
    const found: Sample[] = [];
    for (const near of filesNear(path)) {
      if (found.length >= ENOUGH) break;
      const file = sources.file(near);
      const tables = file ? tablesIn(file, model, sources).slice(-ENOUGH).toReversed() : [];
      found.push(...tables.map((table) => sampleOf(table, casing)));
    }
    return found.slice(0, ENOUGH);
  };
  return {
    filesNear,
    samplesNear: (path) => {
      const known = samples.get(path) ?? read(path);
      samples.set(path, known);
      return known;
    },
  };
}

/** Steps from folder to folder. */
function distance(from: string, to: string): number {
  if (from === to) return -1;
  const [a, b] = [directoryOf(from).split('/'), directoryOf(to).split('/')];
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared += 1;
  return a.length + b.length - 2 * shared;
}
