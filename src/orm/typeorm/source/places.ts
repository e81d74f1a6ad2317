import { ts } from '../../../schema/compiler.cjs';
import type { Query, SourcePlace } from '../child/child.ts';
import { type Constants, constantsIn } from './constants.ts';
import { literalsIn, type MigrationSource, placeAt } from './migration-source.ts';

/** Where a query stands in the file of its migration. */
export interface QueryPlace {
  /** Of the call, or of the text where that stands elsewhere. */
  readonly start: SourcePlace;
  /** Where the SQL is written down as it runs; undefined where TypeORM or the migration makes it. */
  readonly text: { readonly start: SourcePlace; readonly end: SourcePlace } | undefined;
  /** `tableplan:allow` in comments above the call: what follows the marker, and the line. */
  readonly allows: readonly { readonly directive: string; readonly line: number }[];
}

/**
 * Where each of a migration's queries stands: its string in the file, else the call that sends it; `fallback` (the
 * method) where the process could not tell.
 */
export function placesOf(
  source: MigrationSource,
  queries: readonly Query[],
  fallback: SourcePlace,
): QueryPlace[] {
  const { ast, text } = source;
  const everywhere = originsIn(literalsIn(ast, new Map()));
  const statementAt = statementsIn(ast);
  const lines = text.split(/\r?\n/);
  return queries.map(({ sql, at }) => {
    const { statement, scope } = (at && statementAt(offsetOf(ast, at))) ?? {};
    const near = statement && scope ? literalsIn(statement, scope()) : [];
    const literal = near.find((node) => saysTheSame(node, sql)) ?? everywhere(sql);
    const start = at ?? (literal ? placeAt(ast, literal.getStart(ast)) : fallback);
    const above = new Set([
      ...(statement ? [placeAt(ast, statement.getStart(ast)).line] : []),
      start.line,
      ...(literal ? [placeAt(ast, literal.getStart(ast)).line] : []),
    ]);
    return {
      start,
      text: literal && {
        // Past the quote.
        start: placeAt(ast, literal.getStart(ast) + 1),
        end: placeAt(ast, literal.end),
      },
      allows: [...above].flatMap((line) => allowsAbove(lines, line)),
    };
  });
}

function offsetOf(ast: ts.SourceFile, { line, column }: SourcePlace): number {
  const starts = ast.getLineStarts();
  return (starts[Math.min(line, starts.length) - 1] ?? 0) + column - 1;
}

interface Around {
  /** The innermost one that is no block. */
  readonly statement: ts.Statement;
  /** Constants that it may name: of the file, and of the blocks around it. */
  readonly scope: () => Constants;
}

interface Listed extends Around {
  readonly start: number;
  readonly around: Listed | undefined;
}

/** What is around an offset: the statements of a file are listed once, however many are asked for. */
function statementsIn(ast: ts.SourceFile): (offset: number) => Around | undefined {
  // Each stands behind those that it is in: in the order in which they start.
  const all: Listed[] = [];
  const visit = (node: ts.Node, around: Listed | undefined, scope: () => Constants): void => {
    let [innermost, inScope] = [around, scope];
    if (ts.isSourceFile(node) || ts.isBlock(node))
      inScope = once(() => new Map([...scope(), ...constantsIn([...node.statements])]));
    else if (ts.isStatement(node)) {
      innermost = { statement: node, scope, start: node.getStart(ast), around };
      all.push(innermost);
    }
    ts.forEachChild(node, (child) => visit(child, innermost, inScope));
  };
  visit(ast, undefined, () => new Map());
  return (offset) => {
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle]!.start <= offset) low = middle + 1;
      else high = middle;
    }
    let found = all[low - 1];
    while (found && found.statement.end <= offset) found = found.around;
    return found;
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The first literal that says what a query says: word for word, else as a template. */
function originsIn(
  literals: readonly (ts.StringLiteralLike | ts.TemplateExpression)[],
): (sql: string) => ts.StringLiteralLike | ts.TemplateExpression | undefined {
  const plain = new Map<string, ts.StringLiteralLike>();
  const templates = literals.filter(ts.isTemplateExpression);
  for (const node of literals)
    if (!ts.isTemplateExpression(node) && !plain.has(node.text)) plain.set(node.text, node);
  return (sql) => plain.get(sql) ?? templates.find((node) => saysTheSame(node, sql));
}

/** So much has to be constant in a template before it is taken for the origin of a text. */
const LEAST_CONSTANT = 4;

function saysTheSame(node: ts.StringLiteralLike | ts.TemplateExpression, sql: string): boolean {
  if (!ts.isTemplateExpression(node)) return node.text === sql;
  const parts = [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text);
  if (parts.join('').replaceAll(/\s/g, '').length < LEAST_CONSTANT) return false;
  let from = 0;
  for (const part of parts) {
    const at = sql.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return sql.startsWith(parts[0] ?? '') && sql.endsWith(parts.at(-1) ?? '');
}

const DIRECTIVE = /^\s*\/\/\s*(tableplan:allow\b.*?)\s*$/;

/** The comments on the lines right above a line. */
function allowsAbove(lines: readonly string[], line: number): { directive: string; line: number }[] {
  const found: { directive: string; line: number }[] = [];
  for (let at = line - 2; at >= 0 && /^\s*(\/\/.*)?$/.test(lines[at] ?? ''); at -= 1) {
    const [, directive] = DIRECTIVE.exec(lines[at] ?? '') ?? [];
    if (directive !== undefined) found.unshift({ directive, line: at + 1 });
  }
  return found;
}
