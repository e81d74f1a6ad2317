import { formatAt, type TableplanError } from '../errors.ts';
import { indent } from './diff-text.ts';
import { createColors } from './terminal-text.ts';

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
