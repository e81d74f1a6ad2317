import type { Explanation } from '../commands/explain.ts';
import { createColors } from './terminal-text.ts';

/** A rule for people: why, what it reports, what to write instead, how to turn it off. */
export function renderExplanation(explained: Explanation, options: { readonly color: boolean }): string {
  const colors = createColors(options.color);
  const { rule, severity, reason, bad, message, fix, good, canBeOff } = explained;
  const block = (title: string, text: string | undefined): string[] =>
    text === undefined ? [] : ['', colors.bold(title), indented(text)];
  return [
    `${colors.bold(rule)}${severity === undefined ? '' : ` (${severity})`}`,
    ...(reason === undefined ? [] : [reason]),
    ...block('Reported', bad),
    ...(message === undefined ? [] : [`  → ${message}`]),
    ...block('Fix', fix),
    ...block('Not reported', good),
    '',
    ...(canBeOff
      ? [
          'If it is intentional:',
          `  one statement   -- tableplan:allow ${rule} <reason>   above it in the SQL`,
          `  one plan        safety: { allow: [{ rule: ${rule}, reason: … }] }`,
          `  the project     "tableplan": { "rules": { "${rule}": "off" } }   in package.json`,
        ]
      : ['It cannot be turned off: it reports a migration, a history or a proof that does not hold.']),
  ].join('\n');
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
