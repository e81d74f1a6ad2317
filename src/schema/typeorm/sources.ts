import type { SchemaFile } from '../source-file.ts';
import { parseFile } from '../parse.ts';
import type { TypeormEditInput } from './editing.ts';

/** The texts of a project, each parsed at most once and only when it is asked for. */
export interface Sources {
  readonly paths: readonly string[];
  text(path: string): string | undefined;
  file(path: string): SchemaFile | undefined;
  /** The files whose text has this word, parsed. */
  filesWith(word: string): readonly SchemaFile[];
  /** How relative specifiers end where no import shows it. */
  readonly suffix: string;
}

/** Opens the texts of a project. Nothing is parsed yet. */
export function openSources(input: TypeormEditInput): Sources {
  const texts = new Map(
    input.sources.filter(({ path }) => !path.endsWith('.d.ts')).map(({ path, text }) => [path, text]),
  );
  const parsed = new Map<string, SchemaFile>();
  const file = (path: string): SchemaFile | undefined => {
    const text = texts.get(path);
    if (text === undefined) return undefined;
    const known = parsed.get(path) ?? parseFile(path, text, input.resolveImport);
    parsed.set(path, known);
    return known;
  };
  return {
    paths: [...texts.keys()],
    suffix: input.suffix ?? '',
    text: (path) => texts.get(path),
    file,
    filesWith: (word) => {
      const pattern = new RegExp(`(?<![\\w$])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`);
      return [...texts].flatMap(([path, text]) =>
        text.includes(word) && pattern.test(text) ? (file(path) ?? []) : [],
      );
    },
  };
}
