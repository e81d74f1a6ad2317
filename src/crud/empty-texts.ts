import { ts } from '../schema/compiler.cjs';
import { parseText } from '../schema/parse.ts';
import type { CrudField } from './domain.ts';

/** A file that may check texts: zod, TypeBox, class-validator. */
const HINT = /\bz\.string\(|\b(t|Type)\.String\(|@IsString\(/;
/** What says nothing about '': texts that may be left out, and forms that refuse it anyway. */
const OTHERWISE =
  /^(optional|nullable|nullish|default|catch|prefault|uuid\w*|guid|email|url|date\w*|time|length|regex|startsWith|endsWith|cuid2?|ulid|nanoid|ip\w*|base64\w*|IsOptional|IsEmail|IsUUID|IsUrl|Matches|IsIn|IsEnum|IsDateString|IsISO8601|IsNumberString)$/;
/** Members of what is answered, not of what clients send. */
const OF_ANSWERS = /^(id|message|error)$/;

/** Required texts with a character at least, where the application refuses empty ones; a field that says a length itself stays. */
export function withoutEmptyTexts(
  fields: readonly CrudField[],
  sources: Iterable<string>,
): readonly CrudField[] {
  if (!refusesEmptyTexts(sources)) return fields;
  return fields.map((field) =>
    field.kind === 'text' && field.isRequired && !field.isArray && field.rules.minLength === undefined
      ? { ...field, rules: { ...field.rules, minLength: 1 } }
      : field,
  );
}

/** Whether the application refuses '' where a text is required: most required texts of its schemas and DTOs do. */
export function refusesEmptyTexts(sources: Iterable<string>): boolean {
  const found = [...sources].flatMap((text) =>
    HINT.test(text) ? textsIn(parseText('schema.ts', text)) : [],
  );
  return found.filter((refuses) => refuses).length * 2 > found.length;
}

/** Of each required text in a file, whether '' is refused. */
function textsIn(ast: ts.SourceFile): readonly boolean[] {
  const found: boolean[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node) && !isAnswer(node))
      for (const each of node.properties)
        if (ts.isPropertyAssignment(each)) found.push(...ofSchema(each.initializer));
    if (ts.isPropertyDeclaration(node)) found.push(...ofProperty(node));
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return found;
}

function isAnswer({ properties }: ts.ObjectLiteralExpression): boolean {
  return properties.some(
    ({ name }) => name !== undefined && ts.isIdentifier(name) && OF_ANSWERS.test(name.text),
  );
}

/** `z.string().min(1)`, `t.String({ minLength: 1 })`. */
function ofSchema(node: ts.Expression): readonly boolean[] {
  const calls: Call[] = [];
  let current = node;
  while (ts.isCallExpression(current) && ts.isPropertyAccessExpression(current.expression)) {
    calls.push({ name: current.expression.name.text, arguments: current.arguments });
    current = current.expression.expression;
  }
  const root = ts.isIdentifier(current) ? `${current.text}.${calls.at(-1)?.name}` : '';
  if (root === 'z.string') return required(calls, ({ name }) => name === 'nonempty');
  const [options] = calls[0]?.arguments ?? [];
  if (!/^(t|Type)\.String$/.test(root) || calls.length !== 1) return [];
  const members = options !== undefined && ts.isObjectLiteralExpression(options) ? options.properties : [];
  const names = members.flatMap(({ name }) =>
    name !== undefined && ts.isIdentifier(name) ? [name.text] : [],
  );
  if (names.some((name) => /^(format|pattern|default)$/.test(name))) return [];
  const minimum = members.find(
    (each) => each.name !== undefined && ts.isIdentifier(each.name) && each.name.text === 'minLength',
  );
  return [minimum !== undefined && ts.isPropertyAssignment(minimum) && isPositive(minimum.initializer)];
}

/** `@IsString() @IsNotEmpty() name: string` */
function ofProperty(node: ts.PropertyDeclaration): readonly boolean[] {
  const calls = (ts.getDecorators(node) ?? []).flatMap(({ expression }): readonly Call[] =>
    ts.isCallExpression(expression) && ts.isIdentifier(expression.expression)
      ? [{ name: expression.expression.text, arguments: expression.arguments }]
      : [],
  );
  if (!calls.some(({ name }) => name === 'IsString') || node.questionToken !== undefined) return [];
  return required(calls, ({ name }) => name === 'IsNotEmpty');
}

interface Call {
  readonly name: string;
  readonly arguments: readonly ts.Expression[];
}

function required(calls: readonly Call[], refuses: (call: Call) => boolean): readonly boolean[] {
  if (calls.some(({ name }) => OTHERWISE.test(name))) return [];
  return [
    calls.some(
      (call) =>
        refuses(call) || (/^(min|MinLength|Length)$/.test(call.name) && isPositive(call.arguments[0])),
    ),
  ];
}

function isPositive(node: ts.Expression | undefined): boolean {
  return node !== undefined && ts.isNumericLiteral(node) && Number(node.text) > 0;
}
