import { exampleFor, type SpecifierExample, specifierFor } from './specifier.ts';
import type { ImportRequest, SchemaFile } from './source-file.ts';

/** How the files of a project are named: in the file itself, and in what lies around it. */
export interface SpecifierExamples {
  readonly own: readonly SpecifierExample[];
  readonly others: () => readonly SpecifierExample[];
}

/** The specifier for a request, written as the file (or its neighbours) names other files of the project. */
export function moduleOf(path: string, request: ImportRequest, { own, others }: SpecifierExamples): string {
  if ('module' in request.from) return request.from.module;
  const target = request.from.path;
  return specifierFor(path, target, exampleFor(path, target, own, others));
}

/** The imports of project files in a file, as examples of how they are named. */
export function specifierExamples(file: SchemaFile): SpecifierExample[] {
  return file.imports.flatMap((each) =>
    each.path === undefined ? [] : [{ from: file.path, specifier: each.module, path: each.path }],
  );
}
