import type { Answer, MigrationDraft } from '../pipeline/types.ts';
import { displayName } from '../plan/database-schema.ts';
import { renderFinding } from '../report/notices.ts';
import { renderDraft, renderPreview } from '../report/preview.ts';
import { canTakeFix, type Decision } from '../review/decide.ts';
import { errorsAndWarnings, type Finding, objectOf } from '../review/finding.ts';
import type { AnswerBook } from './answer-book.ts';
import type { Asker, Choice } from './asker.ts';

/** What was decided; `again` where an answer of the interview is to be changed. */
export type PreviewAnswer = Answer | 'again';

type Action =
  | 'write'
  | 'diff'
  | 'explain'
  | 'cancel'
  | 'change'
  | { readonly fix: Finding }
  | { readonly allow: Finding };

/**
 * Shows a draft on one screen and asks what to do with it: write it, take the fix of a finding, allow one with a reason, or
 * leave everything as it is. Whatever could lose rows is never the default, and a table is dropped only by its name.
 */
export async function askAboutDraft(
  asker: Asker,
  draft: MigrationDraft,
  { color, answers }: { readonly color: boolean; readonly answers?: AnswerBook | undefined },
): Promise<PreviewAnswer> {
  asker.say(renderPreview(draft, { color }));
  const { stopping } = draft.proof;
  for (;;) {
    const action = await asker.select<Action>({
      message: stopping.length === 0 ? 'Write these files?' : 'How do you want to handle this?',
      choices: actionsFor(draft, answers !== undefined),
      default: stopping.length === 0 && !losesRows(draft) ? 'write' : 'cancel',
    });
    if (action === 'cancel') return 'leave';
    if (action === 'diff') asker.say(renderDraft(draft, { color, diff: true }));
    else if (action === 'explain')
      asker.say(
        errorsAndWarnings(draft.proof.findings)
          .map((finding) => renderFinding(finding, { color }))
          .join('\n'),
      );
    else if (action === 'change') {
      if (answers && (await reopened(asker, answers))) return 'again';
    } else if (action !== 'write') return [await decisionOf(asker, action)];
    else if (await dropsConfirmed(asker, draft)) return 'write';
  }
}

/** Lets a person choose an answer to change; the others stay. */
async function reopened(asker: Asker, answers: AnswerBook): Promise<boolean> {
  const key = await asker.select<string>({
    message: 'Which answer?',
    search: true,
    choices: [
      ...answers
        .answered()
        .map(({ key: value, message, answer }) => ({ name: `${message}: ${shown(answer)}`, value })),
      { name: 'none, go back', value: '' },
    ],
  });
  if (key !== '') answers.reopen(key);
  return key !== '';
}

function shown(answer: string | boolean | readonly string[]): string {
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
  return typeof answer === 'string' ? answer || '–' : answer.join(', ') || '–';
}

function actionsFor(draft: MigrationDraft, hasAnswers: boolean): readonly Choice<Action>[] {
  const { stopping } = draft.proof;
  const findings = errorsAndWarnings(draft.proof.findings);
  const count = draft.edits.length;
  return [
    ...(stopping.length === 0
      ? [{ name: `Write ${count} ${count === 1 ? 'file' : 'files'}`, value: 'write' as const }]
      : []),
    ...findings
      .filter((finding) => canTakeFix(finding, draft.migration.sql))
      .map((finding) => ({
        name: `Fix ${named(finding)}`,
        value: { fix: finding },
        description: finding.fix!,
      })),
    ...findings.map((finding) => ({
      name: `Allow ${named(finding)}, with a reason for the record`,
      value: { allow: finding },
    })),
    ...(findings.length > 0 ? [{ name: 'Explain the findings', value: 'explain' as const }] : []),
    { name: 'Show the full diff', value: 'diff' },
    ...(hasAnswers ? [{ name: 'Change an answer', value: 'change' as const }] : []),
    { name: 'Cancel: write nothing, keep the plan as a draft', value: 'cancel' },
  ];
}

async function decisionOf(asker: Asker, action: Exclude<Action, string>): Promise<Decision> {
  if ('fix' in action) return { kind: 'fix', finding: action.fix };
  const reason = await asker.input({
    message: `Why is ${named(action.allow)} safe here?`,
    validate: (text) => text.trim() !== '' || 'A reason is needed: it goes into the plan and the record.',
  });
  return { kind: 'allow', finding: action.allow, reason: reason.trim() };
}

/** `drop-column on people.nick`. */
function named(finding: Finding): string {
  const object = objectOf(finding);
  return object === undefined ? finding.rule : `${finding.rule} on ${object}`;
}

function losesRows({ changes, proof }: MigrationDraft): boolean {
  return (
    changes.some(({ kind }) => kind === 'drop-table' || kind === 'drop-column') ||
    (proof.rehearsal?.gone.length ?? 0) > 0 ||
    (proof.rehearsal?.rows.length ?? 0) > 0
  );
}

/** False where a name was not typed as it is. */
async function dropsConfirmed(asker: Asker, { changes }: MigrationDraft): Promise<boolean> {
  for (const change of changes) {
    if (change.kind !== 'drop-table') continue;
    const name = displayName(change.table);
    const typed = await asker.input({
      message: `Type ${name} to drop the table and its rows (empty to go back)`,
      default: '',
      validate: (text) => text === '' || text === name || `The table is called ${name}.`,
    });
    if (typed !== name) return false;
  }
  return true;
}
