import { posix } from 'node:path';
import { ts } from '../../../schema/compiler.cjs';
import { freeName, localName } from '../../../schema/import-names.ts';
import { editImports } from '../../../schema/imports.ts';
import { insertItem } from '../../../schema/list-edit.ts';
import { parseFile } from '../../../schema/parse.ts';
import type { SchemaFile } from '../../../schema/source-file.ts';
import { readStyle } from '../../../schema/style.ts';
import { applyEdits, type TextEdit } from '../../../schema/text-edit.ts';
import type { CrudProject } from '../../crud-project.ts';
import type { WiringEdit } from '../../stack.ts';
import { moduleFiles } from './layout.ts';
import { listOfMember, moduleMember, moduleMetadata } from './module-metadata.ts';

interface NewModule {
  readonly className: string;
  /** Absolute. */
  readonly path: string;
}

/** The import of a new module in the module that its neighbours are imported in. */
export function moduleWiring(project: CrudProject, added: NewModule): WiringEdit {
  const path = parentModule(project, added);
  const shown = path === undefined ? 'the application’s module' : posix.relative(project.root, path);
  const from = project.specifier(path ?? posix.join(project.root, 'src/app.module.ts'), added.path);
  const { quote, semicolon } = project.style;
  return {
    path,
    what: `${added.className} in ${shown}`,
    edit: (text) => (path === undefined ? undefined : withModule(project, { path, text }, added)),
    paste: [
      `In ${shown}:`,
      `  import { ${added.className} } from ${quote}${from}${quote}${semicolon}`,
      `and in its @Module({ imports: [ … ] }):`,
      `  ${added.className},`,
    ].join('\n'),
  };
}

/** The module that imports most modules which lie beside the new one's folder; else that of the application. */
function parentModule(project: CrudProject, added: NewModule): string | undefined {
  const modules = moduleFiles(project).filter((path) => path !== added.path);
  const root = posix.dirname(posix.dirname(added.path));
  const counted = modules.map((path) => {
    const file = parse(project, path, project.sources.get(path) ?? '');
    const own = posix.dirname(path);
    const beside = file.imports.filter(
      (each) => each.path !== undefined && modules.includes(each.path) && isBeside(each.path, root, own),
    );
    return { path, count: isBeside(path, root, '') ? 0 : beside.length };
  });
  const [most] = counted.toSorted((a, b) => b.count - a.count || a.path.length - b.path.length);
  return most !== undefined && most.count > 0
    ? most.path
    : modules.find((path) => /\/app\.module\.[cm]?ts$/.test(path));
}

/** `root/users/users.module.ts`, but not what lies in the importing module's own folder below that. */
function isBeside(path: string, root: string, own: string): boolean {
  const folder = posix.dirname(path);
  return posix.dirname(folder) === root && folder !== own;
}

function parse(project: CrudProject, path: string, text: string): SchemaFile {
  return parseFile(path, text, (from, specifier) => project.resolveImport(from, specifier));
}

interface Target {
  readonly path: string;
  readonly text: string;
}

/** The text with the module imported; undefined where it has no list of imports that can be seen. */
function withModule(project: CrudProject, { path, text }: Target, added: NewModule): string | undefined {
  const file = parse(project, path, text);
  const request = { from: { path: added.path }, name: added.className };
  const module = project.specifier(path, added.path);
  const known = localName(file, request, (other) => other !== added.path) ?? importedAs(file, module, added);
  const name = known ?? freeName(request, module, { file, wanted: [] });
  const edit = listEdit(file, name, project);
  if (edit === undefined) return undefined;
  const listed = edit === 'there' ? text : applyEdits(text, [edit]);
  if (known !== undefined) return listed;
  return editImports(
    parse(project, path, listed),
    [{ module, name: added.className, alias: name, isType: false, isOwn: true }],
    new Set(),
    readStyle(text, project.style),
  );
}

/** The new file is not there yet, so that its import resolves to nothing. */
function importedAs({ imports }: SchemaFile, module: string, { className }: NewModule): string | undefined {
  const items = imports.filter((each) => each.module === module).flatMap((each) => each.names?.items ?? []);
  return items.find(({ name }) => name === className)?.alias;
}

function listEdit(file: SchemaFile, name: string, project: CrudProject): TextEdit | 'there' | undefined {
  const { ast, text } = file;
  const metadata = moduleMetadata(ast);
  if (metadata === undefined) return undefined;
  const { eol } = readStyle(text, project.style);
  const property = moduleMember(metadata, 'imports');
  if (property === undefined) {
    const list = spanOf(metadata, metadata.properties, ast);
    return insertItem(text, list, 0, `imports: [${name}]`, eol);
  }
  const array = listOfMember(property, ast);
  if (array === undefined) return undefined;
  if (array.elements.some((each) => ts.isIdentifier(each) && each.text === name)) return 'there';
  const last = array.elements.findLastIndex((each) => ts.isIdentifier(each));
  return insertItem(
    text,
    spanOf(array, array.elements, ast),
    last === -1 ? array.elements.length : last + 1,
    name,
    eol,
  );
}

function spanOf(node: ts.Node, items: readonly ts.Node[], ast: ts.SourceFile) {
  return {
    open: node.getStart(ast),
    close: node.end - 1,
    items: items.map((item) => ({ start: item.getStart(ast), end: item.end })),
  };
}
