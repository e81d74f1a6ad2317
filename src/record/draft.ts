import { join, relative } from 'node:path';
import type { ParsedPlan } from '../plan/parse.ts';
import { printPlan } from '../plan/print.ts';
import { formatNewFile } from '../project/format.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { type Check, recordFileName, type RecordInput, renderRecord } from './record.ts';
import { readRecordTemplate } from './template.ts';

/** What the record says, with absolute paths; its boxes are ticked later. */
export interface RecordContent extends Pick<
  RecordInput,
  | 'generator'
  | 'number'
  | 'name'
  | 'changes'
  | 'up'
  | 'byHand'
  | 'findings'
  | 'overridden'
  | 'rehearsal'
  | 'effects'
  | 'author'
> {
  readonly plan: ParsedPlan;
  readonly down: readonly string[];
  readonly sqlPath: string;
  readonly rollbackPath: string;
  readonly editedPaths: readonly string[];
}

export interface DraftedRecord {
  readonly edit: FileEdit & { readonly after: string };
  /** The record with other boxes ticked, as an edit of the drafted one; undefined when nothing differs. */
  withChecks(checks: readonly Check[]): Promise<FileEdit | undefined>;
}

function ended(statement: string): string {
  return /;\s*$/.test(statement) ? statement : `${statement};`;
}

/** The record of a migration in `docs/migrations`, rendered from the project's template and formatted. */
export async function draftRecord(
  root: string,
  content: RecordContent,
  checks: readonly Check[],
): Promise<DraftedRecord> {
  const { plan, name, number } = content;
  const path = join(root, 'docs', 'migrations', recordFileName(number, name));
  const shown = (absolute: string): string => relative(root, absolute).replaceAll('\\', '/');
  const template = await readRecordTemplate(root);
  const render = (ticked: readonly Check[]): Promise<string> =>
    formatNewFile(
      renderRecord(
        {
          generator: content.generator,
          number,
          name,
          description: plan.plan.documents[0]?.description,
          file: shown(content.sqlPath),
          rollbackFile: shown(content.rollbackPath),
          editedFiles: content.editedPaths.map(shown),
          changes: content.changes,
          up: content.up,
          down: content.down.map(ended).join('\n'),
          byHand: content.byHand,
          checks: ticked,
          findings: content.findings,
          overridden: content.overridden,
          rehearsal: content.rehearsal,
          effects: content.effects,
          author: content.author,
          safety: plan.plan.documents[0]?.safety,
          plan: printPlan(plan.plan, { compact: true }),
        },
        template,
      ),
      path,
      { root, always: true },
    );
  const first = await render(checks);
  return {
    edit: { path, before: null, after: first },
    async withChecks(ticked) {
      const text = await render(ticked);
      return text === first ? undefined : { path, before: first, after: text };
    },
  };
}
