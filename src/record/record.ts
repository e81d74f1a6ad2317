import Handlebars from 'handlebars';
import type { Change, Notice } from '../plan/change.ts';
import { displayName, isSameObject, type ObjectName } from '../plan/database-schema.ts';
import { changedObject, describeChange } from '../plan/describe.ts';
import type { PlanSafety } from '../plan/plan.ts';
import { printable } from '../plan/visible.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import { clippedMessage } from '../report/clipped.ts';
import { isTaste } from '../report/findings.ts';
import type { Finding } from '../review/finding.ts';
import type { OverriddenFinding } from '../rehearse/gate.ts';
import type { StatementEffects } from '../review/statement-effects.ts';
import { separateWords } from '../schema/case.ts';
import { type EffectsTable, effectsTable } from './effects-table.ts';
import { breakingChanges, impact, migrationType } from './impact.ts';
import { codeText, fenceFor, freeText, lineText } from './markdown.ts';
import { rollbackOf } from './rollback.ts';

/** A line under "Testing Performed"; ticked only when `done`. */
export interface Check {
  readonly text: string;
  readonly done: boolean;
  readonly evidence?: string | undefined;
  /** The record shows it where it was not done too. */
  readonly always?: true;
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
  readonly rollbackFile: string | undefined;
  readonly editedFiles: readonly string[];
  readonly changes: readonly Change[];
  readonly up: string;
  readonly down: string;
  readonly byHand: readonly string[];
  readonly checks: readonly Check[];
  readonly findings: readonly (Notice | Finding)[];
  /** Findings that the plan lets pass. */
  readonly overridden: readonly OverriddenFinding[];
  readonly rehearsal: Rehearsal | undefined;
  /** What each statement does to what was there before. */
  readonly effects: readonly StatementEffects[];
  /** Who made it and when, where that is known. */
  readonly author: string | undefined;
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
  /** `not yet` unless given. */
  readonly applied?: string;
  readonly type: string;
  /** Undefined where it is not known. */
  readonly impact: string | undefined;
  readonly author: string | undefined;
  readonly description: string | undefined;
  readonly tables: readonly { readonly name: string; readonly what: string }[];
  readonly severalTables: boolean;
  /** The files that were edited, in backticks; empty where there are none. */
  readonly code: string;
  readonly fence: string;
  readonly sql: string;
  /** What tableplan added to it, in a line; empty where that is nothing. */
  readonly byHand: string;
  readonly effects: EffectsTable;
  readonly rollback: {
    readonly label: string;
    readonly explanation: string;
    /** Where it is another file than the migration. */
    readonly file: string | undefined;
    readonly sql: string;
  };
  readonly checks: readonly Check[];
  readonly notTested: readonly string[];
  readonly breaking: readonly string[];
  readonly findings: readonly Pick<Finding, 'severity' | 'rule' | 'message'>[];
  /** Matters of taste, by the names of their rules. */
  readonly alsoNoted: string;
  readonly overrides: readonly ReturnType<typeof overrides>[number][];
  /** Undefined where there was none. */
  readonly plan: string | undefined;
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
  const down = rollbackOf(input.changes, input.rehearsal);
  const { rollbackFile, file } = input;
  return {
    generator: input.generator,
    number: input.number,
    title: title(input.name),
    file: codeText(file),
    type: migrationType(input.changes),
    impact: impact(input.changes),
    author: input.author === undefined ? undefined : freeText(input.author),
    description: input.description === undefined ? undefined : freeText(input.description),
    severalTables: affected(input.changes).length > 1,
    tables: affected(input.changes).map((object) => ({
      name: codeText(displayName(object)),
      what: lineText(whatHappens(input.changes, object)),
    })),
    code: input.editedFiles.map((each) => `\`${codeText(each)}\``).join(', '),
    // One fence for all blocks: none of them can close it.
    fence: fenceFor(input.up, input.down, input.plan),
    sql: printable(input.up.trim()),
    byHand: input.byHand.map(lineText).join('; '),
    effects: effectsTable(input.effects),
    rollback: {
      ...down,
      explanation: lineText(down.explanation),
      file: rollbackFile === undefined || rollbackFile === file ? undefined : codeText(rollbackFile),
      sql: printable(input.down.trim()),
    },
    checks: input.checks.filter(({ done, evidence, always }) => done || evidence !== undefined || always),
    notTested: (input.rehearsal?.notTested ?? []).map(lineText),
    breaking: breakingChanges(input.changes).map(lineText),
    ...findingsOf(input.findings),
    overrides: overrides(input.safety, input.overridden),
    plan: input.plan.trim(),
  };
}

/** Findings with their messages; what is a matter of taste only by its name. */
function findingsOf(findings: RecordInput['findings']): Pick<RecordView, 'findings' | 'alsoNoted'> {
  const taste = findings.filter(isTaste);
  return {
    findings: findings
      .filter((finding) => !isTaste(finding))
      .map((finding) => ({ ...finding, message: lineText(clippedMessage(finding.message)) })),
    alsoNoted: [...new Set(taste.map(({ rule }) => `\`${codeText(rule)}\``))].join(', '),
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
