import { ts } from '../compiler.cjs';
import { TableplanError } from '../../errors.ts';
import type { Notice } from '../../plan/change.ts';
import { isSameObject, type ObjectName } from '../../plan/database-schema.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import { applyEdits, type TextEdit } from '../text-edit.ts';
import type { DeclaredNames, EditInput, Editing } from './editing.ts';
import { editImports } from '../imports.ts';
import type { WantedImport } from '../import-line.ts';
import { freeName, isCalled, localName, usedNames } from '../import-names.ts';
import { importOrderOf } from '../import-order.ts';
import { importWidthOf } from '../line-width.ts';
import { moduleOf, specifierExamples, type SpecifierExamples } from '../specifier-examples.ts';
import { type SpecifierExample, suffixExample } from '../specifier.ts';
import { stringLiteral } from '../literals.ts';
import type { EnumRef, SchemaModel, TableRef } from './model.ts';
import type { Neighbours } from './neighbours.ts';
import { firstSyntaxError, locate, notEditable, parseFile, parseText } from '../parse.ts';
import type { Sources } from './sources.ts';
import { readStyle } from '../style.ts';
import type { FileStyle, ImportRequest, SchemaFile } from '../source-file.ts';

/** What is known of a file while it is edited: everything is in offsets of its first text. */
interface Pending {
  readonly edits: TextEdit[];
  readonly blocks: string[];
  readonly imports: Map<string, WantedImport>;
  /** `import * as t` of a file to be created, by module. */
  readonly namespaces: Map<string, string>;
}

export interface Store {
  readonly editing: Editing;
  /** Tells the store what the enums are called, once they have been edited. */
  setEnums(enums: readonly EnumRef[]): void;
  readonly registered: readonly (DeclaredNames & { readonly path: string })[];
  readonly unregistered: readonly (DeclaredNames & { readonly path: string; readonly isEmpty: boolean })[];
  readonly notices: readonly Notice[];
  /** Applies everything. Throws `internal` when a result is no TypeScript: better no edit than a broken file. */
  finish(): FileEdit[];
}

interface Around {
  readonly input: EditInput;
  readonly model: SchemaModel;
  readonly sources: Sources;
  readonly neighbours: Neighbours;
  readonly table: (name: ObjectName) => TableRef | undefined;
}

/** Collects the edits of a run; see `Editing`. */
export function createStore(around: Around): Store {
  const { input, model, sources } = around;
  const pending = new Map<string, Pending>();
  const styles = new Map<string, FileStyle>();
  const registered: (DeclaredNames & { path: string })[] = [];
  const unregistered: (DeclaredNames & { path: string; isEmpty: boolean })[] = [];
  const notices: Notice[] = [];
  let enums: readonly EnumRef[] = [];
  const at = (path: string): Pending =>
    remember(pending, path, () => ({ edits: [], blocks: [], imports: new Map(), namespaces: new Map() }));
  const style = (path: string): FileStyle => remember(styles, path, () => styleOf(path, around));
  const editing: Editing = {
    input,
    model,
    file: sources.file,
    filesWith: sources.filesWith,
    isSchemaFile: sources.isSchemaFile,
    style,
    edit: (path, edit) => void at(path).edits.push(edit),
    append: (path, text) => void at(path).blocks.push(text),
    needImport: (path, request) => wantImport(path, request, at(path), around),
    nameFor: (path, request) => nameFor(path, request, at(path), around).local,
    table: around.table,
    enumRef: (name) => enums.find((each) => isSameObject(each, name)),
    register: (path, names) => void registered.push({ path, ...names }),
    unregister: (path, names, { isEmpty }) => void unregistered.push({ path, ...names, isEmpty }),
    notice: (notice) => void notices.push(notice),
  };
  return {
    editing,
    setEnums: (found) => void (enums = found),
    registered,
    unregistered,
    notices,
    finish: () =>
      [...pending].flatMap(([path, each]) => finishFile(path, each, { ...around, style: style(path) })),
  };
}

function remember<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}

/** So many files show a style. */
const ENOUGH = 6;

