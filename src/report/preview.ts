import type { MigrationDraft } from '../pipeline/types.ts';
import { displayName } from '../plan/database-schema.ts';
import { changedObject, describeChange } from '../plan/describe.ts';
import { errorsAndWarnings, type Finding } from '../review/finding.ts';
import { unifiedDiff } from '../workspace/diff.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { clippedLine } from './clipped.ts';
import { fileLine, indent, paint } from './diff-text.ts';
import { markOf } from './notices.ts';
import { renderRehearsal } from './rehearsed.ts';
import { type Colors, createColors } from './terminal-text.ts';
import { renderUnproven } from './unproven.ts';

export interface TextOptions {
  readonly color: boolean;
  /** Show the unified diff of all files. */
  readonly diff: boolean;
  /** A preview has shown the draft: it is not shown again. */
  readonly wasPreviewed?: boolean | undefined;
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
