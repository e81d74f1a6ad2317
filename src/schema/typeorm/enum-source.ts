import { ts } from '../compiler.cjs';
import { spanOf } from '../parse.ts';
import type { SchemaFile, Span } from '../source-file.ts';

/** How the values of an enum are written in a source. */
export type EnumForm = 'enum' | 'object' | 'list';

/** A declaration that holds the values of an enum: `enum Status {…}`, `const Status = {…} as const`, `const STATUSES = […]`. */
export interface EnumDeclaration {
  readonly form: EnumForm;
  readonly file: SchemaFile;
  readonly name: string;
  readonly statement: Span;
  readonly members: readonly { readonly name: string; readonly value: string }[];
  /** `type Status = …` of the same name stands beside it. */
  readonly hasType: boolean;
}

/** The declaration of this name at the top of a file; undefined for anything but a list of literals. */
export function enumDeclaration(file: SchemaFile, name: string): EnumDeclaration | undefined {
  const hasType = file.ast.statements.some(
    (each) => ts.isTypeAliasDeclaration(each) && each.name.text === name,
  );
  for (const statement of file.ast.statements) {
    const found = readStatement(statement, name);
    if (found !== undefined) return { ...found, file, name, statement: spanOf(statement, file.ast), hasType };
  }
  return undefined;
}

function readStatement(
  statement: ts.Statement,
  name: string,
): Pick<EnumDeclaration, 'form' | 'members'> | undefined {
  if (ts.isEnumDeclaration(statement)) return statement.name.text === name ? readEnum(statement) : undefined;
  if (!ts.isVariableStatement(statement)) return undefined;
  const declaration = statement.declarationList.declarations.find(
    (each) => ts.isIdentifier(each.name) && each.name.text === name,
  );
  return declaration?.initializer && readInitializer(bare(declaration.initializer));
}

function readEnum({ members }: ts.EnumDeclaration): Pick<EnumDeclaration, 'form' | 'members'> | undefined {
  const read = members.map((member) =>
    member.initializer !== undefined && ts.isStringLiteralLike(member.initializer) && isNamed(member.name)
      ? { name: member.name.text, value: member.initializer.text }
      : undefined,
  );
  return read.every((each) => each !== undefined) ? { form: 'enum', members: read } : undefined;
}

function readInitializer(expression: ts.Expression): Pick<EnumDeclaration, 'form' | 'members'> | undefined {
  if (ts.isArrayLiteralExpression(expression)) {
    const read = expression.elements.map((each) =>
      ts.isStringLiteralLike(each) ? { name: each.text, value: each.text } : undefined,
    );
    return read.every((each) => each !== undefined) ? { form: 'list', members: read } : undefined;
  }
  if (!ts.isObjectLiteralExpression(expression)) return undefined;
  const read = expression.properties.map((each) =>
    ts.isPropertyAssignment(each) && ts.isStringLiteralLike(each.initializer) && isNamed(each.name)
      ? { name: each.name.text, value: each.initializer.text }
      : undefined,
  );
  return read.every((each) => each !== undefined) ? { form: 'object', members: read } : undefined;
}

function isNamed(name: ts.PropertyName): name is ts.Identifier | ts.StringLiteral {
  return ts.isIdentifier(name) || ts.isStringLiteral(name);
}

/** `{…} as const`, `Object.freeze({…})`. */
function bare(expression: ts.Expression): ts.Expression {
  if (
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isParenthesizedExpression(expression)
  )
    return bare(expression.expression);
  const [argument] = ts.isCallExpression(expression) ? expression.arguments : [];
  return argument ?? expression;
}

/** The list in a declaration's text: where its members stand. */
export function memberList(text: string): { open: number; close: number; items: Span[] } | undefined {
  const ast = ts.createSourceFile('snippet.ts', text, ts.ScriptTarget.Latest, false);
  const [statement] = ast.statements;
  if (statement === undefined) return undefined;
  if (ts.isEnumDeclaration(statement))
    return {
      open: text.indexOf('{', statement.name.end),
      close: statement.end - 1,
      items: statement.members.map((each) => spanOf(each, ast)),
    };
  if (!ts.isVariableStatement(statement)) return undefined;
  const initializer = statement.declarationList.declarations[0]?.initializer;
  const list = initializer && bare(initializer);
  if (list === undefined) return undefined;
  const nodes = ts.isObjectLiteralExpression(list)
    ? list.properties
    : ts.isArrayLiteralExpression(list)
      ? list.elements
      : undefined;
  return (
    nodes && { open: list.getStart(ast), close: list.end - 1, items: nodes.map((each) => spanOf(each, ast)) }
  );
}
