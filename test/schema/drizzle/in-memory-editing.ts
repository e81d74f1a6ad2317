import { posix } from 'node:path';
import type { Notice } from '../../../src/plan/change.ts';
import type { Editing, EditInput } from '../../../src/schema/drizzle/editing.ts';
import { exposeInBarrels } from '../../../src/schema/drizzle/expose.ts';
import { openSources, readWholeModel } from '../../../src/schema/drizzle/sources.ts';
import { specifierFor } from '../../../src/schema/specifier.ts';
import { readStyle } from '../../../src/schema/style.ts';
import { applyEdits, type TextEdit } from '../../../src/schema/text-edit.ts';
import type { ImportRequest } from '../../../src/schema/source-file.ts';

/** Resolves relative specifiers among some files, as a bundler would. */
export function resolverAmong(paths: readonly string[]) {
  return (from: string, specifier: string): string | undefined => {
    if (!specifier.startsWith('.')) return undefined;
    const base = posix.join(posix.dirname(from), specifier).replace(/\.js$/, '');
    return [`${base}.ts`, `${base}/index.ts`].find((path) => paths.includes(path));
  };
}

/** An `Editing` over texts for one editor alone: it shows what the editor asks for, imports as a list of requests. */
export function editingOf(
  texts: Readonly<Record<string, string>>,
  more: Partial<EditInput> & {
    tables?: readonly { schema: string; name: string; path: string; variable: string }[];
  } = {},
) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const paths = Object.keys(texts);
  const input: EditInput = {
    root: '/p',
    entries: paths.slice(0, 1),
    globMatches: () => false,
    files,
    resolveImport: resolverAmong(paths),
    changes: [],
    before: { tables: [], enums: [], schemas: [], views: [] },
    ...more,
  };
  const sources = openSources(input);
  const edits = new Map<string, TextEdit[]>();
  const appended = new Map<string, string[]>();
  const imports: string[] = [];
  const notices: Notice[] = [];
  const put = <T>(map: Map<string, T[]>, path: string, item: T) =>
    void map.set(path, [...(map.get(path) ?? []), item]);
  const editing: Editing = {
    input,
    model: readWholeModel(sources),
    file: sources.file,
    filesWith: sources.filesWith,
    isSchemaFile: sources.isSchemaFile,
    style: (path) => readStyle(texts[path] ?? ''),
    edit: (path, edit) => put(edits, path, edit),
    append: (path, text) => put(appended, path, text),
    needImport: (path, request) => importName(path, request),
    nameFor: (_, request) => request.name,
    table: (name) => more.tables?.find((table) => table.schema === name.schema && table.name === name.name),
    enumRef: () => undefined,
    register: (path, names) => exposeInBarrels(editing, [{ file: path, ...names }]),
    unregister: () => undefined,
    notice: (notice) => void notices.push(notice),
  };
  function importName(path: string, { from, name, isType }: ImportRequest): string {
    if ('path' in from && from.path === path) return name;
    const known = sources
      .file(path)
      ?.imports.some((line) => line.names?.items.some((item) => item.alias === name));
    const module = 'path' in from ? specifierFor(path, from.path, undefined) : from.module;
    const line = `${path}: import ${isType ? 'type ' : ''}{ ${name} } from '${module}'`;
    if (!known && !imports.includes(line)) imports.push(line);
    return name;
  }
  const result = (path: string): string => {
    const text = applyEdits(texts[path] ?? '', edits.get(path) ?? []);
    return [text, ...(appended.get(path) ?? []).map((more) => `${text === '' ? '' : '\n'}${more}\n`)].join(
      '',
    );
  };
  return {
    editing,
    result,
    imports,
    notices,
    touched: () => [...new Set([...edits.keys(), ...appended.keys()])],
  };
}
