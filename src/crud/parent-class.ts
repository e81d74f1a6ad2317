import { ts } from '../schema/compiler.cjs';
import type { CrudProject } from './crud-project.ts';
import { type CodePlace, declarationOf } from './refuses.ts';

/** A class of the project. */
export interface ClassCode {
  readonly node: ts.ClassDeclaration;
  readonly place: CodePlace;
}

/** What a class extends, where that is called by a name. */
export function parentName(node: ts.ClassDeclaration): string | undefined {
  const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const target = clause?.types[0]?.expression;
  return target !== undefined && ts.isIdentifier(target) ? target.text : undefined;
}

/** The class of the project that a class extends. */
export function parentOf({ node, place }: ClassCode, project: CrudProject): ClassCode | undefined {
  const name = parentName(node);
  const declared = name === undefined ? undefined : declarationOf(name, place, project);
  return declared !== undefined && declared !== 'package' && ts.isClassDeclaration(declared.node)
    ? { node: declared.node, place: declared.place }
    : undefined;
}
