import { ts } from '../../../schema/compiler.cjs';
import { bare } from '../../chains.ts';
import type { CrudProject } from '../../crud-project.ts';
import { type ClassCode, parentName, parentOf } from '../../parent-class.ts';
import { declarationOf } from '../../refuses.ts';

/** What is known of a class of errors: what its constructor takes, and what becomes of that. */
export interface ErrorClass extends ClassCode {
  readonly name: string;
  /** The class and those of the project that it extends. */
  readonly ancestors: readonly ClassCode[];
  /** In the end it extends Hono's HTTPException. */
  readonly isHttp: boolean;
  /** The property with the status: `status`, `statusCode`. */
  readonly statusKey: string | undefined;
  readonly status: Value | undefined;
  readonly message: Value | undefined;
  readonly parameters: readonly Parameter[];
}

interface Parameter {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: 'text' | 'status' | 'other';
}

/** What a constructor makes of its parameters. */
type Value =
  | { readonly kind: 'number'; readonly value: number }
  /** A parameter, by its index. */
  | { readonly kind: 'parameter'; readonly index: number }
  /** The options of an HTTPException: a parameter with a `message`. */
  | { readonly kind: 'options'; readonly index: number }
  /** A text with parameters in it. */
  | { readonly kind: 'text'; readonly of: readonly number[] };

type Known = Pick<ErrorClass, 'isHttp' | 'statusKey' | 'status' | 'message' | 'parameters'>;

const STATUS_KEY = /^(status|statusCode|httpStatus|httpCode)$/;
/** Names that the packages with statuses give them. */
const STATUSES: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  UNPROCESSABLE_ENTITY: 422,
};

/** Hono's own: `new HTTPException(404, { message: '…' })`. */
const HTTP_EXCEPTION: Known = {
  isHttp: true,
  statusKey: 'status',
  status: { kind: 'parameter', index: 0 },
  message: { kind: 'options', index: 1 },
  parameters: [
    { name: 'status', isOptional: false, type: 'status' },
    { name: 'options', isOptional: true, type: 'other' },
  ],
};
const ERROR: Known = {
  isHttp: false,
  statusKey: undefined,
  status: undefined,
  message: { kind: 'parameter', index: 0 },
  parameters: [{ name: 'message', isOptional: true, type: 'text' }],
};

/** Reads a class of errors; undefined where it extends what is not understood. */
export function readErrorClass(code: ClassCode, project: CrudProject): ErrorClass | undefined {
  const known = knownOf(code, project);
  const name = code.node.name?.text;
  if (known === undefined || name === undefined) return undefined;
  return { ...code, ...known, name, ancestors: ancestorsOf(code, project) };
}

function ancestorsOf(code: ClassCode, project: CrudProject): readonly ClassCode[] {
  const parent = parentOf(code, project);
  return [code, ...(parent === undefined ? [] : ancestorsOf(parent, project))];
}

function knownOf(code: ClassCode, project: CrudProject): Known | undefined {
  const { node, place } = code;
  const name = parentName(node);
  if (name === undefined) return undefined;
  const declared = declarationOf(name, place, project);
  const parent = parentOf(code, project);
  const above =
    parent !== undefined
      ? knownOf(parent, project)
      : declared === 'package'
        ? name === 'HTTPException'
          ? HTTP_EXCEPTION
          : undefined
        : name === 'Error'
          ? ERROR
          : undefined;
  return above && withOwn(above, code);
}

/** What a class adds to what it extends. */
function withOwn(above: Known, { node, place: { ast } }: ClassCode): Known {
  let known = above;
  const constructor = node.members.find(
    (each): each is ts.ConstructorDeclaration => ts.isConstructorDeclaration(each) && each.body !== undefined,
  );
  if (constructor !== undefined) {
    const parameters = [...constructor.parameters];
    const valueOf = (each: ts.Expression | undefined): Value | undefined => value(each, parameters, ast);
    const call = superCall(constructor);
    known = {
      ...(call === undefined ? above : passed(above, { call, valueOf, ast })),
      parameters: parameters.map((each) => parameterOf(each, ast)),
    };
    for (const [index, each] of parameters.entries())
      if (isProperty(each))
        known = withMember(
          known,
          each.name.getText(ast),
          isHidden(each) ? undefined : { kind: 'parameter', index },
        );
    for (const statement of constructor.body?.statements ?? []) {
      const set = assignment(statement);
      if (set !== undefined) known = withMember(known, set.name, valueOf(set.to));
    }
  }
  for (const member of node.members) {
    const isGetter = ts.isGetAccessorDeclaration(member);
    if (!isGetter && !(ts.isPropertyDeclaration(member) && member.initializer !== undefined)) continue;
    // What a getter gives is not followed.
    const own = isGetter || isHidden(member) ? undefined : value(member.initializer, [], ast);
    known = withMember(known, member.name.getText(ast), own);
  }
  return known;
}

function withMember(known: Known, name: string, own: Value | undefined): Known {
  if (STATUS_KEY.test(name)) return { ...known, status: own, statusKey: name };
  return name === 'message' ? { ...known, message: own } : known;
}

