import type { DocsOutcome } from '../commands/docs.ts';
import { summarise, unifiedDiff } from '../workspace/diff.ts';
import { posixRelative } from '../workspace/posix-relative.ts';
import type { JsonReport } from './json.ts';
import { renderNotice } from './notices.ts';
import { createColors } from './terminal-text.ts';

const WHY = { missing: 'not there yet', stale: 'not up to date', edited: 'changed by hand' };

/** Documents written, or to be written, for people. */
export function renderDocs(outcome: DocsOutcome, options: { color: boolean; diff: boolean }): string {
  const colors = createColors(options.color);
  const { status, edits, why, project } = outcome;
  const lines = edits.map(({ path, before }, index) => {
    const action = before === null ? colors.green('create') : colors.yellow('modify');
    return `  ${action} ${posixRelative(project.root, path)} (${WHY[why[index] ?? 'stale']})`;
  });
  const notices = outcome.notices.map((notice) => renderNotice(notice, colors));
  switch (status) {
    case 'no_changes':
      return [...notices, 'Nothing to do: the documents are up to date.'].join('\n');
    case 'done':
      return [...notices, 'Wrote', ...lines].join('\n');
    case 'dry-run':
      return [
        ...notices,
        ...(options.diff ? [unifiedDiff(edits, project.root).trimEnd()] : lines),
        'Dry run: nothing was written.',
      ].join('\n');
    case 'stale':
      return [...notices, 'Not up to date; tableplan docs writes', ...lines].join('\n');
  }
}

/** The same as the `--json` object. Paths are relative to the project. */
export function reportDocs({ status, edits, why, notices, project }: DocsOutcome): JsonReport {
  return {
    status: status === 'stale' ? 'findings' : status === 'no_changes' ? 'no_changes' : 'ok',
    ...(status === 'dry-run' && { dryRun: true }),
    edits: summarise(edits, project.root),
    ...(status === 'stale' && {
      stale: edits.map(({ path }, index) => ({ path: posixRelative(project.root, path), why: why[index] })),
    }),
    findings: notices.map((notice) => ({ ...notice, observed: false })),
  };
}
