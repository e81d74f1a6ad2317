import { ts } from '../compiler.cjs';
import { spanOf } from '../parse.ts';
import type { SchemaFile, Span } from '../source-file.ts';
import type { SchemaObjectModel } from './model.ts';
import type { Sources } from './sources.ts';

/** Members that stand together somewhere in the type that an EntitySchema is of. */
export interface TypePart {
  readonly file: SchemaFile;
  /** The types through which it is reached, the EntitySchema's own first: `FlowSchema`, `Flow`, `BaseModel`. */
  readonly within: readonly NamedType[];
  readonly members: readonly TypeMember[];
}

export interface NamedType {
  readonly name: string;
  readonly file: SchemaFile;
  readonly isExported: boolean;
}

export interface TypeMember extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: (Span & { readonly text: string }) | undefined;
  readonly isOptional: boolean;
}

/**
 * The parts of the type that an EntitySchema is of, through aliases, intersections and `extends`, wherever they are
 * declared: `Flow & { project: Project }` has those of Flow and the literal. What is computed (`Omit<…>`, an infer) has none.
 */
export function typePartsOf(source: SchemaObjectModel, sources: Sources): readonly TypePart[] {
  return source.typeNode === undefined ? [] : partsOf(source.typeNode, source.file, { sources, within: [] });
}

/** How the type itself is declared: as an interface, as a `type`; undefined where it is declared as neither. */
export function typeForm(source: SchemaObjectModel, sources: Sources): 'interface' | 'type' | undefined {
  const found = source.typeName === undefined ? undefined : find(source.typeName, source.file, sources);
  if (found === undefined || ts.isClassDeclaration(found.node)) return undefined;
  return ts.isInterfaceDeclaration(found.node) ? 'interface' : 'type';
}

/** The named types that an EntitySchema's type is put together of: `Flow` of `type FlowSchema = Flow & { … }`. */
export function namedPartsOf(source: SchemaObjectModel, sources: Sources): readonly NamedType[] {
  const isNamed = /^\w+$/.test(source.typeName ?? '');
  return typePartsOf(source, sources).flatMap(({ within }) => within[isNamed ? 1 : 0] ?? []);
}

interface Walk {
  readonly sources: Sources;
  readonly within: readonly NamedType[];
}

function partsOf(
  node: ts.TypeNode | ts.ExpressionWithTypeArguments,
  file: SchemaFile,
  walk: Walk,
): readonly TypePart[] {
  if (ts.isIntersectionTypeNode(node)) return node.types.flatMap((each) => partsOf(each, file, walk));
  if (ts.isParenthesizedTypeNode(node)) return partsOf(node.type, file, walk);
  if (ts.isTypeLiteralNode(node))
    return [{ file, within: walk.within, members: membersOf(node.members, file) }];
  const name = referenceName(node);
  const found = name === undefined ? undefined : find(name, file, walk.sources);
  const isKnown = walk.within.some((each) => each.name === name && each.file === found?.file);
  return found === undefined || isKnown ? [] : declaredParts(found, walk);
}

function referenceName(node: ts.TypeNode | ts.ExpressionWithTypeArguments): string | undefined {
  const name = ts.isTypeReferenceNode(node)
    ? node.typeName
    : ts.isExpressionWithTypeArguments(node)
      ? node.expression
      : undefined;
  const isPlain =
    name !== undefined && ts.isIdentifier(name) && !('typeArguments' in node && node.typeArguments?.length);
  return isPlain ? name.text : undefined;
}

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration;

interface Declared {
  readonly node: Declaration;
  readonly file: SchemaFile;
}

function declaredParts({ node, file }: Declared, { sources, within }: Walk): readonly TypePart[] {
  const own: NamedType = { name: node.name!.text, file, isExported: isExported(node) };
  const walk: Walk = { sources, within: [...within, own] };
  if (ts.isTypeAliasDeclaration(node)) return partsOf(node.type, file, walk);
  const bases = (node.heritageClauses ?? []).flatMap((clause) =>
    clause.types.flatMap((type) => partsOf(type, file, walk)),
  );
  return [...bases, { file, within: walk.within, members: membersOf(node.members, file) }];
}

function membersOf(
  members: readonly (ts.TypeElement | ts.ClassElement)[],
  { ast }: SchemaFile,
): TypeMember[] {
  return members.flatMap((member): TypeMember[] => {
    if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) return [];
    return [
      {
        ...spanOf(member, ast),
        name: member.name.getText(ast).replaceAll(/^['"]|['"]$/g, ''),
        nameSpan: spanOf(member.name, ast),
        type: member.type && { ...spanOf(member.type, ast), text: member.type.getText(ast) },
        isOptional: member.questionToken !== undefined,
      },
    ];
  });
}

/** The declaration of a type that a file names: its own, the imported one, else the only one of that name. */
function find(name: string, file: SchemaFile, sources: Sources): Declared | undefined {
  const own = declarationIn(file, name);
  if (own !== undefined) return own;
  const line = file.imports.find((each) => each.names?.items.some(({ alias }) => alias === name));
  const original = line?.names?.items.find(({ alias }) => alias === name)?.name ?? name;
  const target = line?.path === undefined ? undefined : sources.file(line.path);
  const imported = target && declarationIn(target, original);
  if (imported !== undefined) return imported;
  const anywhere = sources.filesWith(original).flatMap((each) => declarationIn(each, original) ?? []);
  return anywhere.length === 1 ? anywhere[0] : undefined;
}

function declarationIn(file: SchemaFile, name: string): Declared | undefined {
  const node = file.ast.statements.find(
    (each): each is Declaration =>
      (ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each) || ts.isClassDeclaration(each)) &&
      each.name?.text === name,
  );
  return node && { node, file };
}

function isExported(node: Declaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}
