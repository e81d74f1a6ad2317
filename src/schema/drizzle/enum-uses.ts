import { ts } from '../compiler.cjs';
import { literalText } from './chain.ts';
import type { Editing } from './editing.ts';
import type { EnumModel } from './model.ts';
import { isVisible } from './read.ts';
import type { SchemaFile, Span } from '../source-file.ts';

/** A literal in a default of a column of an enum: `.default('draft')`, `.default(['draft'])`. */
export interface DefaultUse extends Span {
  readonly file: SchemaFile;
}

/** The defaults of columns of an enum that are this value. */
export function defaultsOf(editing: Editing, model: EnumModel, value: string): DefaultUse[] {
  return editing.filesWith(model.variable).flatMap((file) => {
    const found: DefaultUse[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isDefaultOfEnum(node, model, file)) {
        found.push(...literalsIn(node.arguments[0], value, file));
      }
      ts.forEachChild(node, visit);
    };
    visit(file.ast);
    return found;
  });
}

/** Where sql`…` mentions the value in a file that uses the enum: text that cannot be followed safely. */
export function sqlMentions(
  editing: Editing,
  model: EnumModel,
  value: string,
): { file: SchemaFile; offset: number }[] {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return editing.filesWith(model.variable).flatMap((file) =>
    [...file.text.matchAll(/sql`[^`]*`/g)].flatMap((match) => {
      const at = match[0].indexOf(quoted);
      return at === -1 ? [] : [{ file, offset: match.index + at }];
    }),
  );
}

function isDefaultOfEnum(call: ts.CallExpression, model: EnumModel, file: SchemaFile): boolean {
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'default') return false;
  const root = rootCallee(callee.expression);
  return root !== undefined && isVisible(model, root, file);
}

/** The name that a chain of calls begins with: `status` of `status('s').notNull()`, also of `enums.status('s')`. */
function rootCallee(node: ts.Expression): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression;
  if (ts.isIdentifier(callee)) return callee.text;
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  return ts.isIdentifier(callee.expression) ? callee.name.text : rootCallee(callee.expression);
}

function literalsIn(argument: ts.Expression | undefined, value: string, file: SchemaFile): DefaultUse[] {
  const nodes =
    argument === undefined ? [] : ts.isArrayLiteralExpression(argument) ? [...argument.elements] : [argument];
  return nodes
    .filter((node) => literalText(node) === value)
    .map((node) => ({ file, start: node.getStart(file.ast), end: node.end }));
}
