import { ts } from 'ts-morph';
import { bare, literalText } from './chain.ts';
import { companionsOf } from './companions.ts';
import type { Editing } from './editing.ts';
import type { ListSpan } from './list-edit.ts';
import type { SchemaFile, Span, TableModel } from './model.ts';
import { contentSpan, spanOf } from './parse.ts';

/** One place in the source that means a table or one of its columns. */
export type Use =
  /** The name in an import or export list; `span` is the name in the other module's words. */
  | { readonly kind: 'listed'; readonly file: SchemaFile; readonly span: Span }
  /** The variable in an expression or a type. */
  | { readonly kind: 'variable'; readonly file: SchemaFile; readonly span: Span; readonly isType: boolean; readonly isAliased: boolean }
  /** A column's key behind the table or behind the parameter of its callback. */
  | { readonly kind: 'key'; readonly file: SchemaFile; readonly span: Span; readonly key: string }
  /** A key taken out of the parameter: `({ brandId }) =>`. */
  | { readonly kind: 'binding'; readonly file: SchemaFile; readonly span: Span; readonly key: string; readonly isRenamed: boolean }
  /** A key in an argument of a zod schema of the table. */
  | { readonly kind: 'schema-key'; readonly file: SchemaFile; readonly span: Span; readonly key: string; readonly list: ListSpan; readonly index: number }
  /** A text in a type that happens to be a key. */
  | { readonly kind: 'text'; readonly file: SchemaFile; readonly span: Span; readonly key: string };

/** Every use of a table in the files that have its variable. */
export function usesOf(editing: Editing, table: TableModel): Use[] {
  return editing.filesWith(table.variable).flatMap((file) => {
    const names = namesIn(editing, file, table);
    return names.locals.size + names.namespaces.size + names.listed.length === 0 ? [] : [...names.listed, ...new Walk(file, table, names).uses()];
  });
}

interface Names {
  /** What the table is called in the file. */
  readonly locals: ReadonlySet<string>;
  /** Locals that follow when the table's own variable is renamed. */
  readonly unaliased: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
  readonly listed: readonly Use[];
}

function namesIn(editing: Editing, file: SchemaFile, table: TableModel): Names {
  if (file.path === table.file.path) return { locals: new Set([table.variable]), unaliased: new Set([table.variable]), namespaces: new Set(), listed: exportUses(editing, file, table) };
  const leadsThere = (path: string | undefined): boolean => path !== undefined && (path === table.file.path || !declaresOther(editing, path, table));
  const lines = file.imports.filter((each) => leadsThere(each.path));
  const items = lines.flatMap((each) => (each.names?.items ?? []).filter((item) => item.name === table.variable));
  return {
    locals: new Set(items.map((item) => item.alias)),
    unaliased: new Set(items.filter((item) => item.alias === item.name).map((item) => item.alias)),
    namespaces: new Set(lines.flatMap((each) => each.namespace ?? [])),
    listed: [...items.map((item): Use => ({ kind: 'listed', file, span: nameSpan(file, item) })), ...exportUses(editing, file, table, items.some((item) => item.alias === item.name))],
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

function exportUses(editing: Editing, file: SchemaFile, table: TableModel, isImported = file.path === table.file.path): Use[] {
  return file.ast.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) return [];
    const specifier = statement.moduleSpecifier;
    const path = specifier !== undefined && ts.isStringLiteral(specifier) ? editing.input.resolveImport(file.path, specifier.text) : undefined;
    const isMeant = specifier === undefined ? isImported : path !== undefined && (path === table.file.path || !declaresOther(editing, path, table));
    if (!isMeant) return [];
    const names = [...statement.exportClause.elements].map((element) => element.propertyName ?? element.name);
    return names.filter((name) => name.text === table.variable).map((name): Use => ({ kind: 'listed', file, span: spanOf(name, file.ast) }));
  });
}

/** One walk through a file, with what is known of names on the way. */
class Walk {
  private readonly file: SchemaFile;
  private readonly table: TableModel;
  private readonly names: Names;
  private readonly schemas: ReadonlySet<string>;
  private readonly rows: ReadonlySet<string>;
  private readonly found: Use[] = [];

  constructor(file: SchemaFile, table: TableModel, names: Names) {
    this.file = file;
    this.table = table;
    this.names = names;
    const companions = [...names.locals].flatMap((local) => companionsOf(file.ast, local));
    this.schemas = new Set(companions.filter((each) => each.kind === 'value').map((each) => each.name));
    this.rows = new Set(companions.filter((each) => each.kind === 'type').map((each) => each.name));
  }

