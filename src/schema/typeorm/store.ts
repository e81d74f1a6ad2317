import { ts } from '../compiler.cjs';
import { TableplanError } from '../../errors.ts';
import type { Notice } from '../../plan/change.ts';
import type { FileEdit } from '../../workspace/file-edit.ts';
import { editImports } from '../imports.ts';
import type { WantedImport } from '../import-line.ts';
import { freeName, isCalled, localName, usedNames } from '../import-names.ts';
import { importOrderOf } from '../import-order.ts';
import { importWidthOf } from '../line-width.ts';
import { moduleOf, specifierExamples, type SpecifierExamples } from '../specifier-examples.ts';
import { type SpecifierExample, suffixExample } from '../specifier.ts';
import { firstSyntaxError, locate, notEditable, parseFile, parseText } from '../parse.ts';
import type { FileStyle, ImportRequest, SchemaFile, Span } from '../source-file.ts';
import { readStyle } from '../style.ts';
import { applyEdits, type TextEdit } from '../text-edit.ts';
import { isDefaultExport } from './default-export.ts';
import type { Editing, KnownInput, TypeormEditInput } from './editing.ts';
import { entityFilesNear } from './neighbours.ts';
import type { Sources } from './sources.ts';

interface Pending {
  readonly edits: TextEdit[];
  readonly rewrites: Map<string, { readonly span: Span; text: string }>;
  readonly blocks: string[];
  readonly imports: Map<string, WantedImport>;
  isRemoved: boolean;
}

export interface Store {
  readonly editing: Editing;
  readonly notices: readonly Notice[];
  /** Files that nothing is left of, by the edits so far. */
  emptied(): readonly string[];
  /** Applies everything. Throws `internal` when a result is no TypeScript: better no edit than a broken file. */
  finish(): FileEdit[];
}

/** Collects the edits of a run; see `Editing`. */
export function createStore(input: KnownInput, sources: Sources): Store {
  const pending = new Map<string, Pending>();
  const styles = new Map<string, FileStyle>();
  const notices: Notice[] = [];
  const at = (path: string): Pending => {
    const known = pending.get(path) ?? {
      edits: [],
      rewrites: new Map(),
      blocks: [],
      imports: new Map(),
      isRemoved: false,
    };
    pending.set(path, known);
    return known;
  };
  const style = (path: string): FileStyle => {
    const known = styles.get(path) ?? styleOf(path, sources);
    styles.set(path, known);
    return known;
  };
  const editing: Editing = {
    input,
    sources,
    file: sources.file,
    style,
    edit: (path, edit) => void at(path).edits.push(edit),
    rewrite: (path, span, change) => rewrite(at(path), sources.text(path) ?? '', span, change),
    append: (path, text) => void at(path).blocks.push(text),
    remove: (path) => void (at(path).isRemoved = true),
    needImport: (path, request) => wantImport(path, request, at(path), sources),
    notice: (notice) => void notices.push(notice),
  };
  const finishAll = () =>
    [...pending].flatMap(([path, each]) => finishFile(path, each, { input, sources, style: style(path) }));
  return {
    editing,
    notices,
    emptied: () => finishAll().flatMap(({ path, after }) => (after === null ? [path] : [])),
    finish: finishAll,
  };
}

function rewrite({ rewrites }: Pending, text: string, span: Span, change: (text: string) => string): void {
  const key = `${span.start}-${span.end}`;
  const known = rewrites.get(key) ?? { span, text: text.slice(span.start, span.end) };
  known.text = change(known.text);
  rewrites.set(key, known);
}

/** So many files show a style. */
const ENOUGH = 6;

/** A new file looks like the nearest ones that hold entities. */
function styleOf(path: string, sources: Sources): FileStyle {
  const near = entityFilesNear(path, sources)
    .filter((each) => each !== path)
    .slice(0, ENOUGH);
  const others = near.length > 0 ? near : sources.paths.slice(0, ENOUGH);
  const texts = others.map((each) => sources.text(each) ?? '');
  const own = sources.text(path) ?? '';
  const files = [path, ...others].flatMap((each) => sources.file(each) ?? []);
  return {
    ...readStyle(own, readStyle(texts.join('\n'))),
    importWidth: importWidthOf([own, ...texts]),
    importOrder: importOrderOf(files),
  };
}

