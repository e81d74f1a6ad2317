import { relative } from 'node:path';
import { formatAt, type TableplanError } from '../errors.ts';
import { displayName } from '../plan/database-schema.ts';
import { changedObject, describeChange } from '../plan/describe.ts';
import type { RehearseOutcome } from '../commands/rehearse.ts';
import type { CodeDraft } from '../crud/code.ts';
import type { CodeOutcome, MigrationDraft, NoChanges, NotWritten, RunOutcome } from '../pipeline/types.ts';
import type { Notice } from '../plan/change.ts';
import { describeCompared, ROLLBACK_HOLDS_FOR } from '../rehearse/coverage.ts';
import type { Rehearsal } from '../rehearse/rehearse.ts';
import type { Verification } from '../project/verification.ts';
import { errorsAndWarnings, type Finding } from '../review/finding.ts';
import { allowLines } from '../review/gate.ts';
import { effectWords } from '../review/statement-effects.ts';
import { unifiedDiff } from '../workspace/diff.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { clippedLine, clippedMessage } from './clipped.ts';
import { renderRulesOff } from './rules-off.ts';
import { renderUnproven } from './unproven.ts';
import { shownFix } from './shown-fix.ts';
import { type FailedCheck, findingsOf, isTaste, worst } from './findings.ts';
import { type Colors, createColors } from './terminal-text.ts';

type Told = Notice | Finding | FailedCheck;

export interface TextOptions {
  readonly color: boolean;
  /** Show the unified diff of all files. */
  readonly diff: boolean;
}

/** A finished run for people: what was done, the SQL, what to look at, and what to type next. */
export function renderOutcome(outcome: RunOutcome, options: TextOptions): string {
  const colors = createColors(options.color);
  if (outcome.status === 'no_changes') return renderNoChanges(outcome, options);
  if (outcome.status === 'declined') return renderNotWritten(outcome).join('\n');
  if (outcome.status === 'code') return renderCode(outcome, options);
  const { draft } = outcome;
  return [
    ...renderUnproven(draft.proof, colors),
    renderDraft(draft, options),
    ...renderRehearsal(draft.proof.rehearsal, colors),
    ...renderNotices(findingsOf(outcome), colors),
    ...renderRulesOff(draft.rulesOff, colors),
    ...draft.proof.overridden.map(({ rule, reason }) => `${colors.dim('○ allowed')} ${rule}: ${reason}`),
    ...renderSteps(outcome.verification, colors),
    ...(outcome.status === 'stopped' ? [] : renderHandWork(draft.code, colors)),
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
    ...renderHandWork(code, colors),
    ...(state === 'dry-run' ? ['', 'Dry run: nothing was written.'] : []),
  ].join('\n');
}

