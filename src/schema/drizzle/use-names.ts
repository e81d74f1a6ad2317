import type { ImportRequest, SchemaFile } from '../source-file.ts';
import type { TableDraft } from './draft.ts';
import type { Editing } from './editing.ts';

/** Asks for the imports of names as a neighbour has them; false where one of them cannot be had from another file. */
export function useNames(
  names: ReadonlySet<string>,
  { file, editing, draft }: { file: SchemaFile; editing: Editing; draft: TableDraft },
): boolean {
  const requests: ImportRequest[] = [];
  for (const name of names) {
    const line = file.imports.find(({ names: listed }) => listed?.items.some(({ alias }) => alias === name));
    const item = line?.names?.items.find(({ alias }) => alias === name);
    if (line !== undefined && item !== undefined) {
      const from = line.path === undefined ? { module: line.module } : { path: line.path };
      if (item.name !== item.alias) return false;
      requests.push({ from, name: item.name, isType: line.isTypeOnly || item.isType });
      continue;
    }
    const isDeclared = new RegExp(
      `^(export )?(const|let|function|enum|class|type|interface) ${escaped(name)}\\b`,
      'm',
    ).exec(file.text);
    if (isDeclared === null) {
      if (name in globalThis) continue;
      return false;
    }
    if (file.path === draft.path) continue;
    if (isDeclared[1] === undefined) return false;
    requests.push({ from: { path: file.path }, name, isType: /type|interface/.test(isDeclared[2]!) });
  }
  if (requests.some((request) => editing.nameFor(draft.path, request) !== request.name)) return false;
  for (const request of requests) editing.needImport(draft.path, request);
  return true;
}

function escaped(name: string): string {
  return name.replaceAll('$', String.raw`\$`);
}
