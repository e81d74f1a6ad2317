import type { A_Const, FuncCall, Node } from 'libpg-query';
import { parseExpression } from './expression.ts';
import { SqlFragmentError } from './parser.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { parseType, type PgType, readTypeName, sameType, stringOf } from './type.ts';

/** The type change of a column, as it is made. Types as Postgres writes them. */
export interface ColumnCast {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  readonly using: string | undefined;
}

/**
 * The expression that undoes `USING`, for the type change back: each step of it inverted, last one first. Undefined where a
 * step has no inverse that can be written (`upper(name)`), or where a plain cast does as well.
 *
 * @example castBack({ column: 'at', from: 'timestamp', to: 'timestamptz', using: "at AT TIME ZONE 'UTC'" })
 * // `"at" AT TIME ZONE 'UTC'`
 */
export function castBack({ column, from, to, using }: ColumnCast): string | undefined {
  const steps = using === undefined ? undefined : stepsOf(using, { column, from });
  if (!steps?.some(({ isCast }) => !isCast)) return undefined;
  const last = steps.at(-1)!.type;
  let back = quoteIdentifier(column);
  if (!sameType(withoutModifiers(last), withoutModifiers(to))) back = `${back}::${last}`;
  for (const step of steps.toReversed()) back = step.undo(back);
  const first = steps[0]!;
  const isThere = first.isCast || (first.exact && sameType(withoutModifiers(from), from));
  return isThere ? back : refusingCast(operand(back), { from: '', to: from });
}

/**
 * The cast of an expression of the type `from` to `to` that cuts nothing: an explicit one to varchar(n) or char(n) cuts what is
 * longer without a word, while Postgres refuses it where a column of that type is given a text. Types as Postgres writes them.
 *
 * @example refusingCast('"name"', { from: 'text', to: 'varchar(20)' }) // '"name"', the rest is left to ALTER … TYPE varchar(20)
 */
export function refusingCast(
  expression: string,
  { from, to }: { readonly from: string; readonly to: string },
): string {
  const [source, target] = [readType(from), readType(to)];
  if (target === undefined || !isLimited(target)) return `${expression}::${to}`;
  const arrays = '[]'.repeat(target.arrayDims);
  const isText = source !== undefined && TEXTS.has(source.name) && source.arrayDims === target.arrayDims;
  return isText ? expression : `${expression}::text${arrays}`;
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'char']);

function isLimited({ name, schema, modifiers }: PgType): boolean {
  return schema === undefined && (name === 'char' || (name === 'varchar' && modifiers.length > 0));
}

/** Undefined for a text that is no type, such as the name of an enum with a space. */
function readType(text: string): PgType | undefined {
  try {
    return parseType(text);
  } catch (error) {
    if (error instanceof SqlFragmentError) return undefined;
    throw error;
  }
}

interface Step {
  /** Types of what goes in and what comes out. */
  readonly before: string;
  readonly type: string;
  readonly isCast: boolean;
  /** Whether the undone step is of the type `before`, and not of one that has to be cast to it. */
  readonly exact: boolean;
  undo(expression: string): string;
}

/** The steps from the column to the value, first one first. */
function stepsOf(using: string, column: Pick<ColumnCast, 'column' | 'from'>): Step[] | undefined {
  try {
    return read(parseExpression(using), column);
  } catch (error) {
    if (error instanceof SqlFragmentError) return undefined;
    throw error;
  }
}

function read(node: Node, column: Pick<ColumnCast, 'column' | 'from'>): Step[] | undefined {
  if ('ColumnRef' in node) {
    const name = node.ColumnRef.fields?.at(-1);
    return name && stringOf(name) === column.column ? [] : undefined;
  }
  const inner = argumentOf(node);
  const steps = inner && read(inner, column);
  const before = steps?.at(-1)?.type ?? column.from;
  const step = steps && stepOf(node, before);
  return step && [...steps, step];
}

/** What a step is made on. */
function argumentOf(node: Node): Node | undefined {
  if ('TypeCast' in node) return node.TypeCast.arg;
  return 'FuncCall' in node ? node.FuncCall.args?.at(-1) : undefined;
}

function stepOf(node: Node, before: string): Step | undefined {
  if ('TypeCast' in node) {
    const type = node.TypeCast.typeName && readTypeName(node.TypeCast.typeName).text;
    return type === undefined
      ? undefined
      : { before, type, isCast: true, exact: true, undo: (back) => `${operand(back)}::${before}` };
  }
  return 'FuncCall' in node ? functionStep(node.FuncCall, before) : undefined;
}

function functionStep({ funcname = [], args = [] }: FuncCall, before: string): Step | undefined {
  const name = stringOf(funcname.at(-1) ?? ({} as Node));
  const text = args.length === 2 ? textOf(args[0]) : undefined;
  const common = { before, isCast: false };
  if (name === 'timezone' && text !== undefined) {
    const type = OTHER_SIDE.get(parseType(before).name);
    const undo = (back: string): string => `${operand(back)} AT TIME ZONE ${quoteLiteral(text)}`;
    return type === undefined ? undefined : { ...common, type, exact: true, undo };
  }
  if (name === 'to_timestamp' && args.length === 1) {
    return { ...common, type: 'timestamptz', exact: false, undo: (back) => `extract(epoch from ${back})` };
  }
  if (name === 'extract' && text === 'epoch') {
    const isZoned = parseType(before).name === 'timestamptz';
    return isZoned
      ? { ...common, type: 'numeric', exact: true, undo: (back) => `to_timestamp(${back})` }
      : undefined;
  }
  return undefined;
}

/** What AT TIME ZONE makes of a time. */
const OTHER_SIDE: ReadonlyMap<string, string> = new Map([
  ['timestamp', 'timestamptz'],
  ['timestamptz', 'timestamp'],
  ['timestamp without time zone', 'timestamptz'],
  ['timestamp with time zone', 'timestamp'],
]);

function textOf(node: Node | undefined): string | undefined {
  const constant: A_Const | undefined = node && 'A_Const' in node ? node.A_Const : undefined;
  return constant && 'sval' in constant ? (constant.sval?.sval ?? undefined) : undefined;
}

/** An expression that something may stand behind. */
function operand(expression: string): string {
  return /^"(?:[^"]|"")*"$/.test(expression) ? expression : `(${expression})`;
}

function withoutModifiers(type: string): string {
  return type.replace(/\(\d+\)/, '');
}
