import { dirname } from 'node:path';
import { ts } from '../../schema/compiler.cjs';
import { posixRelative } from '../../workspace/diff.ts';
import type { FileEdit, SourceText } from '../../workspace/file-edit.ts';

export interface NewMigration {
  readonly className: string;
  /** Absolute. */
  readonly path: string;
}

type Insertion = { readonly at: number; readonly text: string };

/**
 * Lists a new migration where the project lists its others by hand: in arrays of classes, with an import like theirs,
 * and in index files that export them. `known`: the classes of the history. No edit where nothing is listed.
 */
export function registerMigration(
  added: NewMigration,
  known: ReadonlySet<string>,
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

function insertionsIn(source: SourceText, added: NewMigration, known: ReadonlySet<string>): Insertion[] {
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  const lists = arraysOf(file).filter(({ elements }) =>
    elements.some((element) => ts.isIdentifier(element) && known.has(element.text)),
  );
  const exported = lastLike(file, added, known, ts.isExportDeclaration);
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
  known: ReadonlySet<string>,
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
function speaksOf(statement: Declaration, known: ReadonlySet<string>): boolean {
  const names = /\{([^}]*)\}/.exec(statement.getText())?.[1];
  if (names !== undefined) return names.split(/\W+/).some((name) => known.has(name));
  const { moduleSpecifier } = statement;
  return (
    moduleSpecifier !== undefined &&
    ts.isStringLiteral(moduleSpecifier) &&
    /(^|\/)\d{10,}[-_][^/]*$/.test(moduleSpecifier.text)
  );
}
