import { ts } from '../compiler.cjs';
import type { Span } from '../source-file.ts';
import { spanOf } from '../parse.ts';
import type { Run } from './context.ts';
import type { ClassModel } from './model.ts';

/** `this.property`, for one of some names. */
export interface ThisUse {
  readonly name: string;
  readonly span: Span;
}

/** Where the methods and accessors of a class (its decorated properties not) say `this.` and one of the names. */
export function thisUses(
  source: ClassModel,
  names: { readonly has: (name: string) => boolean },
): readonly ThisUse[] {
  const uses: ThisUse[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertyAccessExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ThisKeyword &&
      names.has(node.name.text)
    )
      uses.push({ name: node.name.text, span: spanOf(node.name, source.file.ast) });
    ts.forEachChild(node, visit);
  };
  for (const member of source.node.members) if (!ts.isPropertyDeclaration(member)) visit(member);
  return uses;
}

/** A class and the entities that extend it. */
export function withChildren({ entities }: Run, source: ClassModel): readonly ClassModel[] {
  const children = entities.all.filter(({ parents }) => parents.includes(source.name));
  return [
    source,
    ...children.flatMap((entity) => {
      const child = entities.find(entity);
      return child?.kind === 'class' ? [child] : [];
    }),
  ];
}
