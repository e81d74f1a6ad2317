import { ts } from '../compiler.cjs';
import type { Editing } from './editing.ts';
import type { TableModel } from './model.ts';
import type { SchemaFile } from '../source-file.ts';

/** A call that holds SQL about a table outside of the table's own declaration. */
export interface CallWithSql {
  readonly file: SchemaFile;
  readonly call: ts.CallExpression;
}

/** Policies that are tied to a table from outside: `pgPolicy(…).link(table)`. */
export function linkedPolicies(editing: Editing, table: TableModel): CallWithSql[] {
  return callsIn(editing, 'pgPolicy', (call) => {
    const [linked] = call.arguments;
    return (
      methodOf(call) === 'link' &&
      linked !== undefined &&
      ts.isIdentifier(linked) &&
      linked.text === table.variable
    );
  });
}

/** Views whose query is SQL and no query builder's: `pgView(…).as(sql`…`)`. */
export function viewsOfSql(editing: Editing): CallWithSql[] {
  const isQuery = (call: ts.CallExpression): boolean => {
    const [query] = call.arguments;
    return methodOf(call) === 'as' && query !== undefined && ts.isTaggedTemplateExpression(query);
  };
  return [...callsIn(editing, 'pgView', isQuery), ...callsIn(editing, 'pgMaterializedView', isQuery)];
}

function callsIn(editing: Editing, word: string, fits: (call: ts.CallExpression) => boolean): CallWithSql[] {
  return editing.filesWith(word).flatMap((file) => {
    const found: CallWithSql[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && fits(node) && rootOf(node) === word) found.push({ file, call: node });
      else ts.forEachChild(node, visit);
    };
    visit(file.ast);
    return found;
  });
}

function methodOf({ expression }: ts.CallExpression): string | undefined {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : undefined;
}

/** The function that a chain of calls begins with. */
function rootOf(call: ts.CallExpression): string | undefined {
  let node: ts.Expression = call;
  while (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) node = node.expression;
  return ts.isIdentifier(node) ? node.text : undefined;
}
