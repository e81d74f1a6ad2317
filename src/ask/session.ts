import { TableplanError } from '../errors.ts';
import type { Answer, CodeOutcome, MigrationDraft, PlanSource } from '../pipeline/types.ts';
import type { ObjectName } from '../plan/database-schema.ts';
import { NO_PLAN, parsePlan } from '../plan/parse.ts';
import type { Plan } from '../plan/plan.ts';
import { printPlan } from '../plan/print.ts';
import type { WordsContext } from '../plan/words.ts';
import { wordsContext } from '../plan/words/context.ts';
import { renderError } from '../report/error.ts';
import { renderCode } from '../report/outcome.ts';
import { keepDraft, type KeptAnswer, type KeptDraft } from '../workspace/drafts.ts';
import type { ProjectFolders } from '../workspace/own-folder.ts';
import { askAuthentication, type Authentication, withAuthentication } from './access.ts';
import { AnswerBook } from './answer-book.ts';
import { answerOfField } from './answer-of-field.ts';
import type { Asker } from './asker.ts';
import { equivalentCommand } from './equivalent.ts';
import { askDraft } from './draft-choice.ts';
import { askDomain, askKind, askPlan } from './interview.ts';
import { askAboutDraft } from './preview.ts';
import { refusingAsker } from './refuse.ts';
import { terminalAsker } from './terminal.ts';
import { postgresTypeCheck, type TypeCheck } from './type-check.ts';

export interface Interview {
  /** Tables that are there, for which only code is wanted; filled by `ask`. */
  readonly existing: readonly ObjectName[];
  /** Who may use the routes of code for a table that is there; a new table has it in its plan. */
  readonly authentication: Authentication | undefined;
  /** Which of several drafts is taken up; asked once. */
  chooseDraft(drafts: readonly KeptDraft[]): Promise<KeptDraft>;
  /**
   * Where answers are kept while they are given (nowhere in a dry run), and the draft that is taken up. The first question
   * is asked while the project is being read; `leave` is called with the reason where the person leaves there.
   */
  begin(
    folders: ProjectFolders | undefined,
    draft: KeptDraft | undefined,
    leave: (reason: unknown) => void,
  ): void;
  /** Resolves when no question that was asked before its time is open: nothing else may be drawn meanwhile. */
  free(): Promise<void>;
  ask: PlanSource;
  /** Shows what would be written and what was found, and asks what to do with it. */
  confirm(draft: MigrationDraft): Promise<Answer>;
  /** Shows code for a table that is there, and asks once before it is written. */
  confirmCode(drafted: CodeOutcome): Promise<boolean>;
  /** Which of the stacks that fit the project the code is to be written for. */
  askStack(question: string, names: readonly string[]): Promise<string>;
  /** Whether to run again: an answer is to be changed, or was refused, which its question then says. */
  again(refusal?: unknown): boolean;
  /** Under which id the answers are kept, and which they are. */
  kept(): { readonly id: string | undefined; readonly answers: readonly KeptAnswer[] };
  /** The command that does the same without questions. */
  equivalent(plan: Plan): string;
  close(): Promise<void>;
}

