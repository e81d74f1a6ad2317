import type { Sources } from './sources.ts';

/** Where classes and EntitySchema objects are declared, by a look at the texts: nothing is parsed for it. */
export interface DeclarationIndex {
  /** Files that declare a class of this name. */
  classFiles(name: string): readonly string[];
  /** Files that have an EntitySchema. */
  readonly schemaFiles: readonly string[];
}

const CLASS = /\bclass\s+([A-Za-z_$][\w$]*)/g;
const SCHEMA = /\bnew\s+(?:\w+\.)?EntitySchema\b/;

export function indexDeclarations(sources: Sources): DeclarationIndex {
  const files = new Map<string, string[]>();
  const schemaFiles: string[] = [];
  for (const path of sources.paths) {
    const text = sources.text(path) ?? '';
    for (const [, name] of text.matchAll(CLASS)) {
      const known = files.get(name!);
      if (known === undefined) files.set(name!, [path]);
      else if (!known.includes(path)) known.push(path);
    }
    if (SCHEMA.test(text)) schemaFiles.push(path);
  }
  return { classFiles: (name) => files.get(name) ?? [], schemaFiles };
}