/** What is left for a person: edits that found no place, packages to install. */
function renderHandWork(code: CodeDraft | undefined, colors: Colors): string[] {
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

/** Changes, files and SQL of a draft; with `diff` the files' contents too. */
export function renderDraft(draft: MigrationDraft, options: TextOptions): string {
  const colors = createColors(options.color);
  const { root } = draft.project;
  return [
    colors.bold(`Migration ${draft.migration.tag}`),
    ...draft.changes.map((change) => `  ${displayName(changedObject(change))}: ${describeChange(change)}`),
    '',
    ...(options.diff
      ? [paint(unifiedDiff(draft.edits, root), colors)]
      : draft.edits.map((edit) => fileLine(edit, root, colors))),
    '',
    colors.bold('SQL'),
    indent(draft.migration.sql.trim()),
    '',
  ].join('\n');
}

/** Lines of SQL and of changes that a preview shows. */
const MOST_SHOWN = 20;

/** A draft on one screen: changes, files with their counts, SQL, what the rehearsal saw, and a line for each finding. */
export function renderPreview(draft: MigrationDraft, { color }: Pick<TextOptions, 'color'>): string {
  const colors = createColors(color);
  const { root } = draft.project;
  const { rehearsal, findings } = draft.proof;
  return [
    colors.bold(`Migration ${draft.migration.tag}`),
    ...firstOf(
      draft.changes.map((change) => `  ${displayName(changedObject(change))}: ${describeChange(change)}`),
    ),
    '',
    ...draft.edits.map((edit) => `${fileLine(edit, root, colors)} ${countsOf(edit, colors)}`),
    '',
    colors.bold('SQL'),
    ...firstOf(indent(draft.migration.sql.trim()).split('\n')),
    '',
    ...renderUnproven(draft.proof, colors),
    ...renderRehearsal(rehearsal && { ...rehearsal, statements: [] }, colors),
    ...errorsAndWarnings(findings).map((finding) => findingLine(finding, colors)),
  ].join('\n');
}

/** Characters of a line in a preview. */
const WIDTH = 110;

/** A finding in one line, without its place and its fix. */
function findingLine({ severity, rule, message }: Finding, colors: Colors): string {
  const [first = ''] = message.split('\n');
  return `${markOf(severity, colors)} ${rule}: ${clippedLine(first, WIDTH - rule.length)}`;
}

function firstOf(lines: readonly string[]): string[] {
  if (lines.length <= MOST_SHOWN) return [...lines];
  return [...lines.slice(0, MOST_SHOWN), `  … ${lines.length - MOST_SHOWN} more lines`];
}

/** `+3 −1`: lines of the unified diff. */
function countsOf(edit: FileEdit, colors: Colors): string {
  const lines = unifiedDiff([edit], '/').split('\n').slice(2);
  const count = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length;
  return `${colors.green(`+${count('+')}`)} ${colors.red(`−${count('-')}`)}`;
}

function fileLine({ path, before, after }: FileEdit, root: string, colors: Colors): string {
  const file = relative(root, path).replaceAll('\\', '/');
  if (before === null) return `  ${colors.green('create')} ${file}`;
  return `  ${colors.yellow(after === null ? 'delete' : 'modify')} ${file}`;
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

/** What the rehearsal came to, and the locks that it saw. */
function renderRehearsal(rehearsal: Rehearsal | undefined, colors: Colors): string[] {
  if (!rehearsal) return [];
  const { engine, version, up, down, again, rollback, seeded } = rehearsal;
  const dump =
    seeded.length === 0
      ? ''
      : `, with rows of ${seeded.length} ${seeded.length === 1 ? 'table' : 'tables'} from the dump`;
  const step = (name: string, outcome: string): string =>
    outcome === 'ok'
      ? colors.green(`${name} ✔`)
      : outcome === 'failed'
        ? colors.red(`${name} ✖`)
        : `${name} –`;
  const effects = rehearsal.statements.flatMap((statement) => {
    const words = effectWords({ ...statement, unknown: false });
    return words.length === 0 ? [] : [`  ${colors.dim(firstLine(statement.sql))}`, `    ${words.join(', ')}`];
  });
  return [
    `${colors.bold('Rehearsed')} on ${engine}, PostgreSQL ${version}${dump}: ${step('up', up)}, ${step('down', down)}, ${step('up again', again)}; rollback ${rollback}${basisOf(rehearsal)}`,
    ...rehearsal.limits.map((limit) => `  rollback: ${limit}`),
    ...effects,
    ...rehearsal.indexes.map(
      ({ index, used }) => `  ${index} ${used ? 'is proven usable' : 'is not used by a search'} (EXPLAIN)`,
    ),
    '',
  ];
}

/** What the label of a rollback rests on; empty where none was compared. */
function basisOf({ compared, rollback }: Rehearsal): string {
  if (!compared || rollback === 'irreversible') return '';
  return `: ${describeCompared(compared)} compared; it holds for ${ROLLBACK_HOLDS_FOR}`;
}

function firstLine(sql: string): string {
  const [line = ''] = sql.split('\n');
  return clippedLine(line, 100);
}

/** All that matters, and in one line what is a matter of taste. */
function renderNotices(notices: readonly Told[], colors: Colors): string[] {
  const taste = notices.filter(isTaste);
  return [
    ...notices.filter((notice) => !isTaste(notice)).map((notice) => renderNotice(notice, colors)),
    ...(taste.length === 0 ? [] : [colors.dim(`○ also noted: ${counted(taste.map(({ rule }) => rule))}`)]),
  ];
}

/** `type-preferences (2), enum-ordering`. */
function counted(names: readonly string[]): string {
  return [...new Set(names)]
    .map((name) => {
      const count = names.filter((other) => other === name).length;
      return count === 1 ? name : `${name} (${count})`;
    })
    .join(', ');
}

/** One finding with its place and its own fix: the one that is taken when it is answered alone. */
export function renderFinding(finding: Finding, { color }: Pick<TextOptions, 'color'>): string {
  const { together: _together, ...alone } = finding;
  return renderNotice(alone, createColors(color));
}

function markOf(severity: Finding['severity'], colors: Colors): string {
  if (severity === 'error') return colors.red('✖ error');
  return severity === 'warning' ? colors.yellow('▲ warning') : colors.cyan('● info');
}

export function renderNotice(notice: Told, colors: Colors): string {
  const mark = markOf(notice.severity, colors);
  const where =
    notice.file === undefined
      ? ''
      : ` ${formatAt({ file: notice.file, ...(notice.line === undefined ? {} : { line: notice.line }) })}`;
  const how = 'fix' in notice ? shownFix(notice) : undefined;
  const fix = how ? `\n${indent([how.heading, ...(how.sql === undefined ? [] : [how.sql])].join(': '))}` : '';
  return `${mark} ${notice.rule}${where}: ${clippedMessage(notice.message)}${fix}`;
}

/** A rehearsed migration for people. */
export function renderRehearsed(outcome: RehearseOutcome, options: { color: boolean }): string {
  const colors = createColors(options.color);
  const { stopping } = outcome;
  const isSql = outcome.file.endsWith('.sql');
  const missing = outcome.notRehearsed
    ? '; it was not rehearsed'
    : outcome.notCompared
      ? '; its result was not compared'
      : '';
  const without = isSql ? ' (no rollback script)' : ' (no `down`)';
  return [
    ...renderUnproven(outcome, colors),
    `${colors.bold(outcome.migration)}${outcome.rollbackFile === undefined ? without : ''}`,
    ...renderRehearsal(outcome.rehearsal, colors),
    ...renderNotices(outcome.findings, colors),
    ...renderRulesOff(outcome.rulesOff, colors),
    stopping.length === 0
      ? `${colors.green('✔')} Nothing stops it${missing}.`
      : `${colors.red('Stopped')} by ${stopping.length} ${stopping.length === 1 ? 'finding' : 'findings'}. If this is intentional, write above the ${isSql ? 'statement: --' : 'call: //'} tableplan:allow ${worst(stopping)?.rule} the reason`,
  ].join('\n');
}

/** An error for people: what, where, the frame, and what to do next. */
export function renderError(error: TableplanError, options: { color: boolean }): string {
  const colors = createColors(options.color);
  return [
    `${colors.red('✖')} ${error.code}${error.rule === undefined ? '' : ` (${error.rule})`}: ${error.message}`,
    error.at && `  ${colors.dim('at')} ${formatAt(error.at)}`,
    error.frame && indent(error.frame),
    ...error.missing.flatMap(({ question, supply }) => [`  ${question}`, `    ${supply}`]),
    error.hint && `  ${colors.bold('→')} ${error.hint}`,
  ]
    .filter((line): line is string => typeof line === 'string')
    .join('\n');
}

function paint(diff: string, colors: Colors): string {
  return diff
    .split('\n')
    .map((line) => {
      if (/^(\+\+\+|---) /.test(line)) return colors.bold(line);
      if (line.startsWith('+')) return colors.green(line);
      if (line.startsWith('-')) return colors.red(line);
      return line.startsWith('@@') ? colors.cyan(line) : line;
    })
    .join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
