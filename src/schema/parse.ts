import { ts } from './compiler.cjs';
import { TableplanError } from '../errors.ts';
import type { ResolveImport } from './barrel-model.ts';
import type { ImportModel, SchemaFile, Span } from './source-file.ts';

/**
 * Parses a source file with ts-morph's TypeScript, without parent links: half the time of a ts-morph source file,
 * and offsets are all that the editors keep.
 */
export function parseFile(path: string, text: string, resolve: ResolveImport): SchemaFile {
  const ast = parseText(path, text);
  const imports = ast.statements
    .filter(ts.isImportDeclaration)
    .flatMap((node) => readImport(node, { path, ast, resolve }));
  return { path, text, ast, imports };
}

/** The syntax tree of a text. Syntax errors are in it, not thrown: see `firstSyntaxError`. */
export function parseText(path: string, text: string): ts.SourceFile {
  const options = {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile(path, text, options, false);
}

/** Where and why a text is not TypeScript; undefined when it is. */
export function firstSyntaxError(ast: ts.SourceFile): { offset: number; message: string } | undefined {
  const { parseDiagnostics } = ast as ts.SourceFile & {
    parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  };
  const first = parseDiagnostics[0];
  return first && { offset: first.start, message: ts.flattenDiagnosticMessageText(first.messageText, '\n') };
}

/** Start and end of a node without the comments before it. */
export function spanOf(node: ts.Node, ast: ts.SourceFile): Span {
  return { start: node.getStart(ast), end: node.end };
}

/** The same for what a quoted literal has between its quotes. */
export function contentSpan(node: ts.Node, ast: ts.SourceFile): Span {
  return { start: node.getStart(ast) + 1, end: node.end - 1 };
}

/** A `schema-not-editable` error that shows the line it is about. */
export function notEditable(
  message: string,
  at: { file: Pick<SchemaFile, 'path' | 'text'>; offset: number },
  hint?: string,
): TableplanError {
  const { line, column, frame } = locate(at.file.text, at.offset);
  return new TableplanError('schema-not-editable', message, {
    hint,
    at: { file: at.file.path, line, column },
    frame,
  });
}

/** Line and column of an offset, from 1, and the line with a caret under it. */
export function locate(text: string, offset: number): { line: number; column: number; frame: string } {
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const column = before.at(-1)!.length + 1;
  const source = text.split('\n')[line - 1]?.replace(/\r$/, '').replaceAll('\t', ' ') ?? '';
  const gutter = `${line} | `;
  return { line, column, frame: `${gutter}${source}\n${' '.repeat(gutter.length + column - 1)}^` };
}

function readImport(
  node: ts.ImportDeclaration,
  at: { path: string; ast: ts.SourceFile; resolve: ResolveImport },
): ImportModel[] {
  if (!ts.isStringLiteral(node.moduleSpecifier)) return [];
  const module = node.moduleSpecifier.text;
  const clause = node.importClause;
  const bindings = clause?.namedBindings;
  return [
    {
      ...spanOf(node, at.ast),
      module,
      path: isPackageOfOrm(module) ? undefined : at.resolve(at.path, module),
      isTypeOnly: clause?.isTypeOnly ?? false,
      defaultName: clause?.name?.text,
      namespace: bindings && ts.isNamespaceImport(bindings) ? bindings.name.text : undefined,
      names: bindings && ts.isNamedImports(bindings) ? readNames(bindings, at.ast) : undefined,
    },
  ];
}

function isPackageOfOrm(module: string): boolean {
  return module.startsWith('drizzle-') || module === 'typeorm';
}

function readNames(list: ts.NamedImports, ast: ts.SourceFile) {
  const items = list.elements.map((element) => ({
    ...spanOf(element, ast),
    name: (element.propertyName ?? element.name).text,
    alias: element.name.text,
    isType: element.isTypeOnly,
  }));
  return { open: list.getStart(ast), close: list.end - 1, items };
}

/** The names that a declaration takes: one, or all of those it is taken apart into. */
export function bindingNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? bindingNames(element.name) : []));
}
