import { formatAt } from '../errors.ts';
import type { Notice } from '../plan/change.ts';
import type { Finding } from '../review/finding.ts';
import { clippedMessage } from './clipped.ts';
import { indent } from './diff-text.ts';
import { type FailedCheck, isTaste } from './findings.ts';
import { shownFix } from './shown-fix.ts';
import { type Colors, createColors } from './terminal-text.ts';

type Reported = Notice | Finding | FailedCheck;

/** All that matters, and in one line what is a matter of taste. */
export function renderNotices(notices: readonly Reported[], colors: Colors): string[] {
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
export function renderFinding(finding: Finding, { color }: { readonly color: boolean }): string {
  const { together: _together, ...alone } = finding;
  return renderNotice(alone, createColors(color));
}

/** The sign and the name of a severity. */
export function markOf(severity: Finding['severity'], colors: Colors): string {
  if (severity === 'error') return colors.red('✖ error');
  return severity === 'warning' ? colors.yellow('▲ warning') : colors.cyan('● info');
}

/** A notice or a finding with its place, its message and its fix. */
export function renderNotice(notice: Reported, colors: Colors): string {
  const mark = markOf(notice.severity, colors);
  const where =
    notice.file === undefined
      ? ''
      : ` ${formatAt({ file: notice.file, ...(notice.line === undefined ? {} : { line: notice.line }) })}`;
  const how = 'fix' in notice ? shownFix(notice) : undefined;
  const fix = how ? `\n${indent([how.heading, ...(how.sql === undefined ? [] : [how.sql])].join(': '))}` : '';
  return `${mark} ${notice.rule}${where}: ${clippedMessage(notice.message)}${fix}`;
}
