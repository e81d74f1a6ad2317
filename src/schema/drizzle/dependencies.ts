import { ts } from '../compiler.cjs';
import type { Editing } from './editing.ts';
import { parameterNames } from './use-walk.ts';
import type { SchemaFile } from '../source-file.ts';

/** A declaration of the project: `/p/src/users.ts#users`. */
export type DeclarationId = string;

/**
 * Which declarations TypeScript must know the types of before it can infer that of another one. What stands behind a
 * written type (`(): AnyPgColumn => …`) does not count. Files are parsed as the question leads to them.
 */
export function dependenciesOf(editing: Editing): (id: DeclarationId) => readonly DeclarationId[] {
  const known = new Map<DeclarationId, readonly DeclarationId[]>();
  return (id) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const at = id.lastIndexOf('#');
    const file = editing.file(id.slice(0, at));
    const nodes = file === undefined ? [] : (declarations(file).get(id.slice(at + 1)) ?? []);
    const names = nodes.flatMap(namesIn);
    const found = [...new Set(names.flatMap((name) => meant(editing, file!, name)))];
    known.set(id, found);
    return found;
  };
}

const declared = new WeakMap<SchemaFile, ReadonlyMap<string, readonly ts.Node[]>>();

/** What the types of a file's declarations are inferred from; one with a written type depends on nothing. */
function declarations(file: SchemaFile): ReadonlyMap<string, readonly ts.Node[]> {
  const before = declared.get(file);
  if (before !== undefined) return before;
  const found = new Map<string, ts.Node[]>();
  const add = (name: string, node: ts.Node | undefined): void =>
    void found.set(name, [...(found.get(name) ?? []), ...(node === undefined ? [] : [node])]);
  for (const statement of file.ast.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name !== undefined)
      add(statement.name.text, statement.type === undefined ? statement.body : undefined);
    if (ts.isTypeAliasDeclaration(statement)) add(statement.name.text, statement.type);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, type, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(name)) add(name.text, type === undefined ? initializer : undefined);
  }
  declared.set(file, found);
  return found;
}

/** A name in an expression or type, with the member behind it where it may be a namespace. */
interface Name {
  readonly text: string;
  readonly member?: string | undefined;
}

function namesIn(root: ts.Node): Name[] {
  const found: Name[] = [];
  const visit = (node: ts.Node, shadowed: ReadonlySet<string>): void => {
    const add = (text: string, member?: string): void =>
      void (shadowed.has(text) || found.push({ text, member }));
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      const inner = new Set([...shadowed, ...parameterNames(node)]);
      return node.type === undefined ? visit(node.body, inner) : undefined;
    }
    if (ts.isPropertyAssignment(node)) return visit(node.initializer, shadowed);
    if (ts.isPropertyAccessExpression(node))
      return ts.isIdentifier(node.expression)
        ? add(node.expression.text, node.name.text)
        : visit(node.expression, shadowed);
    if (ts.isQualifiedName(node))
      return ts.isIdentifier(node.left) ? add(node.left.text, node.right.text) : visit(node.left, shadowed);
    if (ts.isIdentifier(node)) return add(node.text);
    ts.forEachChild(node, (child) => visit(child, shadowed));
  };
  visit(root, new Set());
  return found;
}

/** The declarations that a name of a file means: its own, or what it imports from the project. */
function meant(editing: Editing, file: SchemaFile, { text, member }: Name): DeclarationId[] {
  if (declarations(file).has(text)) return [`${file.path}#${text}`];
  for (const each of file.imports) {
    if (each.path === undefined) continue;
    const item = each.names?.items.find(({ alias }) => alias === text);
    if (item !== undefined) return exported(editing, each.path, item.name);
    if (each.namespace === text && member !== undefined) return exported(editing, each.path, member);
  }
  return [];
}

/** By the file itself, else by any file that declares the name: it may come through a barrel. */
function exported(editing: Editing, path: string, name: string): DeclarationId[] {
  const own = editing.file(path);
  if (own !== undefined && declarations(own).has(name)) return [`${path}#${name}`];
  const pattern = new RegExp(`\\b(?:const|function|type)\\s+${name.replaceAll('$', '\\$')}(?![\\w$])`);
  return editing.input.files
    .filter(({ text }) => text.includes(name) && pattern.test(text))
    .flatMap((each) => {
      const file = editing.file(each.path);
      return file !== undefined && declarations(file).has(name) ? [`${each.path}#${name}`] : [];
    });
}
