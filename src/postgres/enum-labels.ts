import type { Node } from 'libpg-query';
import { parseExpression } from './expression.ts';
import { SqlFragmentError } from './parser.ts';
import { type PgType, readTypeName, stringOf } from './type.ts';

/** One enum, as an expression shows it: by its columns, and by casts to it. */
export interface EnumInSql {
  readonly hasColumn: (name: string) => boolean;
  readonly isType: (type: PgType) => boolean;
}

/**
 * Whether an expression holds this label as a value of the enum: cast to it, or beside something that is of it
 * (`status = 'new'`, `status IN (…)`, `coalesce(status, 'new')`). A text of the same letters is none (`status::text = 'new'`).
 * `is`: what the whole expression stands for, as the default of a column of that enum does. No expression uses nothing.
 *
 * @example usesLabel("status <> 'new'", 'new', { hasColumn: (name) => name === 'status', isType: () => false }) // true
 */
export function usesLabel(
  expression: string,
  label: string,
  type: EnumInSql,
  { is = 'anything' }: { readonly is?: 'enum' | 'anything' } = {},
): boolean {
  try {
    const node = parseExpression(expression);
    return (is === 'enum' && leavesOf(node).some((leaf) => holds(leaf, label))) || uses(node, label, type);
  } catch (error) {
    if (error instanceof SqlFragmentError) return false;
    throw error;
  }
}

/** Nodes whose operands Postgres brings to one type. */
const GROUPS = ['A_Expr', 'CoalesceExpr', 'MinMaxExpr', 'CaseExpr'] as const;

function uses(node: unknown, label: string, type: EnumInSql): boolean {
  if (Array.isArray(node)) return node.some((item) => uses(item, label, type));
  if (typeof node !== 'object' || node === null) return false;
  if (isCastTo(node, type) && constantsIn(node).some((text) => isLabel(text, label))) return true;
  if (operandsOf(node).some((operands) => mixes(operands, label, type))) return true;
  return Object.values(node).some((child) => uses(child, label, type));
}

/** The operands of a node that become one type; a CASE has two such lists: what it compares, and what it results in. */
function operandsOf(node: object): unknown[][] {
  const kind = GROUPS.find((candidate) => candidate in node);
  if (kind === undefined) return [];
  const inner = (node as Record<string, Record<string, unknown>>)[kind] ?? {};
  if (kind !== 'CaseExpr') return [[inner['lexpr'], inner['rexpr'], inner['args']]];
  const whens = ((inner['args'] ?? []) as { CaseWhen?: { expr?: unknown; result?: unknown } }[]).map(
    ({ CaseWhen }) => CaseWhen,
  );
  const compared = inner['arg'] === undefined ? [] : [inner['arg'], ...whens.map((when) => when?.expr)];
  return [compared, [inner['defresult'], ...whens.map((when) => when?.result)]];
}

function mixes(operands: unknown[], label: string, type: EnumInSql): boolean {
  const leaves = leavesOf(operands);
  return leaves.some((leaf) => isOfEnum(leaf, type)) && leaves.some((leaf) => holds(leaf, label));
}

/** What stands directly among the operands: through lists, arrays and COALESCE, not into comparisons, casts and calls. */
function leavesOf(node: unknown): object[] {
  if (Array.isArray(node)) return node.flatMap(leavesOf);
  if (typeof node !== 'object' || node === null) return [];
  if ('List' in node) return leavesOf((node.List as { items?: unknown }).items);
  if ('A_ArrayExpr' in node) return leavesOf((node.A_ArrayExpr as { elements?: unknown }).elements);
  if ('CoalesceExpr' in node || 'MinMaxExpr' in node) return leavesOf(operandsOf(node));
  if ('CaseExpr' in node) return leavesOf(operandsOf(node)[1]);
  return [node];
}

function isOfEnum(leaf: object, type: EnumInSql): boolean {
  if (isCastTo(leaf, type)) return true;
  if (!('ColumnRef' in leaf)) return false;
  const last = (leaf.ColumnRef as { fields?: Node[] }).fields?.at(-1);
  return last !== undefined && 'String' in last && type.hasColumn(stringOf(last));
}

function isCastTo(node: object, type: EnumInSql): boolean {
  if (!('TypeCast' in node)) return false;
  const { typeName } = (node as Extract<Node, { TypeCast: unknown }>).TypeCast;
  return typeName !== undefined && type.isType(readTypeName(typeName));
}

function holds(leaf: object, label: string): boolean {
  const text = constantOf(leaf);
  return text !== undefined && isLabel(text, label);
}

function constantsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(constantsIn);
  if (typeof node !== 'object' || node === null) return [];
  const text = constantOf(node);
  return text === undefined ? Object.values(node).flatMap(constantsIn) : [text];
}

function constantOf(node: object): string | undefined {
  return 'A_Const' in node ? (node as Extract<Node, { A_Const: unknown }>).A_Const.sval?.sval : undefined;
}

/** A constant is the label itself, or an array that has it among its elements: `{new,"paid"}`. */
function isLabel(text: string, label: string): boolean {
  if (text === label) return true;
  if (!/^\{.*\}$/s.test(text)) return false;
  const elements = text.slice(1, -1).match(/"(?:[^"\\]|\\.)*"|[^,{}]+/g) ?? [];
  return elements.some(
    (element) =>
      element
        .trim()
        .replace(/^"(.*)"$/s, '$1')
        .replaceAll(/\\(.)/gs, '$1') === label,
  );
}
