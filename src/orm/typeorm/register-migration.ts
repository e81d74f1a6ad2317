import { dirname, resolve } from 'node:path';
import { ts } from '../../schema/compiler.cjs';
import { posixRelative } from '../../workspace/posix-relative.ts';
import type { FileEdit, SourceText } from '../../workspace/file-edit.ts';

export interface NewMigration {
  readonly className: string;
  /** Absolute. */
  readonly path: string;
}

type Insertion = { readonly at: number; readonly text: string };

/** The classes of the history, with the file of each as far as it is known. */
export type KnownMigrations = ReadonlyMap<string, string | undefined>;

/**
 * Lists a new migration where the project lists its others by hand: in arrays of classes, with an import like theirs,
 * and in index files that export them. Lists of other migrations with the same names (those of another database) are
 * left alone. No edit where nothing is listed.
 */
export function registerMigration(
  added: NewMigration,
  known: KnownMigrations,
  sources: readonly SourceText[],
): FileEdit[] {
  return sources.flatMap(({ path, text }) => {
    const insertions = insertionsIn({ path, text }, added, known);
    if (insertions.length === 0) return [];
    const after = insertions
      .toSorted((a, b) => b.at - a.at)
      .reduce((edited, { at, text: inserted }) => edited.slice(0, at) + inserted + edited.slice(at), text);
    return [{ path, before: text, after }];
  });
}

function insertionsIn(source: SourceText, added: NewMigration, known: KnownMigrations): Insertion[] {
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  const imports = file.statements.filter(ts.isImportDeclaration);
  const foreign = new Set(imports.filter((each) => isForeign(each, known)).flatMap(namesOf));
  const lists = arraysOf(file).filter(({ elements }) =>
    elements.some(
      (element) => ts.isIdentifier(element) && known.has(element.text) && !foreign.has(element.text),
    ),
  );
  const isExport = (node: ts.Node): node is ts.ExportDeclaration =>
    ts.isExportDeclaration(node) && !isForeign(node, known);
  const exported = lastLike(file, added, known, isExport);
  if (lists.length === 0) return exported === undefined ? [] : [exported];
  const imported = lastLike(file, added, known, ts.isImportDeclaration);
  return [
    ...(imported === undefined ? [] : [imported]),
    ...lists.map((list) => afterLast(list, added.className, source.text)),
  ];
}

function arraysOf(node: ts.Node): ts.ArrayLiteralExpression[] {
  const own = ts.isArrayLiteralExpression(node) ? [node] : [];
  return [...own, ...node.getChildren().flatMap(arraysOf)];
}

/** Behind the last element, on a line of its own where the others have one. */
function afterLast({ elements }: ts.ArrayLiteralExpression, name: string, text: string): Insertion {
  const last = elements.at(-1)!;
  const before = text.slice(0, last.getStart());
  const [, ownLine] = /(\r?\n[ \t]*)$/.exec(before) ?? [];
  return { at: last.getEnd(), text: `,${ownLine ?? ' '}${name}` };
}

type Declaration = ts.ImportDeclaration | ts.ExportDeclaration;

/** The last import (or export) of another migration, written once more for the new one below it. */
function lastLike(
  file: ts.SourceFile,
  { className, path }: NewMigration,
  known: KnownMigrations,
  isKind: (node: ts.Node) => node is Declaration,
): Insertion | undefined {
  const like = file.statements.filter(isKind).findLast((statement) => speaksOf(statement, known));
  const specifier = like?.moduleSpecifier;
  if (!like || !specifier || !ts.isStringLiteral(specifier)) return undefined;
  const relative = posixRelative(dirname(file.fileName), path).replace(/\.[cm]?[jt]s$/, '');
  const ending = /\.[cm]?[jt]s$/.exec(specifier.text)?.[0] ?? '';
  const target = `${relative.startsWith('.') ? '' : './'}${relative}${ending}`;
  const [start, end] = [like.getStart(), like.getEnd()];
  const text = file.text
    .slice(start, end)
    .replace(specifier.text, () => target)
    .replace(/\{[^}]*\}/, (names) => names.replace(/[\w$]+/, () => className).replace(/,.*(?=\s*\})/s, ''));
  const line = /\r\n/.test(file.text) ? '\r\n' : '\n';
  return { at: end, text: `${line}${text}` };
}

/** By a name that it brings, or, for `export *`, by a file that is called with a stamp. */
function speaksOf(statement: Declaration, known: KnownMigrations): boolean {
  const names = namesOf(statement);
  return names.length > 0
    ? names.some((name) => known.has(name))
    : STAMPED.test(specifierOf(statement) ?? '');
}

const STAMPED = /(^|\/)\d{10,}[-_][^/]*$/;

/** Whether it brings a migration that is called as one of the history, and is another file. */
function isForeign(statement: Declaration, known: KnownMigrations): boolean {
  const specifier = specifierOf(statement);
  if (specifier === undefined || !/^\.\.?\//.test(specifier) || !STAMPED.test(specifier)) return false;
  const path = withoutExtension(resolve(dirname(statement.getSourceFile().fileName), specifier));
  const files = [...known.values()];
  return !files.includes(undefined) && !files.some((file) => withoutExtension(file!) === path);
}

/** `./1-A` and `./1-A.js` are the same file. */
function withoutExtension(path: string): string {
  return path.replace(/\.[cm]?[jt]s$/, '');
}

function specifierOf({ moduleSpecifier }: Declaration): string | undefined {
  return moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
}

/** The names between its braces; none for `export *`. */
function namesOf(statement: Declaration): string[] {
  const names = /\{([^}]*)\}/.exec(statement.getText())?.[1] ?? '';
  return names.split(/[^\w$]+/).filter((name) => name !== '' && name !== 'as' && name !== 'type');
}
