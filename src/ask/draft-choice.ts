import type { KeptDraft } from '../workspace/drafts.ts';
import type { Asker } from './asker.ts';

/** Which of several drafts is to be taken up; the newest by Enter. */
export function askDraft(asker: Asker, drafts: readonly KeptDraft[]): Promise<KeptDraft> {
  return asker.select<KeptDraft>({
    message: 'Which draft?',
    choices: drafts.map((draft) => ({ name: describeDraft(draft), value: draft })),
  });
}

/** `interview-2 · 2026-12-01 03:10 UTC · New table, tags, yes (3 answers)` */
function describeDraft({ id, at, plan, answers = [] }: KeptDraft): string {
  const first = answers.slice(0, 2).map(({ answer }) => String(answer));
  const count = `${answers.length} ${answers.length === 1 ? 'answer' : 'answers'}`;
  return [
    id,
    `${at.slice(0, 16).replace('T', ' ')} UTC`,
    ...(plan === '' ? [`left at: ${[...first, count].join(', ')}`] : ['a whole plan']),
  ].join(' · ');
}
