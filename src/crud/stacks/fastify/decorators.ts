import { ts } from '../../../schema/compiler.cjs';
import { parseText } from '../../../schema/parse.ts';
import type { CrudProject } from '../../crud-project.ts';
import { isTest } from '../../find-database.ts';
import type { CodePlace } from '../../refuses.ts';

/** What an application is decorated with: `fastify.decorate('db', db)`. */
export interface Decorated {
  readonly name: string;
  readonly node: ts.Expression;
  readonly place: CodePlace;
}

export function decoratorsOf({ sources }: CrudProject): readonly Decorated[] {
  return [...sources].flatMap(([path, text]) => {
    if (isTest(path) || !/\.decorate\b/.test(text)) return [];
    const place = { path, ast: parseText(path, text) };
    return callsOf(place.ast, 'decorate').flatMap(({ arguments: [name, node] }) =>
      name !== undefined && ts.isStringLiteralLike(name) && node !== undefined
        ? [{ name: name.text, node, place }]
        : [],
    );
  });
}

/** The calls of a method within some code. */
export function callsOf(node: ts.Node, method: string): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  const visit = (each: ts.Node): void => {
    if (
      ts.isCallExpression(each) &&
      ts.isPropertyAccessExpression(each.expression) &&
      each.expression.name.text === method
    )
      found.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}