/** A new file looks like the nearest ones that have tables; without any, like the files that drizzle-kit loads. */
function styleOf(path: string, { sources, neighbours, input }: Around): FileStyle {
  const near = [...neighbours.filesNear(path), ...input.entries]
    .filter((each) => each !== path)
    .slice(0, ENOUGH);
  const texts = near.map((each) => sources.text(each) ?? '');
  const own = sources.text(path) ?? '';
  const files = [path, ...near].flatMap((each) => sources.file(each) ?? []);
  return {
    ...readStyle(own, readStyle(texts.join('\n'))),
    importWidth: importWidthOf([own, ...texts]),
    importOrder: importOrderOf(files),
  };
}

function wantImport(path: string, request: ImportRequest, pending: Pending, around: Around): string {
  const { local, namespace, wanted } = nameFor(path, request, pending, around);
  if (namespace !== undefined && 'module' in request.from)
    pending.namespaces.set(request.from.module, namespace);
  if (wanted !== undefined) pending.imports.set(`${wanted.module}#${wanted.name}#${wanted.alias}`, wanted);
  return local;
}

/** What a request will be called, and what must be imported for that. */
interface Naming {
  readonly local: string;
  /** `import * as t`, in a file to be created. */
  readonly namespace?: string | undefined;
  readonly wanted?: WantedImport | undefined;
}

function nameFor(
  path: string,
  request: ImportRequest,
  { imports }: Pick<Pending, 'imports'>,
  around: Around,
): Naming {
  const { sources, model } = around;
  if ('path' in request.from && request.from.path === path) return { local: request.name };
  const file = sources.file(path);
  const isOther = (other: string) =>
    'path' in request.from &&
    other !== request.from.path &&
    model.tables.some((table) => table.file.path === other && table.variable === request.name);
  const known = file && localName(file, request, isOther);
  if (known !== undefined) return { local: known };
  const like = file === undefined ? sources.file(around.neighbours.filesNear(path)[0] ?? '') : undefined;
  const namespace = like && 'module' in request.from ? namespaceOf(like, request.from.module) : undefined;
  if (namespace !== undefined && namespace !== request.hiddenBy)
    return { local: `${namespace}.${request.name}`, namespace };
  const module = moduleOf(path, request, examplesFor(file ?? like, around));
  const alias = freeName(request, module, { file, wanted: [...imports.values()] });
  return {
    local: alias,
    wanted: {
      module,
      name: request.name,
      alias,
      isType: request.isType ?? false,
      isOwn: 'path' in request.from,
    },
  };
}

/** A file that takes a package as a namespace and nothing by name. */
function namespaceOf(file: SchemaFile, module: string): string | undefined {
  const imports = file.imports.filter((each) => each.module === module && !each.isTypeOnly);
  return imports.some((each) => each.names !== undefined)
    ? undefined
    : imports.find((each) => each.namespace !== undefined)?.namespace;
}

/** How files of the project are named in imports: here, next door, or in what drizzle-kit loads. */
function examplesFor(file: SchemaFile | undefined, { sources, input, model }: Around): SpecifierExamples {
  const others = (): readonly SpecifierExample[] => {
    const files = [...model.files.values(), ...input.entries.flatMap((entry) => sources.file(entry) ?? [])];
    const found = files.flatMap(specifierExamples);
    const exported = input.entries.flatMap((entry) => exportExamples(sources.file(entry), input));
    if (found.length + exported.length > 0) return found.length > 0 ? found : exported;
    return [suffixExample(input.suffix ?? '')];
  };
  return { own: file ? specifierExamples(file) : [], others };
}

/** `export * from './users.js'` shows the suffix as well as an import does. */
function exportExamples(file: SchemaFile | undefined, { resolveImport }: EditInput) {
  return (file?.ast.statements ?? []).flatMap((statement) => {
    if (
      !ts.isExportDeclaration(statement) ||
      statement.moduleSpecifier === undefined ||
      !ts.isStringLiteral(statement.moduleSpecifier)
    )
      return [];
    const specifier = statement.moduleSpecifier.text;
    const path = resolveImport(file!.path, specifier);
    return path === undefined ? [] : [{ from: file!.path, specifier, path }];
  });
}

interface Finishing extends Around {
  readonly style: FileStyle;
}

