import Handlebars from 'handlebars';
import type { Notice } from '../plan/change.ts';
import { nearest } from '../plan/suggest.ts';
import type { RecordView } from './record.ts';

/** What a field holds: a text (or yes and no), a list, or fields of its own. */
type Shape = 'text' | { readonly each: Shape } | { readonly fields: Readonly<Record<string, Shape>> };

type ShapeOf<T> = [T] extends [readonly (infer Item)[]]
  ? { readonly each: ShapeOf<Item> }
  : [T] extends [string | boolean | undefined]
    ? 'text'
    : { readonly fields: { readonly [Key in keyof T]-?: ShapeOf<Exclude<T[Key], undefined>> } };

/** What a template may name; the compiler holds it to what the record has. */
const RECORD: ShapeOf<RecordView> = {
  fields: {
    generator: 'text',
    number: 'text',
    title: 'text',
    file: 'text',
    applied: 'text',
    type: 'text',
    impact: 'text',
    author: 'text',
    description: 'text',
    tables: { each: { fields: { name: 'text', what: 'text' } } },
    severalTables: 'text',
    code: 'text',
    fence: 'text',
    sql: 'text',
    byHand: 'text',
    effects: {
      fields: { heading: 'text', rows: { each: { fields: { statement: 'text', effect: 'text' } } } },
    },
    rollback: { fields: { label: 'text', explanation: 'text', file: 'text', sql: 'text' } },
    checks: { each: { fields: { text: 'text', done: 'text', evidence: 'text', always: 'text' } } },
    notTested: { each: 'text' },
    breaking: { each: 'text' },
    findings: { each: { fields: { severity: 'text', rule: 'text', message: 'text' } } },
    alsoNoted: 'text',
    overrides: { each: { fields: { rule: 'text', object: 'text', reason: 'text', message: 'text' } } },
    plan: 'text',
  },
};

/** What stands in the place of a field that records had once. */
const FORMER: Readonly<Record<string, string>> = {
  diagram: 'the diagram is in docs/migrations/schema.md, which tableplan docs writes',
  groups: 'each table says in `what` what happens to it',
  items: 'each table says in `what` what happens to it',
  rehearsal: 'what statements block is in `effects`, what was not tested in `notTested`',
  record: 'it is the path of the record itself',
};

/** Helpers of Handlebars. */
const HELPERS: ReadonlySet<string> = new Set(['if', 'unless', 'each', 'with', 'lookup', 'log']);

/**
 * Warnings about the fields of a record template that no record has, and of lists that are none any more: they print
 * nothing. `file` is what messages call it. A template that Handlebars cannot read has none: filling it throws.
 */
export function templateNotices(template: string, file: string): Notice[] {
  const notices: Notice[] = [];
  const report = (message: string, line: number): void =>
    void notices.push({ severity: 'warning', rule: 'record-template', message, file, line });
  const program = parsed(template);
  if (program) walk(program.body, [RECORD], report);
  return notices;
}

function parsed(template: string): hbs.AST.Program | undefined {
  try {
    return Handlebars.parse(template);
  } catch {
    return undefined;
  }
}

type Report = (message: string, line: number) => void;

/** `context`: what `this` is, the innermost first; undefined where that is not known. */
function walk(
  statements: readonly hbs.AST.Statement[],
  context: readonly (Shape | undefined)[],
  report: Report,
): void {
  for (const statement of statements) {
    if (isBlock(statement)) {
      const { path, params, program, inverse } = statement;
      const name = isPath(path) ? path.original : '';
      // Without a helper the block is one itself: {{#tables}}…{{/tables}}.
      const subjects = HELPERS.has(name) ? params : [path as hbs.AST.Expression, ...params];
      const shapes = subjects.map((subject) => shapeAt(subject, context, report));
      const [shape] = shapes;
      const [subject] = subjects;
      if (name === 'each' && shape === 'text' && subject)
        report(
          `${textOf(subject)} is a text now, not a list: {{#each}} prints nothing of it`,
          subject.loc.start.line,
        );
      const entered =
        name === 'if' || name === 'unless'
          ? context
          : [inside(name === 'with' ? 'with' : 'each', shape), ...context];
      walk(program?.body ?? [], entered, report);
      walk(inverse?.body ?? [], context, report);
    } else if (isMustache(statement)) {
      const { path, params } = statement;
      const isHelper = isPath(path) && HELPERS.has(path.original);
      for (const subject of isHelper ? params : [path as hbs.AST.Expression, ...params])
        shapeAt(subject, context, report);
    }
  }
}

function inside(helper: 'each' | 'with', shape: Shape | undefined): Shape | undefined {
  if (shape === undefined || shape === 'text') return undefined;
  return helper === 'each' && 'each' in shape ? shape.each : shape;
}

/** What a path leads to; a step that leads nowhere is reported. */
function shapeAt(
  expression: hbs.AST.Expression,
  context: readonly (Shape | undefined)[],
  report: Report,
): Shape | undefined {
  if (!isPath(expression) || expression.data) return undefined;
  let shape = context[expression.depth];
  for (const part of expression.parts) {
    if (shape === undefined || shape === 'text' || !('fields' in shape)) return undefined;
    const { fields } = shape;
    if (!Object.hasOwn(fields, part)) {
      report(
        `${textOf(expression)} is no field of the record, and prints nothing; ${insteadOf(part, Object.keys(fields))}`,
        expression.loc.start.line,
      );
      return undefined;
    }
    shape = fields[part];
  }
  return shape;
}

function insteadOf(part: string, fields: readonly string[]): string {
  const former = FORMER[part];
  if (former !== undefined) return former;
  const [near] = nearest(part, fields);
  return near === undefined ? `there are ${fields.join(', ')}` : `did you mean ${near}?`;
}

function textOf(expression: hbs.AST.Expression): string {
  return isPath(expression) ? expression.original : expression.type;
}

function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === 'PathExpression';
}

function isBlock(node: hbs.AST.Node): node is hbs.AST.BlockStatement {
  return node.type === 'BlockStatement';
}

function isMustache(node: hbs.AST.Node): node is hbs.AST.MustacheStatement {
  return node.type === 'MustacheStatement';
}
