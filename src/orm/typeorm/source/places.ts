import { ts } from '../../../schema/compiler.cjs';
import type { Query, SourcePlace } from '../child/child.ts';
import { constantsIn } from './constants.ts';
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
  const everywhere = literalsIn(ast, new Map());
  const lines = text.split(/\r?\n/);
  return queries.map(({ sql, at }) => {
    const statement = at && statementAt(ast, offsetOf(ast, at));
    const near = statement ? literalsIn(statement, scopeOf(ast, statement)) : [];
    const literal =
      near.find((node) => saysTheSame(node, sql)) ?? everywhere.find((node) => saysTheSame(node, sql));
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

/** The innermost statement around an offset that is no block. */
function statementAt(ast: ts.SourceFile, offset: number): ts.Statement | undefined {
  let found: ts.Statement | undefined;
  const visit = (node: ts.Node): void => {
    if (offset < node.getStart(ast) || offset >= node.end) return;
    if (ts.isStatement(node) && !ts.isBlock(node)) found = node;
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return found;
}

/** Constants that a statement may name: of the file, and of the blocks around it. */
function scopeOf(ast: ts.SourceFile, statement: ts.Statement): Map<string, ts.Expression> {
  const scope = new Map<string, ts.Expression>();
  const visit = (node: ts.Node): void => {
    if (node.pos > statement.pos || node.end < statement.end) return;
    if (ts.isSourceFile(node) || ts.isBlock(node))
      for (const [name, value] of constantsIn([...node.statements])) scope.set(name, value);
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return scope;
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
