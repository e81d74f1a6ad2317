import type { ImportRequest, SchemaFile } from './source-file.ts';

/**
 * The imports by which another file (`path`) has names that a file uses, for a text that is copied there; undefined where
 * one of them cannot be had: it is not exported, or has another name there.
 */
export function namesOfFile(
  names: ReadonlySet<string>,
  file: SchemaFile,
  path: string,
): readonly ImportRequest[] | undefined {
  const requests: ImportRequest[] = [];
  for (const name of names) {
    const request = importOf(name, file) ?? declarationOf(name, file, path);
    if (request === undefined) return undefined;
    if (request !== 'known') requests.push(request);
  }
  return requests;
}

function importOf(name: string, { imports }: SchemaFile): ImportRequest | undefined {
  for (const line of imports) {
    const item = line.names?.items.find(({ alias }) => alias === name);
    if (item === undefined || item.name !== item.alias) continue;
    const from = line.path === undefined ? { module: line.module } : { path: line.path };
    return { from, name, isType: line.isTypeOnly || item.isType };
  }
  return undefined;
}

function declarationOf(name: string, file: SchemaFile, path: string): ImportRequest | 'known' | undefined {
  const escaped = name.replaceAll('$', String.raw`\$`);
  const declared = new RegExp(
    `^(export )?(const|let|function|enum|class|type|interface) ${escaped}\\b`,
    'm',
  ).exec(file.text);
  if (declared === null) return name in globalThis ? 'known' : undefined;
  if (file.path === path) return 'known';
  if (declared[1] === undefined) return undefined;
  return { from: { path: file.path }, name, isType: /type|interface/.test(declared[2]!) };
}