  uses(): Use[] {
    const none = new Set<string>();
    for (const statement of statementsWith(this.file, [...this.names.locals, ...this.names.namespaces, ...this.schemas, ...this.rows])) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) this.visit(statement, none, none);
    }
    return this.found;
  }

  /** `shadowed`: names that a parameter has taken; `owners`: parameters that stand for the table. */
  private visit(node: ts.Node, shadowed: ReadonlySet<string>, owners: ReadonlySet<string>): void {
    if (ts.isCallExpression(node)) this.readSchemaKeys(node, shadowed);
    if (node === this.table.call) return this.visitTable(node as ts.CallExpression, shadowed);
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      const taken = parameterNames(node);
      const free = new Set([...owners].filter((owner) => !taken.has(owner)));
      return ts.forEachChild(node, (child) => this.visit(child, new Set([...shadowed, ...taken]), free));
    }
    if (ts.isPropertyAccessExpression(node)) return this.visitAccess(node, shadowed, owners);
    if (ts.isPropertyAssignment(node)) return this.visit(node.initializer, shadowed, owners);
    if (ts.isTypeQueryNode(node)) return this.visitTypeQuery(node, shadowed);
    if (ts.isIdentifier(node)) return this.identifier(node, shadowed, { isType: false });
    if (ts.isTypeReferenceNode(node) || ts.isIndexedAccessTypeNode(node)) this.readTypeKeys(node);
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) this.pushText(node.literal);
    ts.forEachChild(node, (child) => this.visit(child, shadowed, owners));
  }

  private pushText(literal: ts.StringLiteral): void {
    const span = contentSpan(literal, this.file.ast);
    const isKnown = this.found.some((use) => use.kind === 'key' && use.span.start === span.start);
    if (!isKnown) this.found.push({ kind: 'text', file: this.file, span, key: literal.text });
  }

  /** `Pick<Product, 'brandId'>`, `Omit<typeof products.$inferSelect, …>`, `Product['brandId']`. */
  private readTypeKeys(node: ts.TypeReferenceNode | ts.IndexedAccessTypeNode): void {
    const isPick = ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) && /^(Pick|Omit)$/.test(node.typeName.text);
    const [row, keys] = ts.isIndexedAccessTypeNode(node) ? [node.objectType, node.indexType] : isPick ? (node.typeArguments ?? []) : [];
    if (row === undefined || keys === undefined || !this.isRow(row)) return;
    for (const type of ts.isUnionTypeNode(keys) ? keys.types : [keys]) {
      if (!ts.isLiteralTypeNode(type) || !ts.isStringLiteral(type.literal)) continue;
      this.found.push({ kind: 'key', file: this.file, span: contentSpan(type.literal, this.file.ast), key: type.literal.text });
    }
  }

  private isRow(type: ts.TypeNode): boolean {
    if (ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName)) return this.rows.has(type.typeName.text);
    if (!ts.isTypeQueryNode(type) || !ts.isQualifiedName(type.exprName)) return false;
    return ts.isIdentifier(type.exprName.left) && this.names.locals.has(type.exprName.left.text);
  }

  private identifier(node: ts.Identifier, shadowed: ReadonlySet<string>, use: { readonly isType: boolean }): void {
    if (!this.names.locals.has(node.text) || shadowed.has(node.text)) return;
    this.found.push({ kind: 'variable', file: this.file, span: spanOf(node, this.file.ast), ...use, isAliased: !this.names.unaliased.has(node.text) });
  }

  /** `typeof products.$inferSelect`, `typeof schema.products`. */
  private visitTypeQuery(node: ts.TypeQueryNode, shadowed: ReadonlySet<string>): void {
    const visit = (name: ts.EntityName): void => {
      if (ts.isIdentifier(name)) return this.identifier(name, shadowed, { isType: true });
      const isMeant = ts.isIdentifier(name.left) && this.names.namespaces.has(name.left.text) && name.right.text === this.table.variable;
      if (isMeant) this.found.push({ kind: 'variable', file: this.file, span: spanOf(name.right, this.file.ast), isType: true, isAliased: false });
      visit(name.left);
    };
    visit(node.exprName);
  }

  private visitAccess(node: ts.PropertyAccessExpression, shadowed: ReadonlySet<string>, owners: ReadonlySet<string>): void {
    if (this.isTable(node.expression, shadowed, owners)) {
      this.found.push({ kind: 'key', file: this.file, span: spanOf(node.name, this.file.ast), key: node.name.text });
    }
    if (this.isNamespaceAccess(node)) this.found.push({ kind: 'variable', file: this.file, span: spanOf(node.name, this.file.ast), isType: false, isAliased: false });
    this.visit(node.expression, shadowed, owners);
  }

  private isTable(node: ts.Expression, shadowed: ReadonlySet<string>, owners: ReadonlySet<string>): boolean {
    if (ts.isIdentifier(node)) return owners.has(node.text) || (this.names.locals.has(node.text) && !shadowed.has(node.text));
    return ts.isPropertyAccessExpression(node) && this.isNamespaceAccess(node);
  }

  private isNamespaceAccess(node: ts.PropertyAccessExpression): boolean {
    return ts.isIdentifier(node.expression) && this.names.namespaces.has(node.expression.text) && node.name.text === this.table.variable;
  }

  /** In its own third argument the table is what the callback calls it. */
  private visitTable(call: ts.CallExpression, shadowed: ReadonlySet<string>): void {
    call.arguments.slice(0, 2).forEach((argument) => this.visit(argument, shadowed, new Set()));
    const callback = call.arguments[2] && bare(call.arguments[2]);
    if (callback === undefined || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) return;
    const taken = parameterNames(callback);
    const [parameter] = callback.parameters;
    if (parameter && ts.isObjectBindingPattern(parameter.name)) this.readBindings(parameter.name);
    const owners = new Set(parameter && ts.isIdentifier(parameter.name) ? [parameter.name.text] : []);
    this.visit(callback.body, new Set([...shadowed, ...taken]), owners);
  }

  private readBindings(pattern: ts.ObjectBindingPattern): void {
    for (const element of pattern.elements) {
      const name = element.propertyName ?? element.name;
      if (!ts.isIdentifier(name)) continue;
      this.found.push({ kind: 'binding', file: this.file, span: spanOf(name, this.file.ast), key: name.text, isRenamed: element.propertyName !== undefined });
    }
  }

  /** `createInsertSchema(products, { brandId: … })` and `.omit({ brandId: true })` behind it or behind its variable. */
  private readSchemaKeys(call: ts.CallExpression, shadowed: ReadonlySet<string>): void {
    const { expression } = call;
    if (ts.isIdentifier(expression)) {
      const [first, second] = call.arguments;
      const isOwn = /^create\w*Schema$/.test(expression.text) && first !== undefined && ts.isIdentifier(first) && this.names.locals.has(first.text) && !shadowed.has(first.text);
      if (isOwn && second !== undefined) this.readKeys(second);
    } else if (ts.isPropertyAccessExpression(expression) && /^(pick|omit|extend|partial|required)$/.test(expression.name.text) && this.isSchema(expression.expression)) {
      if (call.arguments[0] !== undefined) this.readKeys(call.arguments[0]);
    }
  }

  private isSchema(node: ts.Expression): boolean {
    if (ts.isIdentifier(node)) return this.schemas.has(node.text);
    if (!ts.isCallExpression(node)) return false;
    if (ts.isPropertyAccessExpression(node.expression)) return this.isSchema(node.expression.expression);
    const [first] = node.arguments;
    return ts.isIdentifier(node.expression) && /^create\w*Schema$/.test(node.expression.text) && first !== undefined && ts.isIdentifier(first) && this.names.locals.has(first.text);
  }

  private readKeys(node: ts.Expression): void {
    const object = bare(node);
    if (!ts.isObjectLiteralExpression(object)) return;
    const { ast } = this.file;
    const list = { open: object.getStart(ast), close: object.end - 1, items: object.properties.map((property) => spanOf(property, ast)) };
    object.properties.forEach((property, index) => {
      const key = property.name && (literalText(property.name) ?? property.name.getText(ast));
      if (key === undefined || property.name === undefined) return;
      const span = literalText(property.name) === undefined ? spanOf(property.name, ast) : contentSpan(property.name, ast);
      this.found.push({ kind: 'schema-key', file: this.file, span, key, list, index });
    });
  }
}

/** The statements in whose text one of the words stands: the others of a long file are not walked. */
function statementsWith({ ast, text }: SchemaFile, words: readonly string[]): readonly ts.Statement[] {
  const offsets = words.flatMap((word) => offsetsOf(text, word)).toSorted((a, b) => a - b);
  let next = 0;
  return ast.statements.filter((statement) => {
    while (next < offsets.length && offsets[next]! < statement.pos) next += 1;
    return next < offsets.length && offsets[next]! < statement.end;
  });
}

function offsetsOf(text: string, word: string): number[] {
  const offsets: number[] = [];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
    const isWhole = !/[\w$]/.test(text[at - 1] ?? '') && !/[\w$]/.test(text[at + word.length] ?? '');
    if (isWhole) offsets.push(at);
  }
  return offsets;
}

function parameterNames(node: ts.ArrowFunction | ts.FunctionExpression): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) collect(element.name);
  };
  for (const parameter of node.parameters) collect(parameter.name);
  return names;
}