/** The conversation of one run: at a terminal, or one that refuses every question and says what to supply instead. */
export function makeInterview(options: {
  readonly command: 'migration' | 'crud';
  readonly interactive: boolean;
  readonly color: boolean;
  /** Who may use the routes is given already. */
  readonly hasAuthentication?: boolean | undefined;
  /** Who is asked, in tests. */
  readonly asker?: Asker | undefined;
}): Interview {
  const { command, color } = options;
  const existing: ObjectName[] = [];
  let authentication: Authentication | undefined;
  const asker = options.asker ?? (options.interactive ? terminalAsker() : refusingAsker());
  let folders: ProjectFolders | undefined;
  let resumed: KeptDraft | undefined;
  let id: string | undefined;
  let context: WordsContext | undefined;
  let checks: TypeCheck | undefined;
  let plan: Plan | undefined;
  let isToRunAgain = false;
  let keeping = Promise.resolve();
  /** The first question, asked before its time, and what takes it away where there is nothing to ask about. */
  let early = Promise.resolve();
  const ending = new AbortController();
  /** One after the other, so that the last answers are those that stay. */
  const keep = (answers: readonly KeptAnswer[]): void => {
    const place = folders;
    if (place === undefined || answers.length === 0) return;
    keeping = keeping.then(async () => {
      const kept = await keepDraft(place, { name: 'interview', id, command, plan: '', answers });
      if ('id' in kept) id = kept.id;
    });
  };
  let book = new AnswerBook([], keep);
  return {
    existing,
    get authentication() {
      return authentication;
    },
    async chooseDraft(drafts) {
      return resumed ?? askDraft(asker, drafts);
    },
    begin(place, draft, leave) {
      folders ??= place;
      if (draft !== undefined && resumed === undefined) {
        resumed = draft;
        id = draft.id;
        book = new AnswerBook(draft.answers ?? [], keep);
      }
      if (command !== 'migration' || !options.interactive || (resumed && resumed.plan !== '')) return;
      if (book.answered().length > 0) return;
      const { signal } = ending;
      early = book
        .converse({ ...asker, select: (question) => asker.select({ ...question, signal }) }, askKind)
        .catch((reason: unknown) => {
          if (!signal.aborted) leave(reason);
        });
    },
    free: () => early,
    async ask(schema, _earlier, names, capabilities) {
      context = wordsContext(schema, names);
      await early;
      // A plan is taken as it is until one of its answers is changed.
      if (resumed && resumed.plan !== '') {
        const parsed = await parsePlan(resumed.plan, { file: `draft ${resumed.id}`, byField: true });
        plan = parsed.plan;
        resumed = { ...resumed, plan: '' };
        return parsed;
      }
      checks ??= postgresTypeCheck(schema);
      const against = { schema, postgres: checks, capabilities, hasCode: command === 'crud' };
      const answer = await book.converse<Plan | ObjectName>(asker, async (remembering) => {
        if (command !== 'crud') return askPlan(remembering, against);
        const domain = await askDomain(remembering, against);
        authentication = options.hasAuthentication ? undefined : await askAuthentication(remembering);
        return 'documents' in domain ? withAuthentication(domain, authentication) : domain;
      });
      if (!('documents' in answer)) {
        existing.splice(0, existing.length, answer);
        return NO_PLAN;
      }
      plan = answer;
      return parsePlan(printPlan(plan), { file: '<interview>', byField: true });
    },
    async confirm(draft) {
      await keeping;
      const answers = book.answered().length > 0 ? book : undefined;
      const answer = await askAboutDraft(asker, draft, { color, answers });
      isToRunAgain = answer === 'again';
      return answer === 'again' ? 'leave' : answer;
    },
    async confirmCode(drafted) {
      await keeping;
      asker.say(renderCode(drafted, { color, diff: true }));
      return asker.confirm({ message: 'Write these files?', default: true });
    },
    askStack: (question, names) =>
      asker.select({ message: question, choices: names.map((name) => ({ name, value: name })) }),
    again(refusal) {
      if (refusal === undefined) {
        const wanted = isToRunAgain;
        isToRunAgain = false;
        return wanted;
      }
      if (!(refusal instanceof TableplanError) || !refusal.code.startsWith('plan-')) return false;
      const key = answerOfField(refusal.at?.field, plan, book.answered());
      if (key === undefined) return false;
      asker.say(renderError(refusal, { color }));
      book.reopen(key, refusal.message);
      return true;
    },
    kept: () => ({ id, answers: book.answered() }),
    equivalent: (done) => equivalentCommand(done, { bin: `npx tableplan ${command}`, context }),
    async close() {
      ending.abort(new TableplanError('interrupted', 'There is nothing to ask about.'));
      await early;
      await keeping;
      await checks?.close();
    },
  };
}
