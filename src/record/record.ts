import Handlebars from 'handlebars';
import type { Change, Notice } from '../plan/change.ts';
import {
  type ColumnDef,
  type DatabaseSchema,
  displayName,
  isSameObject,
  type ObjectName,
} from '../plan/database-schema.ts';
import {
  changedObject,
  describeAlter,
  describeChange,
  describeColumn,
  describeForeignKey,
  describeIndex,
} from '../plan/describe.ts';
import { printable } from '../plan/visible.ts';
import { separateWords } from '../schema/case.ts';
import type { PlanSafety } from '../plan/plan.ts';
import type { Finding } from '../review/finding.ts';
import type { OverriddenFinding } from '../review/gate.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import { breakingChanges, impact, migrationType, rollback } from './impact.ts';
import { codeText, fenceFor, freeText, lineText } from './markdown.ts';
import { type LockTable, lockTable, rehearsedRollback } from './rehearsal.ts';
import { entityDiagram } from './mermaid.ts';
import { clippedMessage } from '../report/clipped.ts';

/** A line under "Testing Performed"; ticked only when `done`. */
export interface Check {
  readonly text: string;
  readonly done: boolean;
  readonly evidence?: string | undefined;
}

export interface RecordInput {
  /** What generates the project's migrations: `drizzle-kit`. */
  readonly generator: string;
  readonly number: string;
  /** Migration name in snake case, as in the file. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Paths relative to the project, with `/`. */
  readonly file: string;
  readonly recordPath: string;
  readonly rollbackFile: string | undefined;
  readonly editedFiles: readonly string[];
  readonly changes: readonly Change[];
  /** The schema as it is after the migration, for the diagram. */
  readonly after: DatabaseSchema;
  readonly up: string;
  readonly down: string;
  readonly byHand: readonly string[];
  readonly checks: readonly Check[];
  readonly findings: readonly (Notice | Finding)[];
  /** Findings that the plan lets pass. */
  readonly overridden: readonly OverriddenFinding[];
  readonly rehearsal: Rehearsal | undefined;
  readonly safety: PlanSafety | undefined;
  /** The plan as YAML. */
  readonly plan: string;
}

/** `docs/migrations/migration-0007-add-brand-id-to-products.md` → its file name. */
export function recordFileName(number: string, name: string): string {
  return `migration-${number}-${separateWords(name, '-').replaceAll('_', '-')}.md`;
}

/** What the template is filled with. Texts are Markdown already, escaped where they come from a plan. */
export interface RecordView {
  readonly generator: string;
  readonly number: string;
  readonly title: string;
  readonly file: string;
  /** `not yet` unless said. */
  readonly applied?: string;
  readonly type: string;
  readonly impact: string;
  readonly description: string | undefined;
  readonly tables: readonly { readonly name: string; readonly what: string }[];
  readonly diagram: string;
  readonly groups: readonly Group[];
  readonly fence: string;
  readonly sql: string;
  readonly byHand: readonly string[];
  readonly rehearsal: LockTable | undefined;
  readonly rollback: {
    readonly label: string;
    readonly explanation: string;
    readonly file: string | undefined;
    readonly sql: string;
  };
  readonly checks: readonly Check[];
  readonly breaking: readonly string[];
  readonly findings: readonly Pick<Finding, 'severity' | 'rule' | 'message'>[];
  readonly overrides: readonly ReturnType<typeof overrides>[number][];
  readonly code: string;
  readonly record: string;
  readonly plan: string;
}

/**
 * The record of a migration as Markdown (plan-format, "The record"), not yet formatted.
 * `template` is a Handlebars text; the project may have its own. Throws what Handlebars throws on a broken one.
 */
export function renderRecord(input: RecordInput, template: string): string {
  return fillRecord(viewOf(input), template);
}

/** A record from what the template wants to know. Throws as `renderRecord`. */
export function fillRecord(view: RecordView, template: string): string {
  return Handlebars.create().compile(template, { noEscape: true, strict: false })(view);
}

function viewOf(input: RecordInput): RecordView {
  const down = input.rehearsal ? rehearsedRollback(input.rehearsal) : rollback(input.changes);
  return {
    generator: input.generator,
    number: input.number,
    title: title(input.name),
    file: codeText(input.file),
    type: migrationType(input.changes),
    impact: impact(input.changes),
    description: input.description === undefined ? undefined : freeText(input.description),
    tables: affected(input.changes).map((object) => ({
      name: codeText(displayName(object)),
      what: lineText(whatHappens(input.changes, object)),
    })),
    diagram: entityDiagram(input.after, affectedTables(input.changes)),
    groups: groups(input.changes),
    // One fence for all blocks: none of them can close it.
    fence: fenceFor(input.up, input.down, input.plan),
    sql: printable(input.up.trim()),
    byHand: input.byHand.map(lineText),
    rehearsal: input.rehearsal && lockTable(input.rehearsal),
    rollback: {
      ...down,
      explanation: lineText(down.explanation),
      file: input.rollbackFile === undefined ? undefined : codeText(input.rollbackFile),
      sql: printable(input.down.trim()),
    },
    checks: input.checks,
    breaking: breakingChanges(input.changes).map(lineText),
    findings: input.findings.map((finding) => ({
      ...finding,
      message: lineText(clippedMessage(finding.message)),
    })),
    overrides: overrides(input.safety, input.overridden),
    code: input.editedFiles.map((file) => `\`${codeText(file)}\``).join(', ') || 'none',
    record: codeText(input.recordPath),
    plan: input.plan.trim(),
  };
}

