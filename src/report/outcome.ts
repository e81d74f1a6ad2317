import { relative } from 'node:path';
import type { CodeDraft } from '../crud/code.ts';
import type { CodeOutcome, NoChanges, NotWritten, RunOutcome } from '../pipeline/types.ts';
import { displayName } from '../plan/database-schema.ts';
import type { Verification } from '../pipeline/verification.ts';
import type { Finding } from '../review/finding.ts';
import { allowLines } from '../rehearse/gate.ts';
import { unifiedDiff } from '../workspace/diff.ts';
import { fileLine, indent, paint } from './diff-text.ts';
import { findingsOf } from './findings.ts';
import { renderNotice, renderNotices } from './notices.ts';
import { renderDraft, type TextOptions } from './preview.ts';
import { renderRehearsal } from './rehearsed.ts';
import { renderRulesOff } from './rules-off.ts';
import { type Colors, createColors } from './terminal-text.ts';
import { renderUnproven } from './unproven.ts';

/** A finished run for people: what was done, the SQL, what to look at, and what to type next. */
export function renderOutcome(outcome: RunOutcome, options: TextOptions): string {
  const colors = createColors(options.color);
  if (outcome.status === 'no_changes') return renderNoChanges(outcome, options);
  if (outcome.status === 'declined') return renderNotWritten(outcome).join('\n');
  if (outcome.status === 'code') return renderCode(outcome, options);
  const { draft } = outcome;
  return [
    ...(options.wasPreviewed
      ? [colors.bold(`Wrote migration ${draft.migration.tag}`)]
      : [
          ...renderUnproven(draft.proof, colors),
          renderDraft(draft, options),
          ...renderRehearsal(draft.proof.rehearsal, colors),
        ]),
    ...renderNotices(findingsOf(outcome), colors),
    ...renderRulesOff(draft.rulesOff, colors),
    ...draft.proof.overridden.map(({ rule, reason }) => `${colors.dim('○ allowed')} ${rule}: ${reason}`),
    ...renderSteps(outcome.verification, colors),
    ...(outcome.status === 'stopped' ? [] : renderManualSteps(draft.code, colors)),
    '',
    ...endOf(outcome, colors),
  ].join('\n');
}

/** The last lines: what was written, or why not, and what to type next. */
function endOf(outcome: Exclude<RunOutcome, NoChanges | CodeOutcome>, colors: Colors): string[] {
  const { draft, status } = outcome;
  const { stopping } = draft.proof;
  if (outcome.status === 'stopped') return renderNotWritten(outcome, colors);
  if (status !== 'dry-run') return nextSteps(outcome, colors);
  return stopping.length === 0
    ? ['Dry run: nothing was written.']
    : [
        `${colors.red(`Dry run: a run would write nothing, because of ${countedFindings(stopping)}.`)}`,
        ...reasonLines(stopping),
      ];
}

/** Nothing was written: why, and where its plan is. */
function renderNotWritten(outcome: NotWritten, colors?: Colors): string[] {
  const { draft, kept } = outcome;
  const { stopping } = draft.proof;
  const command = `npx tableplan ${draft.code === undefined ? 'migration' : 'crud'} --resume`;
  const again = [
    [`${command} --diff`, 'shows what would be written'],
    [command, 'runs it again'],
    ...(stopping.length > 0 ? [[`${command} --write-anyway "why"`, 'writes it despite the errors']] : []),
  ] as const;
  const width = Math.max(...again.map(([typed]) => typed!.length));
  return [
    ...(colors && stopping.length > 0
      ? [colors.red(`✖ ${countedFindings(stopping)}: nothing was written.`), ...reasonLines(stopping), '']
      : ['Nothing was written.']),
    ...('id' in kept
      ? [
          `The plan is kept as draft ${kept.id}:`,
          ...again.map(([typed, effect]) => `  ${typed!.padEnd(width)}  ${effect}`),
        ]
      : [`The plan was not kept as a draft: ${kept.why}.`]),
  ];
}

/** The very lines for the plan. */
function reasonLines(stopping: readonly Finding[]): string[] {
  return ['If this is intentional, add a reason to the plan:', indent(allowLines(stopping))];
}

/** `2 errors and 1 warning`. */
function countedFindings(findings: readonly Finding[]): string {
  return (['error', 'warning', 'info'] as const)
    .flatMap((severity) => {
      const count = findings.filter((finding) => finding.severity === severity).length;
      return count === 0 ? [] : [`${count} ${severity}${count === 1 || severity === 'info' ? '' : 's'}`];
    })
    .join(' and ');
}

function renderNoChanges({ notices, repairs, project }: NoChanges, options: TextOptions): string {
  const colors = createColors(options.color);
  return [
    ...(options.diff && repairs.length > 0
      ? [paint(unifiedDiff(repairs, project.root), colors)]
      : repairs.map((edit) => fileLine(edit, project.root, colors))),
    ...notices.map((notice) => renderNotice(notice, colors)),
    ...(repairs.length === 0 ? ['Nothing to do: the schema already is what the plan asks for.'] : []),
  ].join('\n');
}

function renderSteps(verification: Verification | undefined, colors: Colors): string[] {
  return (verification?.steps ?? [])
    .filter(({ ok }) => ok)
    .map(
      ({ command, existing }) =>
        `${colors.green('✔')} ${command}${existing === undefined ? '' : ` (no error that was not there before)`}`,
    );
}

/** Code about tables that are there already. */
export function renderCode(outcome: CodeOutcome, options: TextOptions): string {
  const colors = createColors(options.color);
  const { code, project, state } = outcome;
  if (state === 'declined') return 'Nothing was written.';
  return [
    colors.bold(`Code for ${code.domains.map(displayName).join(', ')} (${code.stack})`),
    ...(options.diff
      ? [paint(unifiedDiff(code.edits, project.root), colors)]
      : code.edits.map((edit) => fileLine(edit, project.root, colors))),
    ...renderNotices(findingsOf(outcome), colors),
    ...renderSteps(outcome.verification, colors),
    ...renderManualSteps(code, colors),
    ...(state === 'dry-run' ? ['', 'Dry run: nothing was written.'] : []),
  ].join('\n');
}

/** What is left for a person: edits that found no place, packages to install. */
function renderManualSteps(code: CodeDraft | undefined, colors: Colors): string[] {
  if (code === undefined) return [];
  return [
    ...code.byHand.flatMap(({ what, paste }) => ['', `${colors.yellow('By hand')} ${what}:`, indent(paste)]),
    ...(code.install.length === 0
      ? []
      : [
          '',
          `${colors.bold('Install')} what the code imports; tsc and tests were left out until then:`,
          ...code.install.map((line) => `  ${line}`),
        ]),
  ];
}

function nextSteps(outcome: Exclude<RunOutcome, NoChanges | CodeOutcome>, colors: Colors): string[] {
  const { draft, verification } = outcome;
  const { project, proof } = draft;
  const apply = project.migrateScript ? project.run(project.migrateScript.name) : draft.words.migrate;
  // What is known to fail is not to be applied.
  const isProven = proof.writtenAnyway === undefined && verification?.ok !== false;
  return [
    ...(isProven
      ? [`${colors.bold('Apply it with')}  ${apply}`]
      : proof.writtenAnyway === undefined
        ? []
        : [colors.yellow(`Written despite errors: ${proof.writtenAnyway}`)]),
    `${colors.bold('Commit together')}`,
    ...draft.edits.map(({ path }) => `  ${relative(project.root, path).replaceAll('\\', '/')}`),
  ];
}