function finishFile(path: string, pending: Pending, finishing: Finishing): FileEdit[] {
  const before = finishing.sources.text(path);
  if (before === undefined)
    return pending.blocks.length === 0
      ? []
      : [{ path, before: null, after: newText(path, pending, finishing) }];
  if (pending.edits.length + pending.blocks.length + pending.imports.size === 0) return [];
  const after = editedText(path, before, pending, finishing);
  return after === before ? [] : [{ path, before, after }];
}

function editedText(
  path: string,
  before: string,
  pending: Pending,
  { input, style }: Finishing,
): string | null {
  const body = withBlocks(applyEdits(before, pending.edits), pending.blocks, style.eol);
  const file = parseFile(path, body, input.resolveImport);
  refuseBroken(file, before);
  if (isLeftEmpty(file, pending)) return null;
  const text = editImports(file, [...pending.imports.values()], unusedNames(file, before, pending), style);
  if (text.trim() === '') return null;
  return /^\s/.test(before) ? text : text.replace(/^\s+/, '');
}

function withBlocks(text: string, blocks: readonly string[], eol: string): string {
  return blocks.reduce((whole, block) => {
    const trimmed = whole.replace(/\s+$/, '');
    return `${trimmed}${trimmed === '' ? '' : eol + eol}${block}${eol}`;
  }, text);
}

/** A file that lost its last declaration goes; one that had none before stays. */
function isLeftEmpty({ ast }: SchemaFile, { edits, blocks }: Pending): boolean {
  const hasRemovals = edits.some((edit) => edit.text === '' && edit.end > edit.start);
  return (
    hasRemovals &&
    blocks.length === 0 &&
    ast.statements.every((statement) => ts.isImportDeclaration(statement) || isEmptyExport(statement))
  );
}

function isEmptyExport(statement: ts.Statement): boolean {
  const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
  return clause !== undefined && ts.isNamedExports(clause) && clause.elements.length === 0;
}

/** Imports whose last use an edit took away; one that nothing used before stays. */
function unusedNames(file: SchemaFile, before: string, { edits }: Pending): ReadonlySet<string> {
  const removed = new Set(
    edits.flatMap((edit) => before.slice(edit.start, edit.end).match(/[A-Za-z_$][\w$]*/g) ?? []),
  );
  const candidates = file.imports
    .flatMap((each) => each.names?.items ?? [])
    .filter((item) => removed.has(item.alias) && !isCalled(file, item.alias));
  if (candidates.length === 0) return new Set();
  const used = usedNames(file.ast);
  return new Set(candidates.map((item) => item.alias).filter((alias) => !used.has(alias)));
}

function newText(path: string, pending: Pending, { input, style }: Finishing): string {
  const body = withBlocks('', pending.blocks, style.eol);
  const text = editImports(
    parseFile(path, body, input.resolveImport),
    [...pending.imports.values()],
    new Set(),
    style,
  );
  const namespaces = [...pending.namespaces].map(
    ([module, name]) =>
      `import * as ${name} from ${stringLiteral(module, style.quote)}${style.semicolon}${style.eol}`,
  );
  const isFollowedByImport = text.startsWith('import ');
  const whole = namespaces.join('') + (namespaces.length > 0 && !isFollowedByImport ? style.eol : '') + text;
  refuseBroken(parseFile(path, whole, input.resolveImport), '');
  return whole;
}

/** A file that was broken before is the user's to mend; one that the edits broke is ours. */
function refuseBroken({ path, ast, text }: SchemaFile, before: string): void {
  const error = firstSyntaxError(ast);
  if (error === undefined) return;
  const old = firstSyntaxError(parseText(path, before));
  if (old !== undefined)
    throw notEditable(
      `${path} has a syntax error: ${old.message}`,
      { file: { path, text: before }, offset: old.offset },
      'Fix it and run the command again.',
    );
  const { line, column, frame } = locate(text, error.offset);
  throw new TableplanError('internal', `the edited ${path} would not be valid TypeScript: ${error.message}`, {
    at: { file: path, line, column },
    frame,
    hint: 'Nothing was written. Please report this with the declaration of the table.',
  });
}
