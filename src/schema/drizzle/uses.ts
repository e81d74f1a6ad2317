import { ts } from '../compiler.cjs';
import type { Editing } from './editing.ts';
import type { ListSpan } from '../list-edit.ts';
import type { TableModel } from './model.ts';
import { spanOf } from '../parse.ts';
import { usesIn } from './use-walk.ts';
import type { SchemaFile, Span } from '../source-file.ts';

/** One place in the source that means a table or one of its columns. */
export type Use =
  /** The name in an import or export list; `span` is the name in the other module's words. */
  | { readonly kind: 'listed'; readonly file: SchemaFile; readonly span: Span }
  /** The variable in an expression or a type. */
  | {
      readonly kind: 'variable';
      readonly file: SchemaFile;
      readonly span: Span;
      readonly isType: boolean;
      readonly isAliased: boolean;
    }
  /** A column's key behind the table or behind the parameter of its callback. */
  | { readonly kind: 'key'; readonly file: SchemaFile; readonly span: Span; readonly key: string }
  /** A key taken out of the parameter: `({ brandId }) =>`. */
  | {
      readonly kind: 'binding';
      readonly file: SchemaFile;
      readonly span: Span;
      readonly key: string;
      readonly isRenamed: boolean;
    }
  /** A key in an argument of a zod schema of the table. */
  | {
      readonly kind: 'schema-key';
      readonly file: SchemaFile;
      readonly span: Span;
      readonly key: string;
      readonly list: ListSpan;
      readonly index: number;
    }
  /** A text in a type that happens to be a key. */
  | { readonly kind: 'text'; readonly file: SchemaFile; readonly span: Span; readonly key: string };

/** Every use of a table in the files that have its variable. */
export function usesOf(editing: Editing, table: TableModel): Use[] {
  return editing.filesWith(table.variable).flatMap((file) => {
    const names = namesIn(editing, file, table);
    return names.locals.size + names.namespaces.size + names.listed.length === 0
      ? []
      : [...names.listed, ...usesIn(file, table, names)];
  });
}

export interface Names {
  /** What the table is called in the file. */
  readonly locals: ReadonlySet<string>;
  /** Locals that follow when the table's own variable is renamed. */
  readonly unaliased: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
  readonly listed: readonly Use[];
}

function namesIn(editing: Editing, file: SchemaFile, table: TableModel): Names {
  if (file.path === table.file.path)
    return {
      locals: new Set([table.variable]),
      unaliased: new Set([table.variable]),
      namespaces: new Set(),
      listed: exportUses(editing, file, table),
    };
  const leadsThere = (path: string | undefined): boolean =>
    path !== undefined && (path === table.file.path || !declaresOther(editing, path, table));
  const lines = file.imports.filter((each) => leadsThere(each.path));
  const items = lines.flatMap((each) =>
    (each.names?.items ?? []).filter((item) => item.name === table.variable),
  );
  return {
    locals: new Set(items.map((item) => item.alias)),
    unaliased: new Set(items.filter((item) => item.alias === item.name).map((item) => item.alias)),
    namespaces: new Set(lines.flatMap((each) => each.namespace ?? [])),
    listed: [
      ...items.map((item): Use => ({ kind: 'listed', file, span: nameSpan(file, item) })),
      ...exportUses(
        editing,
        file,
        table,
        items.some((item) => item.alias === item.name),
      ),
    ],
  };
}

/** Another table of the same variable name lives there. */
function declaresOther(editing: Editing, path: string, table: TableModel): boolean {
  return editing.model.tables.some((other) => other.file.path === path && other.variable === table.variable);
}

/** `products as p`: the name before `as`; `type Product`: without `type`. */
function nameSpan(file: SchemaFile, item: { start: number; end: number; name: string }): Span {
  const start = file.text.indexOf(item.name, item.start);
  return { start, end: start + item.name.length };
}

function exportUses(
  editing: Editing,
  file: SchemaFile,
  table: TableModel,
  isImported = file.path === table.file.path,
): Use[] {
  return file.ast.statements.flatMap((statement) => {
    if (
      !ts.isExportDeclaration(statement) ||
      statement.exportClause === undefined ||
      !ts.isNamedExports(statement.exportClause)
    )
      return [];
    const specifier = statement.moduleSpecifier;
    const path =
      specifier !== undefined && ts.isStringLiteral(specifier)
        ? editing.input.resolveImport(file.path, specifier.text)
        : undefined;
    const isMeant =
      specifier === undefined
        ? isImported
        : path !== undefined && (path === table.file.path || !declaresOther(editing, path, table));
    if (!isMeant) return [];
    const names = [...statement.exportClause.elements].map((element) => element.propertyName ?? element.name);
    return names
      .filter((name) => name.text === table.variable)
      .map((name): Use => ({ kind: 'listed', file, span: spanOf(name, file.ast) }));
  });
}
