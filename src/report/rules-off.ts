import type { Colors } from './terminal-text.ts';

/** One line about the rules that the settings turn off; none where all are on. */
export function renderRulesOff(rules: readonly string[], colors: Colors): string[] {
  return rules.length === 0 ? [] : [colors.dim(`○ rules off in package.json: ${rules.join(', ')}`)];
}
