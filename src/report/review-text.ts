import type { ReviewOutcome } from '../commands/review.ts';
import { formatAt } from '../errors.ts';
import type { Finding, Severity } from '../review/finding.ts';
import { clippedLine, clippedMessage } from './clipped.ts';
import { worst } from './findings.ts';
import { HISTORY_RULES } from '../review/files/history-findings.ts';
import type { RuleInfos } from '../review/files/judged.ts';
import { renderRulesOff } from './rules-off.ts';
import { shownFix } from './shown-fix.ts';
import { type Colors, createColors } from './terminal-text.ts';

/** A review for people: every finding with its place, the statement, what is wrong and what to write instead. */
export function renderReview(outcome: ReviewOutcome, options: { readonly color: boolean }): string {
  const colors = createColors(options.color);
  const { findings, allowed, rules, files } = outcome;
  if (files === 0 && findings.length === 0)
    return outcome.since === undefined
      ? 'Nothing to review: there is no migration.'
      : `Nothing to review: no migration is new since ${outcome.since}.`;
  const told = new Set<string>();
  const blocks = findings.map((finding, index) => {
    const isFirst = !told.has(finding.rule);
    told.add(finding.rule);
    return [
      ...heading(finding, colors),
      ...(isSamePlace(finding, findings[index - 1]) ? [] : codeFrame(finding, colors)),
      ...explanation(finding, colors),
      ...(isFirst ? reasonOf(finding, rules, colors) : []),
      '',
    ];
  });
  return [
    ...blocks.flat(),
    ...allowed.map(
      ({ rule, allowed: reason, ...finding }) =>
        `${colors.dim('○ allowed')} ${rule} ${placeOf(finding)}: ${reason}`,
    ),
    ...renderRulesOff(outcome.rulesOff, colors),
    ...summary(outcome, colors),
  ].join('\n');
}

/** Several findings about one statement show it once. */
function isSamePlace(finding: Finding, previous: Finding | undefined): boolean {
  return (
    finding.file === previous?.file && finding.line === previous?.line && finding.column === previous.column
  );
}

function heading({ rule, severity, ...place }: Finding, colors: Colors): string[] {
  return [`${mark(severity, colors)} ${colors.bold(rule)} ${colors.dim(placeOf(place))}`];
}

function explanation(finding: Finding, colors: Colors): string[] {
  const { message } = finding;
  const fix = shownFix(finding);
  const sql = fix?.sql;
  const how =
    fix === undefined
      ? []
      : [
          colors.green(`${fix.heading}${sql === undefined ? '' : ':'}`),
          ...(sql === undefined ? [] : indented(untabbed(sql))),
        ];
  return [...indented(untabbed(clippedMessage(message))), ...how.map((line) => `  ${line}`)];
}

function reasonOf({ rule }: Finding, rules: RuleInfos, colors: Colors): string[] {
  const reason = rules[rule]?.reason ?? '';
  return reason === '' ? [] : [colors.dim(`  why: ${reason}`)];
}

function mark(severity: Severity, colors: Colors): string {
  switch (severity) {
    case 'error':
      return colors.red('✖ error');
    case 'warning':
      return colors.yellow('▲ warning');
    case 'info':
      return colors.cyan('● info');
  }
}

function placeOf({ file, line, column }: Pick<Finding, 'file' | 'line' | 'column'>): string {
  return file === undefined ? `line ${line}` : formatAt({ file, line, column });
}

const MOST_LINES = 4;
const WIDEST = 120;

/** The first lines of the statement under their numbers, a caret where it begins. */
function codeFrame({ statement, line, column }: Finding, colors: Colors): string[] {
  if (statement === '') return [];
  const all = statement.split(/\r?\n/);
  // What stands before the statement in its first line is not known: its place is kept, within reason.
  const lead = ' '.repeat(Math.min(column - 1, 20));
  const shown = all
    .slice(0, MOST_LINES)
    .map((text, index) => clippedLine(untabbed(index === 0 ? `${lead}${text}` : text), WIDEST));
  const width = String(line + shown.length - 1).length;
  const row = (number: string, text: string): string =>
    colors.dim(`  ${number.padStart(width)} │ `.trimEnd()) + (text === '' ? '' : ` ${text}`);
  const [first = '', ...rest] = shown;
  return [
    row(String(line), first),
    row('', `${lead}${colors.red('^')}`),
    ...rest.map((text, index) => row(String(line + index + 1), text)),
    ...(all.length > MOST_LINES ? [row('', colors.dim(`… ${all.length - MOST_LINES} more lines`))] : []),
  ];
}

/** Tabs as wide as the caret below them takes them to be. */
function untabbed(text: string): string {
  return text.replaceAll('\t', '  ');
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`);
}

function summary({ files, findings, allowed, stopping }: ReviewOutcome, colors: Colors): string[] {
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    if (number === 0) return [];
    return [severity === 'info' ? `${number} info` : counted(number, severity)];
  });
  const found = counts.length === 0 ? 'nothing found' : counts.join(', ');
  const passed = allowed.length === 0 ? '' : `, ${allowed.length} allowed`;
  const line = `${counted(files, 'file')} reviewed: ${found}${passed}.`;
  if (stopping.length === 0) return [`${colors.green('✔')} ${line}`];
  const allowable = worst(stopping.filter(({ rule }) => !(rule in HISTORY_RULES)));
  const isSql = allowable?.file?.endsWith('.sql') ?? true;
  const where = isSql ? 'statement: --' : 'call: //';
  const hint = `  If this is intentional, write above the ${where} tableplan:allow ${allowable?.rule} the reason`;
  return [`${colors.red('✖')} ${line}`, ...(allowable ? [hint] : [])];
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
