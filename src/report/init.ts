import type { InitResult } from '../commands/init.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import { renderDocs } from './docs.ts';

/** What `init` has written, for people, and what comes next. */
export function renderInit(
  { written, next, docs, isDryRun }: InitResult,
  options: { readonly color: boolean },
): string {
  return [
    written.length > 0
      ? `${isDryRun ? 'Would write' : 'Wrote'} ${written.join(', ')}. Now: ${next}`
      : 'Nothing to do: tableplan is set up here.',
    ...(docs ? [renderDocs(docs, { ...options, diff: isDryRun })] : []),
  ].join('\n');
}

/** The same as the `--json` object. */
export function reportInit({ written, docs }: InitResult): object {
  const documents = (docs?.edits ?? []).map(({ path }) => posixRelative(docs!.project.root, path));
  const all = [...written, ...documents];
  return { status: all.length > 0 ? 'ok' : 'no_changes', written: all };
}
