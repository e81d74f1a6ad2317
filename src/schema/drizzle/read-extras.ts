import { ts } from '../compiler.cjs';
import { bare, literalText, readChain } from './chain.ts';
import type { ExtraModel, ExtrasModel, TableModel } from './model.ts';
import { spanOf } from '../parse.ts';
import { returned } from './read.ts';
import type { SchemaFile } from '../source-file.ts';

/** The third argument of a table as a list of entries; undefined when there is none, `'opaque'` when it is no literal. */
export function readExtras(table: TableModel): ExtrasModel | undefined | 'opaque' {
  const argument = table.call.arguments[2];
  if (argument === undefined) return undefined;
  const callback = bare(argument);
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return 'opaque';
  const isBlock = ts.isBlock(callback.body);
  const body = ts.isBlock(callback.body) ? returned(callback.body) : callback.body;
  const literal = body && bare(body);
  if (
    literal === undefined ||
    !(ts.isObjectLiteralExpression(literal) || ts.isArrayLiteralExpression(literal))
  )
    return 'opaque';
  const { ast } = table.file;
  const nodes: readonly ts.Node[] = ts.isObjectLiteralExpression(literal)
    ? literal.properties
    : literal.elements;
  const entries = nodes.map((node, index) => readEntry(node, index, table.file));
  const first = callback.parameters[0];
  return {
    form: ts.isObjectLiteralExpression(literal) ? 'object' : 'array',
    isBlock,
    parameter: first && ts.isIdentifier(first.name) ? first.name.text : undefined,
    parameters: parameterSpan(callback, table.file),
    signature: signatureOf(callback, table.file),
    list: { open: literal.getStart(ast), close: literal.end - 1, items: entries },
    entries,
    argument: spanOf(argument, ast),
  };
}

/** What stands between the parentheses of a callback's parameters; the bare parameter of `t => …`. */
function parameterSpan(callback: ts.ArrowFunction | ts.FunctionExpression, file: SchemaFile) {
  const [first] = callback.parameters;
  if (first !== undefined) return spanOf(first, file.ast);
  const open = file.text.indexOf('(', callback.getStart(file.ast)) + 1;
  return { start: open, end: open };
}

function signatureOf(callback: ts.ArrowFunction | ts.FunctionExpression, file: SchemaFile) {
  const { end: last } = parameterSpan(callback, file);
  const close = file.text.slice(last, callback.type?.pos ?? callback.body.pos).indexOf(')');
  const isBare = close === -1;
  return { end: isBare ? last : last + close + 1, isTyped: callback.type !== undefined, isBare };
}

function readEntry(node: ts.Node, index: number, file: SchemaFile): ExtraModel {
  const value = ts.isPropertyAssignment(node) ? node.initializer : ts.isExpression(node) ? node : undefined;
  return {
    ...spanOf(node, file.ast),
    index,
    key: ts.isPropertyAssignment(node) ? (literalText(node.name) ?? node.name.getText(file.ast)) : undefined,
    chain: value && readChain(value, file),
  };
}

/** The keys of columns that a node of the third argument uses: `t.a` with the callback's parameter or the table itself. */
export function keysUsed(node: ts.Node, owners: ReadonlySet<string>): string[] {
  const keys: string[] = [];
  const visit = (child: ts.Node): void => {
    if (
      ts.isPropertyAccessExpression(child) &&
      ts.isIdentifier(child.expression) &&
      owners.has(child.expression.text)
    )
      keys.push(child.name.text);
    else ts.forEachChild(child, visit);
  };
  visit(node);
  return keys;
}
