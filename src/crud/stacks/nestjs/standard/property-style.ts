import { ts } from '../../../../schema/compiler.cjs';
import type { CrudProject } from '../../../crud-project.ts';
import { filesWith } from '../neighbours.ts';

/** How the project's classes declare properties that somebody else fills. */
export interface PropertyStyle {
  /** `name!: string`, which strict compilers want. */
  readonly hasBang: boolean;
  readonly isReadonly: boolean;
}

/** As most properties of DTOs and entities are declared; `name!: string` compiles everywhere. */
export function propertyStyle(project: CrudProject): PropertyStyle {
  const properties = filesWith(project, /from ['"](class-validator|typeorm)['"]/)
    .flatMap(({ ast, path }) =>
      ast.statements.filter(ts.isClassDeclaration).map((node) => ({ node, isDto: /\bdtos?\b/.test(path) })),
    )
    .flatMap(({ node, isDto }) =>
      node.members.filter(ts.isPropertyDeclaration).map((each) => ({ each, isDto })),
    )
    .filter(({ each }) => each.initializer === undefined && each.questionToken === undefined);
  const banged = properties.filter(({ each }) => each.exclamationToken !== undefined);
  const ofDtos = properties.filter(({ isDto }) => isDto);
  const fixed = ofDtos.filter(({ each }) =>
    each.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword),
  );
  return {
    hasBang: properties.length === 0 || banged.length * 2 >= properties.length,
    isReadonly: fixed.length * 2 > ofDtos.length,
  };
}
