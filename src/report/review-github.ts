import type { Finding } from '../review/finding.ts';
import { textWithFix } from './shown-fix.ts';

const COMMAND = { error: 'error', warning: 'warning', info: 'notice' } as const;

/**
 * Findings as workflow commands, which GitHub shows beside the lines of a pull request. `file` has to be relative to the
 * top of the repository. Empty where there is none.
 */
export function reviewGithub(findings: readonly Finding[]): string {
  return findings.map(annotation).join('\n');
}

function annotation(finding: Finding): string {
  const { rule, severity, file, line, column } = finding;
  const place = file === undefined ? '' : `file=${property(file)},line=${line},col=${column},`;
  const text = textWithFix(finding);
  return `::${COMMAND[severity]} ${place}title=${property(rule)}::${data(text)}`;
}

/** As @actions/core escapes what stands after `::`. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** As @actions/core escapes the value of a property. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