function wantImport(path: string, request: ImportRequest, { imports }: Pending, sources: Sources): string {
  if ('path' in request.from && request.from.path === path) return request.name;
  const file = sources.file(path);
  const target = 'path' in request.from ? request.from.path : undefined;
  const declared = target === undefined ? undefined : sources.file(target);
  if (declared !== undefined && isDefaultExport(declared.ast, request.name)) {
    const known = file?.imports.find((each) => each.path === target)?.defaultName;
    if (known !== undefined) return known;
    const { name } = request;
    const module = moduleOf(path, request, specifiersNear(path, file, sources));
    imports.set(`${module}#default`, {
      module,
      name,
      alias: name,
      isType: false,
      isOwn: true,
      isDefault: true,
    });
    return name;
  }
  const isOther = (other: string) =>
    other !== target && new RegExp(`\\bclass ${request.name}\\b`).test(sources.text(other) ?? '');
  const known = file && localName(file, request, isOther);
  if (known !== undefined) return known;
  const module = moduleOf(path, request, specifiersNear(path, file, sources));
  const alias = freeName(request, module, { file, wanted: [...imports.values()] });
  const isOwn = 'path' in request.from;
  const wanted = { module, name: request.name, alias, isType: request.isType ?? false, isOwn };
  imports.set(`${module}#${request.name}#${alias}`, wanted);
  return alias;
}

/** How files of the project are named in imports: here, or next door. */
function specifiersNear(path: string, file: SchemaFile | undefined, sources: Sources): SpecifierExamples {
  const others = (): readonly SpecifierExample[] => {
    const near = entityFilesNear(path, sources).flatMap((each) => sources.file(each) ?? []);
    const found = near.flatMap(specifierExamples);
    if (found.length > 0) return found;
    const all = sources.paths.flatMap((each) => specifierExamples(sources.file(each)!));
    return all.length > 0 ? all : [suffixExample(sources.suffix)];
  };
  return { own: file ? specifierExamples(file) : [], others };
}

interface Finishing {
  readonly input: TypeormEditInput;
  readonly sources: Sources;
  readonly style: FileStyle;
}

function finishFile(path: string, pending: Pending, finishing: Finishing): FileEdit[] {
  const before = finishing.sources.text(path);
  if (before === undefined)
    return pending.blocks.length === 0
      ? []
      : [{ path, before: null, after: newText(path, pending, finishing) }];
  if (pending.isRemoved) return [{ path, before, after: null }];
  const after = editedText(path, before, pending, finishing);
  return after === before ? [] : [{ path, before, after }];
}

function editsOf({ edits, rewrites }: Pending, before: string): TextEdit[] {
  const rewritten = [...rewrites.values()]
    .filter(({ span, text }) => before.slice(span.start, span.end) !== text)
    .map(({ span, text }) => ({ ...span, text }));
  return [...edits, ...rewritten];
}

function editedText(
  path: string,
  before: string,
  pending: Pending,
  { input, style }: Finishing,
): string | null {
  const edits = editsOf(pending, before);
  if (edits.length + pending.blocks.length + pending.imports.size === 0) return before;
  const body = withBlocks(applyEdits(before, edits), pending.blocks, style.eol);
  const file = parseFile(path, body, input.resolveImport);
  refuseBroken(file, before);
  if (isLeftEmpty(file, edits, pending)) return null;
  const text = editImports(file, [...pending.imports.values()], unusedNames(file, before, edits), style);
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
function isLeftEmpty({ ast }: SchemaFile, edits: readonly TextEdit[], { blocks }: Pending): boolean {
  const hasRemovals = edits.some((edit) => edit.text === '' && edit.end > edit.start);
  return hasRemovals && blocks.length === 0 && ast.statements.every(ts.isImportDeclaration);
}

/** Imports whose last use an edit took away; one that nothing used before stays. */
function unusedNames(file: SchemaFile, before: string, edits: readonly TextEdit[]): ReadonlySet<string> {
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
  const wanted = [...pending.imports.values()];
  const text = editImports(parseFile(path, body, input.resolveImport), wanted, new Set(), style);
  refuseBroken(parseFile(path, text, input.resolveImport), '');
  return text;
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
    hint: 'Nothing was written. Please report this with the declaration of the entity.',
  });
}