/** `add_brand_id` → `Add brand id`. */
export function title(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Tables and enums in the order in which the plan comes to them, under their new names. */
function affected(changes: readonly Change[]): ObjectName[] {
  const objects: ObjectName[] = [];
  for (const change of changes) {
    const object = newName(change);
    if (!objects.some((other) => isSameObject(other, object))) objects.push(object);
  }
  return objects;
}

function newName(change: Change): ObjectName {
  const { schema, name } = changedObject(change);
  return { schema, name: change.kind === 'rename-table' ? change.to : name };
}

function affectedTables(changes: readonly Change[]): ObjectName[] {
  return affected(changes.filter((change) => !change.kind.includes('enum')));
}

function whatHappens(changes: readonly Change[], object: ObjectName): string {
  return changes
    .filter((change) => isSameObject(newName(change), object))
    .map(describeChange)
    .join('; ');
}

/** What the plan lets pass, and what it said that found nothing to let pass. */
function overrides(
  safety: PlanSafety | undefined,
  overridden: readonly OverriddenFinding[],
): { rule: string; object?: string | undefined; reason: string; message?: string | undefined }[] {
  const allowed = (safety?.allow ?? []).map((entry) => ({
    ...entry,
    message: overridden.find(({ rule, reason }) => rule === entry.rule && reason === entry.reason)?.message,
  }));
  const all = [...allowed, ...(safety?.skip ? [{ rule: 'safety.skip', reason: safety.skip }] : [])];
  return all.map(({ rule, reason, ...rest }) => ({
    rule: codeText(rule),
    object: 'object' in rest && rest.object !== undefined ? codeText(rest.object) : undefined,
    reason: freeText(reason),
    message: 'message' in rest && rest.message !== undefined ? lineText(rest.message) : undefined,
  }));
}

interface Group {
  readonly title: string;
  readonly items: string[];
}

function groups(changes: readonly Change[]): Group[] {
  const byTitle = new Map<string, string[]>();
  for (const { title: name, text } of changes.flatMap(lines))
    byTitle.set(name, [...(byTitle.get(name) ?? []), text]);
  return [...byTitle].map(([name, items]) => ({ title: name, items }));
}

interface Line {
  readonly title: string;
  readonly text: string;
}

function lines(change: Change): Line[] {
  const table = displayName(changedObject(change));
  const line = (name: string, text: string): Line[] => [{ title: name, text: lineText(text) }];
  switch (change.kind) {
    case 'create-table':
      return [
        ...change.table.columns.map((column) => ({
          title: `Columns of \`${table}\``,
          text: columnText(column.name, column),
        })),
        ...(change.table.primaryKey
          ? line('Constraints', `primary key \`${table}\`(${change.table.primaryKey.columns.join(', ')})`)
          : []),
        ...change.table.indexes.flatMap((index) => line('Indexes Added', describeIndex(index))),
        ...change.table.foreignKeys.flatMap((key) => line('Foreign Keys', describeForeignKey(key))),
        ...change.table.uniques.flatMap((unique) =>
          line('Constraints', `unique ${unique.name} (${unique.columns.join(', ')})`),
        ),
        ...change.table.checks.flatMap((check) =>
          line('Constraints', `check ${check.name} (${check.expression})`),
        ),
      ];
    case 'add-column':
      return [{ title: 'Added Columns', text: columnText(`${table}.${change.column.name}`, change.column) }];
    case 'alter-column':
      return line(
        'Modified Columns',
        `\`${table}.${change.column.name}\`: ${describeAlter(change).join(', ')}`,
      );
    case 'rename-column':
      return line('Modified Columns', `\`${table}.${change.from}\` renamed to \`${change.to}\``);
    case 'drop-column':
      return line('Dropped Columns', `\`${table}.${change.column}\``);
    case 'add-index':
      return line('Indexes Added', `${describeIndex(change.index)} on \`${table}\``);
    case 'drop-index':
      return line('Indexes Dropped', `${change.index.name} on \`${table}\``);
    case 'add-foreign-key':
    case 'alter-foreign-key':
    case 'drop-foreign-key':
      return line('Foreign Keys', `\`${table}\`: ${describeChange(change)}`);
    case 'create-enum':
    case 'add-enum-value':
    case 'rename-enum-value':
    case 'drop-enum-value':
    case 'drop-enum':
      return line('Enums', `\`${table}\`: ${describeChange(change)}`);
    case 'rename-table':
    case 'drop-table':
      return line('Tables', `\`${table}\`: ${describeChange(change)}`);
    case 'set-primary-key':
    case 'add-unique':
    case 'drop-unique':
    case 'add-check':
    case 'drop-check':
      return line('Constraints', `\`${table}\`: ${describeChange(change)}`);
    case 'comment':
      return [{ title: 'Comments', text: `\`${table}\`: ${freeText(change.text)}` }];
    case 'raw-sql':
      return line('Written by Hand', `\`${table}\`: ${change.summary}`);
  }
}

function columnText(name: string, column: ColumnDef): string {
  const description = column.description ? ` – ${freeText(column.description)}` : '';
  return `\`${name}\`: ${lineText(describeColumn(column))}${description}`;
}