interface Passing {
  readonly call: ts.CallExpression;
  readonly valueOf: (each: ts.Expression | undefined) => Value | undefined;
  readonly ast: ts.SourceFile;
}

/** What the parent makes of the arguments that `super(…)` gives it. */
function passed(above: Known, { call, valueOf, ast }: Passing): Known {
  const through = (inner: Value | undefined): Value | undefined => {
    if (inner === undefined || inner.kind === 'number') return inner;
    if (inner.kind === 'text') return inner.of.length === 0 ? inner : undefined;
    const given = call.arguments[inner.index];
    if (inner.kind === 'parameter') return valueOf(given);
    if (given === undefined) return { kind: 'text', of: [] };
    const options = bare(given);
    if (!ts.isObjectLiteralExpression(options)) {
      const whole = valueOf(options);
      return whole?.kind === 'parameter' ? { kind: 'options', index: whole.index } : undefined;
    }
    return valueOf(messageIn(options, ast));
  };
  return { ...above, status: through(above.status), message: through(above.message) };
}

/** The message of options, where nothing spread into them comes behind it. */
function messageIn(
  { properties }: ts.ObjectLiteralExpression,
  ast: ts.SourceFile,
): ts.Expression | undefined {
  const last = properties.findLast(
    (each) => ts.isSpreadAssignment(each) || each.name?.getText(ast) === 'message',
  );
  if (last === undefined) return undefined;
  if (ts.isPropertyAssignment(last)) return last.initializer;
  return ts.isShorthandPropertyAssignment(last) ? last.name : undefined;
}

function superCall({ body }: ts.ConstructorDeclaration): ts.CallExpression | undefined {
  const calls = (body?.statements ?? []).flatMap((statement) =>
    ts.isExpressionStatement(statement) &&
    ts.isCallExpression(statement.expression) &&
    statement.expression.expression.kind === ts.SyntaxKind.SuperKeyword
      ? [statement.expression]
      : [],
  );
  return calls[0];
}

/** `this.status = status` */
function assignment(
  statement: ts.Statement,
): { readonly name: string; readonly to: ts.Expression } | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined;
  const { left, operatorToken, right } = statement.expression;
  const isOwn =
    operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(left) &&
    left.expression.kind === ts.SyntaxKind.ThisKeyword;
  return isOwn ? { name: left.name.text, to: right } : undefined;
}

function value(
  node: ts.Expression | undefined,
  parameters: readonly ts.ParameterDeclaration[],
  ast: ts.SourceFile,
): Value | undefined {
  if (node === undefined) return undefined;
  const own = bare(node);
  const indexOf = (name: string): number => parameters.findIndex((each) => each.name.getText(ast) === name);
  if (ts.isNumericLiteral(own)) return { kind: 'number', value: Number(own.text) };
  if (ts.isStringLiteralLike(own)) return { kind: 'text', of: [] };
  if (ts.isIdentifier(own)) {
    const index = indexOf(own.text);
    return index === -1 ? undefined : { kind: 'parameter', index };
  }
  if (ts.isPropertyAccessExpression(own)) {
    const status = STATUSES[own.name.text];
    return status === undefined ? undefined : { kind: 'number', value: status };
  }
  if (ts.isTemplateExpression(own)) {
    const names = own.templateSpans.map(({ expression }) => bare(expression));
    // Of what else is in it, a text is made all the same.
    return { kind: 'text', of: names.flatMap((each) => (ts.isIdentifier(each) ? [indexOf(each.text)] : [])) };
  }
  // `message ?? 'Not found'`
  const isDefaulted =
    ts.isBinaryExpression(own) &&
    [ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken].includes(own.operatorToken.kind);
  return isDefaulted ? value(own.left, parameters, ast) : undefined;
}

function parameterOf(node: ts.ParameterDeclaration, ast: ts.SourceFile): Parameter {
  const type = node.type?.getText(ast) ?? '';
  const text = type === 'string' || (type === '' && isText(node.initializer));
  const status =
    /^(number|\w*Status\w*|4\d\d(\s*\|\s*\d{3})*)$/.test(type) ||
    (type === '' && node.initializer !== undefined && ts.isNumericLiteral(node.initializer));
  return {
    name: node.name.getText(ast),
    isOptional:
      node.initializer !== undefined || node.questionToken !== undefined || node.dotDotDotToken !== undefined,
    type: text ? 'text' : status ? 'status' : 'other',
  };
}

function isText(node: ts.Expression | undefined): boolean {
  return node !== undefined && ts.isStringLiteralLike(node);
}

/** `readonly status: number` */
function isProperty(node: ts.ParameterDeclaration): boolean {
  return (ts.getModifiers(node) ?? []).length > 0;
}

/** What answers an error cannot read it. */
function isHidden(node: ts.ParameterDeclaration | ts.PropertyDeclaration): boolean {
  return (ts.getModifiers(node) ?? []).some(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
  );
}
